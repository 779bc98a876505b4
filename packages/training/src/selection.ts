import type { EpisodeSummary } from './episodes.ts';
import { search } from './limits.ts';
import { mean } from './statistics.ts';

/** A policy with what it did on the selection episodes. */
export interface Finalist {
  readonly weights: Float64Array;
  /** Mean return of the reward trained on; `-Infinity` when any is not finite. */
  readonly return: number;
  readonly episodes: readonly EpisodeSummary[];
}

/** How many episodes policies are compared on, given the length of the longest. */
export function selectionEpisodes(environmentSteps: number, maxEpisodeSteps: number): number {
  const affordable = Math.floor((search.selectionShare * environmentSteps) / maxEpisodeSteps);
  return Math.min(Math.max(affordable, search.minSelectionEpisodes), search.maxSelectionEpisodes);
}

/** Mean return over episodes; a policy with a return that is no finite number ranks under every other. */
export function rankingReturn(returns: readonly number[]): number {
  const value = mean(returns);
  return Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
}

/** The finalists with one more, best first, no more than are kept. An equal newcomer stands behind. */
export function admit(finalists: readonly Finalist[], newcomer: Finalist): readonly Finalist[] {
  const better = finalists.filter((finalist) => finalist.return >= newcomer.return);
  return [...better, newcomer, ...finalists.slice(better.length)].slice(0, search.finalists);
}
