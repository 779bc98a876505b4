import { limits } from '../limits.ts';
import { type Branch, distanceTo } from './branches.ts';
import type { Candidates } from './candidates.ts';
import type { Values } from './evaluate.ts';
import type { Episode, Walker } from './walk.ts';

/** What a search for one way looks at and may change. */
export interface Target {
  readonly branch: Branch;
  /** Columns that the way depends on. */
  readonly columns: readonly number[];
  /** Whether it depends on what memory carries. */
  readonly keeps: boolean;
  /** Steps of an episode. */
  readonly length: number;
}

/** Takes an episode that goes the way; false when it is of no use and the search has to go on. */
export type Offer = (episode: Episode, steps: readonly Values[]) => boolean;

/** An episode by the step that came closest to a way. */
interface Closest {
  readonly episode: Episode;
  readonly distance: number;
  readonly at: number;
}

/** Starts of a search: from what is known, from the best of some draws, from one draw. */
const STARTS = [60, 30, 1] as const;

/**
 * Looks for an episode that goes one way: changes what the way depends on as long as it comes closer, and where one
 * column moves the distance evenly, goes at once to where it would be 0.
 */
export class Moves {
  readonly #walker: Walker;
  readonly #candidates: Candidates;

  constructor(walker: Walker, candidates: Candidates) {
    this.#walker = walker;
    this.#candidates = candidates;
  }

  /** `known` are episodes to start from: they went part of the way. */
  towards(target: Target, known: readonly Episode[], offer: Offer): void {
    if (target.columns.length === 0 && !target.keeps) return;
    for (const [turn, draws] of STARTS.entries()) {
      const drawn = Array.from({ length: draws }, () => this.#draw(target.length));
      const starts = turn === 0 ? [...known.slice(-draws), ...drawn.slice(0, 1)] : drawn;
      if (this.#from(target, starts, offer)) return;
    }
    if (target.keeps) this.#prolong(target, known, offer);
  }

  #draw(length: number): Episode {
    return Array.from({ length }, () => this.#candidates.row(0));
  }

  #closest({ branch }: Target, episode: Episode, steps = this.#walker.steps(episode)): Closest {
    const distances = steps.map((values) => distanceTo(branch, values));
    const distance = Math.min(...distances);
    return { episode, distance, at: distances.indexOf(distance) };
  }

  #from(target: Target, starts: readonly Episode[], offer: Offer): boolean {
    let best: Closest | null = null;
    const consider = (episode: Episode): boolean => {
      const steps = this.#walker.steps(episode);
      const found = this.#closest(target, episode, steps);
      if (found.distance === 0 && offer(episode, steps)) return true;
      if (best === null || found.distance <= best.distance) best = found;
      return false;
    };
    if (starts.some(consider)) return true;
    for (let move = 0; move < limits.parityMoves && best !== null && this.#walker.work < limits.parityWork; move += 1) {
      const next = move % 3 === 0 ? this.#straight(best, target) : this.#moved(best, target);
      if (next !== null && consider(next)) return true;
    }
    return false;
  }

  /** An episode with one step changed, mostly the closest one, or with one step all along. */
  #moved({ episode, at: closest }: Closest, { columns, length }: Target): Episode {
    const candidates = this.#candidates;
    const at = candidates.below(4) === 0 ? candidates.below(length) : closest;
    const from = episode[at];
    if (from === undefined || columns.length === 0 || (length > 1 && candidates.below(4) === 0)) {
      return episode.map((row) => from ?? row);
    }
    const isJoint = columns.length > 1 && candidates.below(3) === 0;
    const made = isJoint ? candidates.changedTogether(from, columns) : candidates.changed(from, columns);
    return episode.map((row, step) => (step === at ? made : row));
  }

  /** The step moved along one column to where the distance would be 0 if it went on as it does beside here (secant). */
  #straight({ episode, at, distance }: Closest, target: Target): Episode | null {
    const column = target.columns[this.#candidates.below(target.columns.length)] ?? -1;
    const from = episode[at];
    const side = column < 0 ? 0 : this.#candidates.step(column);
    if (from === undefined || side === 0) return null;
    const to = (value: number): Episode => {
      const made = from.slice();
      made[column] = value;
      return episode.map((row, step) => (step === at ? made : row));
    };
    const here = from[column] ?? 0;
    const slope = (this.#closest(target, to(here + side)).distance - distance) / side;
    const length = -distance / slope;
    if (!Number.isFinite(length)) return null;
    // Where an equality is wanted, at a number of few digits if it is one but for rounding.
    const past = [0, 1e-9, 1e-3][this.#candidates.below(3)] ?? 0;
    return to(past === 0 ? Number((here + length).toPrecision(12)) : here + length * (1 + past));
  }

  /** What memory counts grows while one step is repeated: goes on with the steps that bring the way closer, for long. */
  #prolong(target: Target, known: readonly Episode[], offer: Offer): void {
    const rows = new Set([...known.flat(), ...this.#draw(limits.parityFewestSteps)]);
    for (const row of rows) {
      if (this.#walker.work > limits.parityWork) return;
      const short = this.#distances(target, row, limits.parityEpisodeSteps);
      const [before, after] = [short.at(-3) ?? 0, short.at(-1) ?? 0];
      const needed = short.length + (2 * after) / (before - after) + 2;
      if (!(before > after) || needed > limits.parityLongestEpisode) continue;
      const distances = this.#distances(target, row, Math.ceil(needed));
      const arrived = distances.indexOf(0);
      if (arrived === -1) continue;
      const episode = Array.from({ length: arrived + 1 }, () => row);
      if (offer(episode, this.#walker.steps(episode))) return;
    }
  }

  #distances({ branch }: Target, row: Float64Array, length: number): readonly number[] {
    const episode = Array.from({ length }, () => row);
    return this.#walker.steps(episode).map((values) => distanceTo(branch, values));
  }
}
