import type { Node } from '../ir/node.ts';
import type { RewardProgram } from '../ir/program.ts';
import type { ScalarProgram } from '../ir/scalarise.ts';
import { limits } from '../limits.ts';
import { Evaluation, type Values } from './evaluate.ts';
import { magnitude } from './magnitude.ts';

export type Episode = readonly Float64Array[];

/** For outputs whose terms cancel at a step: how large the terms are. */
export type Scales = Readonly<Record<string, number>>;

/** An episode with what every node was at each of its steps. */
export interface Walked {
  readonly episode: Episode;
  readonly steps: readonly Values[];
  readonly scales: readonly Scales[];
}

/**
 * The share of a value by which the last places of `Math` may move it before the step is left out: a tenth of what the
 * self-checks of the exports allow. Where terms cancel it is a share of theirs.
 */
const STEADY = 1e-10;
const LARGEST_NUDGE = 2 ** -50;
const NUDGES: readonly number[] = [2 ** -52, -(2 ** -52), 2 ** -51, -(2 ** -51), LARGEST_NUDGE];

/** Walks episodes through a program: as it is, and as other languages may round its functions. */
export class Walker {
  readonly evaluation: Evaluation;
  /** Operations evaluated so far. */
  work = 0;
  readonly #program: RewardProgram;
  readonly #scalar: ScalarProgram;
  readonly #nudged: readonly Evaluation[];
  readonly #outputs: readonly { readonly name: string; readonly node: Node }[];

  constructor(program: RewardProgram, scalar: ScalarProgram, column: (node: Node) => number) {
    this.#program = program;
    this.#scalar = scalar;
    const evaluation = (nudge: number): Evaluation => new Evaluation(scalar, program.params, column, nudge);
    this.evaluation = evaluation(0);
    this.#nudged = NUDGES.map(evaluation);
    this.#outputs = [...scalar.components, { name: 'total', node: scalar.total }];
  }

  steps(episode: Episode): readonly Values[] {
    let memory: ReadonlyMap<string, number> = this.#program.memory;
    this.work += episode.length * this.evaluation.work;
    return episode.map((row) => {
      const values = this.evaluation.at(row, memory);
      memory = this.evaluation.carried(values);
      return values;
    });
  }

  /**
   * The episode with every step drawn anew that the last place of a function decides, given the steps before it, or on
   * which plain JavaScript throws; null where no such step is found to go on with.
   */
  steadied(episode: Episode, draw: () => Float64Array): Walked | null {
    const evaluations = [this.evaluation, ...this.#nudged];
    let memories: readonly ReadonlyMap<string, number>[] = evaluations.map(() => this.#program.memory);
    const rows: Float64Array[] = [];
    const steps: Values[] = [];
    const scales: Scales[] = [];
    const walk = (row: Float64Array): boolean => {
      this.work += evaluations.length * this.evaluation.work;
      const [values, ...moved] = evaluations.map((evaluation, index) =>
        evaluation.at(row, memories[index] ?? this.#program.memory),
      );
      if (values === undefined) return false;
      const found = this.#scales(values, moved);
      if (found === null || !this.#scalar.insideTables.every((node) => values.get(node) === true)) return false;
      memories = evaluations.map((evaluation, index) =>
        evaluation.carried(index === 0 ? values : (moved[index - 1] ?? values)),
      );
      rows.push(row);
      steps.push(values);
      scales.push(found);
      return true;
    };
    for (const row of episode) {
      let isSteady = walk(row);
      for (let count = 0; count < limits.parityRedraws && !isSteady; count += 1) isSteady = walk(draw());
      if (!isSteady) return null;
    }
    return { episode: rows, steps, scales };
  }

  /** The scales of a step that its last places do not decide; null for one that they do. */
  #scales(values: Values, moved: readonly Values[]): Scales | null {
    const scales: Record<string, number> = {};
    const known = new Map<Node, number>();
    const isSteady = (node: Node, name?: string): boolean => {
      const value = Number(values.get(node));
      const others = moved.map((other) => Number(other.get(node)));
      if (others.every((other) => Object.is(other, value))) return true;
      const scale = magnitude(node, values, known);
      // Errors that happen to cancel here need not do so elsewhere.
      const isSmall = Math.abs(value) * STEADY < scale * LARGEST_NUDGE;
      if (!isSmall && others.every((other) => isClose(other, value, Math.abs(value)))) return true;
      if (!others.every((other) => isClose(other, value, scale))) return false;
      if (name !== undefined) scales[name] = scale;
      return true;
    };
    const areSteady =
      this.#outputs.every(({ name, node }) => isSteady(node, name)) &&
      this.#scalar.memory.every(({ node }) => isSteady(node));
    return areSteady ? scales : null;
  }
}

function isClose(x: number, y: number, scale: number): boolean {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  return x === y || Math.abs(x - y) <= STEADY * scale;
}
