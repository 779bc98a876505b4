import type { Environment, Finding, LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';

/** What a policy trained on another reward does, with the components of the reward that is judged beside it. */
export interface Rival {
  /** Its mean episode fitness, and the share of its episodes that succeeded. */
  readonly fitness: number;
  readonly successRate: number;
  readonly episodes: readonly LabelledEpisode[];
}

export interface AnalysisInput {
  readonly environment: Environment;
  readonly runs: readonly TrainingRun[];
  /** Episodes of the trained policy, with the reward's components beside them. */
  readonly episodes: readonly LabelledEpisode[];
  /**
   * How clearly the success condition is met after each step of each episode, positive when it is; absent where the
   * condition has no such measure. Only differences and the sign are used.
   */
  readonly margins?: readonly (readonly number[])[];
  /** Whether the task has a fitness of its own, of which the environment's success condition says nothing. */
  readonly ownFitness?: boolean;
  /** What policies of other rewards do in the same task; without them nothing can be said of what the reward prefers. */
  readonly rivals?: readonly Rival[];
}

/** One failure mode: what it looks for, and what it found. Every finding points at episodes and steps, or at checkpoints. */
export type FailureMode = (input: AnalysisInput) => readonly Finding[];

/** Sum of one component over an episode. */
export function sumOf(episode: LabelledEpisode, component: string): number {
  return (episode.components[component] ?? []).reduce((total, value) => total + value, 0);
}

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

/** Pearson's correlation; 0 when either side does not vary. */
export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [centreX, centreY] = [mean(xs), mean(ys)];
  const product = (as: readonly number[], a: number, bs: readonly number[], b: number) =>
    as.reduce((sum, value, index) => sum + (value - a) * ((bs[index] ?? 0) - b), 0);
  const spread = Math.sqrt(product(xs, centreX, xs, centreX) * product(ys, centreY, ys, centreY));
  return spread === 0 ? 0 : product(xs, centreX, ys, centreY) / spread;
}
