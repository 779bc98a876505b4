import type { Checkpoint, ComponentStatistics } from '@rewardsmith/contracts';
import type { EpisodeSummary } from './episodes.ts';

/** The mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

/** Statistics over the finite values alone, as JSON has no other numbers; zeros when there are none. */
export function statistics(values: readonly number[]): ComponentStatistics {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { mean: 0, min: 0, max: 0, standardDeviation: 0 };
  const centre = mean(finite);
  return {
    mean: centre,
    min: Math.min(...finite),
    max: Math.max(...finite),
    standardDeviation: Math.sqrt(mean(finite.map((value) => (value - centre) ** 2))),
  };
}

/** The policy that is best so far, seen through its selection episodes. */
export function checkpoint(environmentSteps: number, episodes: readonly EpisodeSummary[]): Checkpoint {
  const names = [...(episodes[0]?.components.keys() ?? [])];
  return {
    environmentSteps,
    return: statistics(episodes.map((episode) => episode.return)).mean,
    fitness: mean(episodes.map((episode) => episode.fitness)),
    episodeLength: mean(episodes.map((episode) => episode.length)),
    components: Object.fromEntries(
      names.map((name) => [name, statistics(episodes.map((episode) => episode.components.get(name) ?? 0))]),
    ),
  };
}
