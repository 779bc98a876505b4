import type { ColumnReference } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { RewardProgram } from '../ir/program.ts';
import { reachable } from '../ir/reachable.ts';
import { type ScalarProgram, scalarise } from '../ir/scalarise.ts';
import { limits } from '../limits.ts';
import { type Branch, branchesOf, wayTaken } from './branches.ts';
import { Candidates, type Random } from './candidates.ts';
import { columnOf } from './columns.ts';
import type { Values } from './evaluate.ts';
import { Moves, type Target } from './move.ts';
import { possibleWays } from './possible.ts';
import { type Episode, type Scales, type Walked, Walker } from './walk.ts';

/** Steps on which a copy of a reward can be checked: one row a step, in the columns of `layout`. */
export interface ParitySteps {
  readonly layout: readonly ColumnReference[];
  /** One step each where the program keeps no memory; longer ones where what memory counts has to grow. */
  readonly episodes: readonly Episode[];
  /** For each step, the outputs whose terms cancel there, with the size of the terms. */
  readonly scales: readonly (readonly Scales[])[];
  /** Ways that the graph can go: conditions, extremes and bounds, without those that no step can go. */
  readonly branches: number;
  readonly covered: number;
}

/**
 * Chooses steps that go every way of a program's graph that a search finds: drawn steps first, then steps that are moved
 * towards a way not gone yet, by how far the compared numbers are apart. Steps on which the last place of a `Math`
 * function decides the result are left out: another language may rightly answer otherwise there.
 */
export function chooseParitySteps(program: RewardProgram, random: Random): ParitySteps {
  return new Choice(program, random).run();
}

class Choice {
  readonly #program: RewardProgram;
  readonly #scalar: ScalarProgram;
  readonly #walker: Walker;
  readonly #candidates: Candidates;
  readonly #branches: readonly Branch[];
  readonly #length: number;
  readonly #column: (node: Node) => number;
  readonly #left: Set<Branch>;
  readonly #chosen: Walked[] = [];
  #steps = 0;

  constructor(program: RewardProgram, random: Random) {
    this.#program = program;
    this.#scalar = scalarise(program);
    const { environment, params, memory } = program;
    const column = columnOf(environment);
    this.#column = column;
    this.#walker = new Walker(program, this.#scalar, column);
    const { nodes } = this.#walker.evaluation;
    this.#branches = branchesOf(nodes).filter(possibleWays(this.#scalar, environment, params, memory, nodes));
    this.#left = new Set(this.#branches);
    this.#length = memory.size === 0 ? 1 : limits.parityEpisodeSteps;
    this.#candidates = new Candidates(environment, this.#numbers(), this.#indices(), random);
  }

  run(): ParitySteps {
    let fruitless = 0;
    const mayDraw = (): boolean =>
      this.#walker.work <= limits.parityWork && fruitless * this.#length < limits.parityDraws;
    while (this.#left.size > 0 && mayDraw()) {
      const before = this.#left.size;
      this.#keepIfNew(this.#draw(fruitless % 4 === 3 ? 0.3 : 0));
      fruitless = this.#left.size < before ? 0 : fruitless + 1;
    }
    const moves = new Moves(this.#walker, this.#candidates);
    for (const branch of this.#branches) {
      if (!this.#left.has(branch) || this.#walker.work > limits.parityWork) continue;
      const known = this.#chosen.map(({ episode }) => episode);
      moves.towards(this.#target(branch), known, (episode, steps) => {
        this.#keepIfNew(episode, steps);
        return !this.#left.has(branch);
      });
    }
    let vain = 0;
    const most = this.#walker.work + limits.parityWork;
    while (this.#steps < limits.parityFewestSteps && vain < limits.parityDraws && this.#walker.work <= most) {
      const steady = this.#steadied(this.#draw(this.#chosen.length % 3 === 2 ? 0.3 : 0));
      if (steady === null) vain += 1;
      else this.#keep(steady);
    }
    return {
      layout: this.#candidates.layout,
      episodes: this.#chosen.map(({ episode }) => episode),
      scales: this.#chosen.map(({ scales }) => scales),
      branches: this.#branches.length,
      covered: this.#branches.length - this.#left.size,
    };
  }

  #numbers(): readonly number[] {
    const constants = this.#walker.evaluation.nodes.flatMap((node) =>
      node.op === 'constant' && typeof node.value === 'number' && Number.isFinite(node.value) ? [node.value] : [],
    );
    return [...constants, ...this.#program.params.values()];
  }

  /** The columns that entries of tables are looked up by, each with the last of its table. */
  #indices(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (const node of reachable(this.#scalar.insideTables)) {
      const [index, entry] = node.args;
      if (node.op !== 'binary' || node.operator !== '===' || entry?.op !== 'constant') continue;
      const place = index?.op === 'input' || index?.op === 'take' ? this.#column(index) : -1;
      if (place >= 0) found.set(place, Math.max(found.get(place) ?? 0, Number(entry.value)));
    }
    return found;
  }

  #draw(hostile: number): Episode {
    return Array.from({ length: this.#length }, () => this.#candidates.row(hostile));
  }

  #steadied(episode: Episode): Walked | null {
    return this.#walker.steadied(episode, () => this.#candidates.row(0));
  }

  /** Keeps an episode that goes a way not gone yet, once its unsteady steps are others. */
  #keepIfNew(episode: Episode, steps = this.#walker.steps(episode)): void {
    const isLong = episode.length > this.#length;
    const room = isLong ? limits.parityMostLongSteps : limits.parityMostSteps;
    if (this.#left.size === 0 || this.#steps + episode.length > room) return;
    if (this.#gone(steps).length === 0) return;
    const steady = this.#steadied(episode);
    if (steady !== null && this.#gone(steady.steps).length > 0) this.#keep(steady);
  }

  #gone(steps: readonly Values[]): readonly Branch[] {
    const taken = new Map<Node, ReadonlySet<number>>();
    // An extreme of many has as many ways, and is looked at once for all of them.
    const waysOf = (node: Node): ReadonlySet<number> => {
      const known = taken.get(node) ?? new Set(steps.map((values) => wayTaken(node, values)));
      taken.set(node, known);
      return known;
    };
    return [...this.#left].filter(({ node, way }) => waysOf(node).has(way));
  }

  #keep(walked: Walked): void {
    for (const branch of this.#gone(walked.steps)) this.#left.delete(branch);
    this.#chosen.push(walked);
    this.#steps += walked.episode.length;
  }

  #target(branch: Branch): Target {
    const cone = new Set(reachable([branch.node]));
    const keeps = [...cone].some(({ op }) => op === 'memory');
    if (keeps) for (const each of reachable(this.#scalar.memory.map(({ node }) => node))) cone.add(each);
    const columns = [...cone].map(this.#column).filter((place) => place >= 0);
    return { branch, columns: [...new Set(columns)], keeps, length: this.#length };
  }
}
