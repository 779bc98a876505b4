import type { LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import { type AnalysisInput, mean, type Rival, sumOf } from './analysis.ts';
import { typicalRun } from './facts.ts';
import { limits } from './limits.ts';

/** A reward pays its own policy's failure at least as much as it pays another policy's success. */
export interface Preference {
  readonly rival: Rival;
  /** Indices of the own episodes that fail beside the rival's. */
  readonly failing: readonly number[];
  /** Mean returns of those, and of the rival's good episodes. */
  readonly paid: { readonly failure: number; readonly success: number };
  /** The component that makes the difference, and its mean episode sums. */
  readonly component: string;
  readonly sums: { readonly failure: number; readonly success: number };
}

/** The worst fitness that is known of the task: what doing nothing is worth, or a policy that does harm. */
export function worstKnown(run: TrainingRun, others: readonly number[]): number {
  const { fitness, untrainedFitness = fitness, checkpoints } = run;
  return Math.min(fitness, untrainedFitness, ...others, ...checkpoints.map((checkpoint) => checkpoint.fitness));
}

/**
 * Whether a policy fails where the rival does not: by much of the range of fitness from `floor`, the worst that is known, or
 * by success, which says nothing in a task with a fitness of its own.
 */
export function failsBeside(
  run: Pick<TrainingRun, 'fitness' | 'successRate'>,
  rival: Pick<Rival, 'fitness' | 'successRate'>,
  floor: number,
  ownFitness: boolean,
): boolean {
  if (run.fitness >= rival.fitness) return false;
  if (!ownFitness && rival.successRate - run.successRate >= limits.successGap) return true;
  return run.fitness - floor < limits.failingShare * (rival.fitness - floor);
}

function meanSum(episodes: readonly LabelledEpisode[], component: string): number {
  return mean(episodes.map((episode) => sumOf(episode, component)));
}

const totals = (episodes: readonly LabelledEpisode[]): readonly number[] =>
  episodes.map((episode) => sumOf(episode, 'total'));

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

function comparedWith(rival: Rival, run: TrainingRun, episodes: readonly LabelledEpisode[]): Preference | undefined {
  const halfway = (run.fitness + rival.fitness) / 2;
  const failing = episodes.flatMap((episode, index) => (episode.fitness <= halfway ? [index] : []));
  const bad = episodes.filter((_, index) => failing.includes(index));
  const good = rival.episodes.filter((episode) => episode.fitness > halfway);
  if (bad.length === 0 || good.length === 0) return undefined;
  const [failures, successes] = [totals(bad), totals(good)];
  // The mean return of all its episodes, of which the sampled ones show the spread.
  const paid = { failure: run.return, success: mean(successes) };
  const error = Math.hypot(
    deviation(failures) / Math.sqrt(run.episodes),
    deviation(successes) / Math.sqrt(successes.length),
  );
  const more = paid.failure - paid.success > limits.clearErrors * error;
  const tied = paid.failure > 0 && Math.min(...failures) >= (1 - limits.indifferent) * Math.max(...successes);
  if (!more && !tied) return undefined;
  const [most] = Object.keys(bad[0]?.components ?? {})
    .filter((name) => name !== 'total')
    .map((name) => ({ name, failure: meanSum(bad, name), success: meanSum(good, name) }))
    .toSorted((a, b) => b.failure - b.success - (a.failure - a.success));
  if (most === undefined) return undefined;
  return { rival, failing, paid, component: most.name, sums: { failure: most.failure, success: most.success } };
}

/**
 * Whether the reward is hackable, and has been hacked: a policy trained on it fails beside another known policy, and the
 * reward pays it no less than that one (Skalse et al. 2022, Defining and Characterizing Reward Hacking: a pair of policies
 * that reward and true return order differently). A training that merely did not find what the reward pays most is not that.
 * The best rival speaks first.
 */
export function preferenceForFailure({
  runs,
  episodes,
  rivals = [],
  ownFitness = false,
}: AnalysisInput): Preference | undefined {
  const run = typicalRun(runs);
  if (run === undefined) return undefined;
  const floor = worstKnown(
    run,
    rivals.map(({ fitness }) => fitness),
  );
  const [best] = rivals
    .filter((rival) => rival.episodes.length > 0 && failsBeside(run, rival, floor, ownFitness))
    .toSorted((a, b) => b.fitness - a.fitness);
  return best === undefined ? undefined : comparedWith(best, run, episodes);
}
