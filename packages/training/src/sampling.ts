import { deriveSeed } from '@rewardsmith/environments';
import { type EpisodeSummary, sum } from './episodes.ts';

/** Steps of all episodes. */
export function stepsOf(episodes: readonly EpisodeSummary[]): number {
  return sum(episodes.map(({ length }) => length));
}

/** Seeds of independent episodes. */
export function seeds(count: number, ...path: readonly number[]): number[] {
  return Array.from({ length: count }, (_, index) => deriveSeed(...path, index));
}

/** Indices of the best, the worst and the median episode by fitness, without repetition. */
export function sampleEpisodes(episodes: readonly EpisodeSummary[]): number[] {
  const order = episodes.map((_, index) => index);
  order.sort((a, b) => (episodes[b]?.fitness ?? 0) - (episodes[a]?.fitness ?? 0));
  return [...new Set([order[0], order.at(-1), order[Math.floor(order.length / 2)]])].filter(
    (index) => index !== undefined,
  );
}
