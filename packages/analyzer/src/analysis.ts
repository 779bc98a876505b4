import type { Environment, Finding, LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';

export interface AnalysisInput {
  readonly environment: Environment;
  readonly runs: readonly TrainingRun[];
  /** Episodes of the trained policy, with the reward's components beside them. */
  readonly episodes: readonly LabelledEpisode[];
}

/** One failure mode: what it looks for, and what it found. Every finding points at episodes and steps, or at checkpoints. */
export type FailureMode = (input: AnalysisInput) => readonly Finding[];

/** The number of steps of an episode. */
export function lengthOf(episode: LabelledEpisode): number {
  return Object.values(episode.columns)[0]?.length ?? 0;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

/** The width of the interval that holds every value; 0 for none. */
export function range(values: readonly number[]): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.length === 0 ? 0 : high - low;
}
