import { type ColumnReference, columnLayout } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { RewardProgram } from '../ir/program.ts';
import { reachable } from '../ir/reachable.ts';
import { type ScalarProgram, scalarise } from '../ir/scalarise.ts';
import { limits } from '../limits.ts';
import { type Branch, branchesOf, distanceTo, wayTaken } from './branches.ts';
import { Candidates, type Random } from './candidates.ts';
import { Evaluation, type Values } from './evaluate.ts';

/** Steps on which a copy of a reward can be checked: one row a step, in the columns of `layout`. */
export interface ParitySteps {
  readonly layout: readonly ColumnReference[];
  /** Episodes of one length; one step each where the program keeps no memory. */
  readonly episodes: readonly (readonly Float64Array[])[];
  /** Ways that the graph can go: conditions, extremes and bounds. Some cannot be reached by any step. */
  readonly branches: number;
  readonly covered: number;
}

/**
 * The share of a value by which the last places of `Math` may move it before the step is left out: a tenth of what the
 * self-checks of the exports allow.
 */
const STEADY = 1e-10;
const NUDGES: readonly number[] = [2 ** -52, -(2 ** -52), 2 ** -51, -(2 ** -51), 2 ** -50];

/**
 * Chooses steps that go every way of a program's graph that a search finds: drawn steps first, then steps that are moved
 * towards a way not gone yet, by how far the compared numbers are apart. Steps on which the last place of a `Math`
 * function decides the result are left out: another language may rightly answer otherwise there.
 */
export function chooseParitySteps(program: RewardProgram, random: Random): ParitySteps {
  return new Search(program, random).run();
}

type Episode = readonly Float64Array[];

/** An episode with what every node was at each of its steps. */
interface Walked {
  readonly episode: Episode;
  readonly steps: readonly Values[];
}

/** An episode by the step that came closest to a way. */
interface Closest {
  readonly episode: Episode;
  readonly distance: number;
  readonly at: number;
}

class Search {
  readonly #program: RewardProgram;
  readonly #scalar: ScalarProgram;
  readonly #evaluation: Evaluation;
  readonly #nudged: readonly Evaluation[];
  readonly #candidates: Candidates;
  readonly #branches: readonly Branch[];
  readonly #roots: readonly Node[];
  readonly #length: number;
  readonly #columns = new Map<Node, number>();
  readonly #left: Set<Branch>;
  readonly #chosen: Episode[] = [];

  constructor(program: RewardProgram, random: Random) {
    this.#program = program;
    this.#scalar = scalarise(program);
    const { components, total, memory } = this.#scalar;
    this.#roots = [...components, ...memory].map(({ node }) => node).concat(total);
    const layout = columnLayout(program.environment);
    const places = new Map(layout.map(({ role, field, index }, place) => [`${role} ${field} ${index}`, place]));
    const column = (node: Node): number => {
      const known = this.#columns.get(node);
      if (known !== undefined) return known;
      const source = node.op === 'take' ? node.args[0] : node;
      const index = node.op === 'take' ? (node.indices[0] ?? 0) : 0;
      const place = source?.op === 'input' ? (places.get(`${source.role} ${source.field} ${index}`) ?? -1) : -1;
      this.#columns.set(node, place);
      return place;
    };
    const evaluation = (nudge: number): Evaluation => new Evaluation(this.#scalar, program.params, column, nudge);
    this.#evaluation = evaluation(0);
    this.#nudged = NUDGES.map(evaluation);
    this.#branches = branchesOf(this.#evaluation.nodes);
    this.#left = new Set(this.#branches);
    this.#length = program.memory.size === 0 ? 1 : limits.parityEpisodeSteps;
    this.#candidates = new Candidates(program.environment, this.#numbers(), this.#indices(column), random);
  }

  run(): ParitySteps {
    let fruitless = 0;
    while (this.#left.size > 0 && fruitless * this.#length < limits.parityDraws) {
      const before = this.#left.size;
      this.#keepIfNew(this.#draw(fruitless % 4 === 3 ? 0.3 : 0));
      fruitless = this.#left.size < before ? 0 : fruitless + 1;
    }
    for (const branch of [...this.#left]) if (this.#left.has(branch)) this.#moveTowards(branch);
    let vain = 0;
    while (this.#chosen.length * this.#length < limits.parityFewestSteps && vain < limits.parityDraws) {
      const steady = this.#steadied(this.#draw(this.#chosen.length % 3 === 2 ? 0.3 : 0));
      if (steady === null) vain += 1;
      else this.#keep(steady);
    }
    return {
      layout: this.#candidates.layout,
      episodes: this.#chosen,
      branches: this.#branches.length,
      covered: this.#branches.length - this.#left.size,
    };
  }

  #numbers(): readonly number[] {
    const constants = this.#evaluation.nodes.flatMap((node) =>
      node.op === 'constant' && typeof node.value === 'number' && Number.isFinite(node.value) ? [node.value] : [],
    );
    return [...constants, ...this.#program.params.values()];
  }

  /** The columns that entries of tables are looked up by, each with the last of its table. */
  #indices(column: (node: Node) => number): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (const node of reachable(this.#scalar.insideTables)) {
      const [index, entry] = node.args;
      if (node.op !== 'binary' || node.operator !== '===' || entry?.op !== 'constant') continue;
      const place = index?.op === 'input' || index?.op === 'take' ? column(index) : -1;
      if (place >= 0) found.set(place, Math.max(found.get(place) ?? 0, Number(entry.value)));
    }
    return found;
  }

  #draw(hostile: number): Episode {
    return Array.from({ length: this.#length }, () => this.#candidates.row(hostile));
  }

  #steps(episode: Episode, evaluation = this.#evaluation): readonly Values[] {
    let memory: ReadonlyMap<string, number> = this.#program.memory;
    return episode.map((row) => {
      const values = evaluation.at(row, memory);
      memory = evaluation.carried(values);
      return values;
    });
  }

  /** Keeps an episode that goes a way not gone yet, once its unsteady steps are others. */
  #keepIfNew(episode: Episode, steps = this.#steps(episode)): void {
    if (this.#left.size === 0 || (this.#chosen.length + 1) * this.#length > limits.parityMostSteps) return;
    if (this.#gone(steps).length === 0) return;
    const steady = this.#steadied(episode);
    if (steady !== null && this.#gone(steady.steps).length > 0) this.#keep(steady);
  }

  #gone(steps: readonly Values[]): readonly Branch[] {
    return [...this.#left].filter(({ node, way }) => steps.some((values) => wayTaken(node, values) === way));
  }

  #keep({ episode, steps }: Walked): void {
    for (const branch of this.#gone(steps)) this.#left.delete(branch);
    this.#chosen.push(episode);
  }

  /**
   * The episode with every step drawn anew that the last place of a function decides, given the steps before it, or on
   * which plain JavaScript throws; null where no such step is found to go on with.
   */
  #steadied(episode: Episode): Walked | null {
    const evaluations = [this.#evaluation, ...this.#nudged];
    let memories: readonly ReadonlyMap<string, number>[] = evaluations.map(() => this.#program.memory);
    const rows: Float64Array[] = [];
    const steps: Values[] = [];
    const walk = (row: Float64Array): boolean => {
      const [values, ...moved] = evaluations.map((evaluation, index) =>
        evaluation.at(row, memories[index] ?? this.#program.memory),
      );
      if (values === undefined || !this.#isSteady(values, moved)) return false;
      if (!this.#scalar.insideTables.every((node) => values.get(node) === true)) return false;
      memories = evaluations.map((evaluation, index) =>
        evaluation.carried(index === 0 ? values : (moved[index - 1] ?? values)),
      );
      rows.push(row);
      steps.push(values);
      return true;
    };
    for (const row of episode) {
      let isSteady = walk(row);
      for (let draw = 0; draw < limits.parityRedraws && !isSteady; draw += 1) isSteady = walk(this.#candidates.row(0));
      if (!isSteady) return null;
    }
    return { episode: rows, steps };
  }

  #isSteady(values: Values, moved: readonly Values[]): boolean {
    return moved.every((other) => this.#roots.every((node) => isClose(other.get(node), values.get(node))));
  }

  /** Changes columns that a condition depends on, one at a time, as long as it comes closer. */
  #moveTowards(branch: Branch): void {
    const columns = this.#columnsOf(branch.node);
    if (columns.length === 0) return;
    const closest = (episode: Episode, steps = this.#steps(episode)): Closest => {
      const distances = steps.map((values) => distanceTo(branch, values));
      const distance = Math.min(...distances);
      return { episode, distance, at: distances.indexOf(distance) };
    };
    let best = closest(this.#draw(0));
    // What memory counts grows from steps that went part of the way.
    for (const episode of this.#length > 1 ? this.#chosen : []) {
      const found = closest(episode);
      if (found.distance < best.distance) best = found;
    }
    for (let move = 0; move < limits.parityMoves && this.#left.has(branch); move += 1) {
      const next = move % 50 === 49 ? this.#draw(0) : this.#moved(best, columns);
      const steps = this.#steps(next);
      const found = closest(next, steps);
      if (found.distance === 0) this.#keepIfNew(next, steps);
      if (found.distance <= best.distance) best = found;
    }
  }

  /** An episode with one step changed, mostly the closest one, or or with one step all along. */
  #moved({ episode, at: closest }: Closest, columns: readonly number[]): Episode {
    const at = this.#candidates.below(4) === 0 ? this.#candidates.below(this.#length) : closest;
    const from = episode[at];
    if (this.#length > 1 && from !== undefined && this.#candidates.below(4) === 0) {
      return episode.map(() => from);
    }
    return episode.map((row, step) => (step === at ? this.#candidates.changed(row, columns) : row));
  }

  #columnsOf(node: Node): readonly number[] {
    const seen = new Set<Node>();
    const visit = (each: Node): void => {
      if (seen.has(each)) return;
      seen.add(each);
      each.args.forEach(visit);
    };
    visit(node);
    const keeps = [...seen].some((each) => each.op === 'memory');
    if (keeps) for (const each of this.#scalar.memory) visit(each.node);
    return [...seen].map((each) => this.#columns.get(each) ?? -1).filter((place) => place >= 0);
  }
}

function isClose(a: number | boolean | undefined, b: number | boolean | undefined): boolean {
  const x = Number(a);
  const y = Number(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  return x === y || Math.abs(x - y) <= STEADY * Math.abs(y);
}
