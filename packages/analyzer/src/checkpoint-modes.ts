import type { TrainingRun } from '@rewardsmith/contracts';
import { type AnalysisInput, correlation, type FailureMode, mean } from './analysis.ts';
import { limits } from './limits.ts';

/** Means over the first half of training and the second. */
function halves(values: readonly number[]): readonly [number, number] {
  const half = Math.floor(values.length / 2);
  return [mean(values.slice(0, half)), mean(values.slice(half))];
}

/** The rise from the first half of training to the second. */
function slope(values: readonly number[]): number {
  const [early, late] = halves(values);
  return late - early;
}

/** How steadily values rise over the checkpoints, in [-1, 1]: their correlation with time. */
function trend(values: readonly number[]): number {
  return correlation(
    values,
    values.map((_, index) => index),
  );
}

const size = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** How the policy came to more reward, as far as episode lengths tell. */
function behaviour(run: TrainingRun): string {
  const lengths = run.checkpoints.map(({ episodeLength }) => episodeLength);
  const [first = 0, last = 0] = [lengths[0], lengths.at(-1)];
  if (last > (1 + limits.lengthChange) * first) {
    return ` Its episodes grew longer, from ${first.toFixed(0)} to ${last.toFixed(0)} steps.`;
  }
  if (last < (1 - limits.lengthChange) * first) {
    return ` Its episodes grew shorter, from ${first.toFixed(0)} to ${last.toFixed(0)} steps.`;
  }
  return '';
}

/** Whether a policy has come to nothing: no episode succeeds or, in a task with a fitness of its own, it does no better than nothing. */
function cameToNothing(
  { successRate, fitness, untrainedFitness, checkpoints }: TrainingRun,
  ownFitness: boolean,
): boolean {
  return ownFitness ? fitness <= (untrainedFitness ?? checkpoints[0]?.fitness ?? fitness) : successRate === 0;
}

/** Runs whose return rises over training, with how their fitness does meanwhile. */
function rising({ runs, ownFitness = false }: AnalysisInput) {
  return runs.flatMap((run) => {
    const returns = run.checkpoints.map((checkpoint) => checkpoint.return);
    const fitness = run.checkpoints.map((checkpoint) => checkpoint.fitness);
    const [first, last] = [run.checkpoints[0], run.checkpoints.at(-1)];
    const rises = slope(returns) > limits.rising * deviation(returns) && trend(returns) > limits.trend;
    if (!rises || first === undefined || last === undefined) return [];
    // What wavers by a few per cent from checkpoint to checkpoint has neither fallen nor grown.
    const falls = trend(fitness) < -limits.trend && slope(fitness) < -limits.changed * size(fitness);
    const grown = slope(returns) > limits.changed * size(returns);
    const stands = grown && cameToNothing(run, ownFitness) && slope(fitness) <= limits.followed * deviation(fitness);
    return [{ run, first, last, returns: halves(returns), fitness: halves(fitness), falls, stands }];
  });
}

type Rising = ReturnType<typeof rising>[number];

const short = (value: number): string => value.toPrecision(3);

/** What a rise says: from where to where, how fitness went, and the component that grew the most. */
function told({ run, first, last, returns, fitness }: Rising, went: (from: string, to: string) => string) {
  const growth = Object.entries(last.components)
    .map(([name, statistics]) => ({ name, by: statistics.mean - (first.components[name]?.mean ?? 0) }))
    .toSorted((a, b) => b.by - a.by)[0];
  const grown =
    growth === undefined
      ? 'what grew the most'
      : `${growth.name}, which grew the most (by ${short(growth.by)} an episode)`;
  return {
    severity: 'warning' as const,
    message: `From the first half of training to the second the return rose from ${short(returns[0])} to ${short(returns[1])} while fitness ${went(short(fitness[0]), short(fitness[1]))}.${behaviour(run)}`,
    advice: `Change ${grown}, so that it cannot be collected without the task.`,
    ...(growth === undefined ? {} : { component: growth.name }),
  };
}

/**
 * The return rises over training while fitness falls: the policy learns something else than the task (Amodei et al. 2016,
 * reward hacking). Names the component that grew the most.
 */
export const rewardAgainstFitness: FailureMode = (input) =>
  rising(input)
    .filter(({ falls }) => falls)
    .map((each) => ({
      code: 'reward-against-fitness',
      ...told(each, (from, to) => `fell from ${from} to ${to}`),
    }));

/** The return rises over training, the policy comes to nothing and fitness does not follow. Names the component that grew the most. */
export const rewardWithoutFitness: FailureMode = (input) =>
  rising(input)
    .filter(({ falls, stands }) => stands && !falls)
    .map((each) => ({
      code: 'reward-without-fitness',
      ...told(each, (from, to) => `did not rise with it (${from} to ${to})`),
    }));
