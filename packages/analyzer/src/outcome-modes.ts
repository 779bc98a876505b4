import { type FailureMode, lengthOf, mean } from './analysis.ts';
import { limits } from './limits.ts';

/** No measured episode met the success condition. */
export const neverReached: FailureMode = ({ runs, episodes }) => {
  if (runs.length === 0 || runs.some((run) => run.successRate > 0)) return [];
  const measured = runs.reduce((total, run) => total + run.episodes, 0);
  return [
    {
      code: 'never-reached',
      severity: 'warning',
      message: `The trained policy met the success condition in none of ${measured} episodes.`,
      advice: 'Reward progress towards the condition, so that the way there pays before the goal does.',
      evidence: episodes.map((episode, index) => ({
        episode: index,
        fromStep: 0,
        toStep: Math.max(0, lengthOf(episode) - 1),
        values: { fitness: episode.fitness },
      })),
    },
  ];
};

/** Episodes that failed long before their time was up. */
export const endedEarly: FailureMode = ({ environment, episodes }) => {
  const early = episodes.flatMap((episode, index) => {
    const steps = lengthOf(episode);
    const failed = episode.terminated && !episode.succeeded && steps < limits.earlyShare * environment.maxEpisodeSteps;
    return failed ? [{ index, steps, fitness: episode.fitness }] : [];
  });
  if (early.length === 0) return [];
  return [
    {
      code: 'ended-early',
      severity: 'warning',
      message: `${early.length} of ${episodes.length} sampled episodes ended by failure after ${mean(early.map(({ steps }) => steps)).toFixed(0)} of ${environment.maxEpisodeSteps} steps.`,
      advice:
        'Cost the failure, or pay for staying clear of what ends the episode; a cost per step alone rewards an early end.',
      evidence: early.map(({ index, steps, fitness }) => ({
        episode: index,
        fromStep: Math.max(0, steps - 1),
        toStep: Math.max(0, steps - 1),
        values: { fitness },
      })),
    },
  ];
};

function slope(values: readonly number[]): number {
  const half = Math.floor(values.length / 2);
  return mean(values.slice(half)) - mean(values.slice(0, half));
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/**
 * The return rises over the second half of training while fitness falls: the policy learns something else than the
 * task (Amodei et al. 2016, reward hacking).
 */
export const rewardHacking: FailureMode = ({ runs }) =>
  runs.flatMap((run) => {
    const returns = run.checkpoints.map((checkpoint) => checkpoint.return);
    const fitness = run.checkpoints.map((checkpoint) => checkpoint.fitness);
    const rises = slope(returns) > limits.rising * deviation(returns) && deviation(returns) > 0;
    const falls = slope(fitness) < -limits.rising * deviation(fitness) && deviation(fitness) > 0;
    const [first, last] = [run.checkpoints[0], run.checkpoints.at(-1)];
    if (!rises || !falls || first === undefined || last === undefined) return [];
    const growth = Object.entries(last.components)
      .map(([name, statistics]) => ({ name, by: statistics.mean - (first.components[name]?.mean ?? 0) }))
      .toSorted((a, b) => b.by - a.by)[0];
    return [
      {
        code: 'reward-hacking',
        severity: 'warning' as const,
        message: `Over training the return rose from ${first.return.toPrecision(3)} to ${last.return.toPrecision(3)} while fitness fell from ${first.fitness.toPrecision(3)} to ${last.fitness.toPrecision(3)}.`,
        advice: 'Change the component that grew the most, so that it cannot be collected without the task.',
        ...(growth === undefined ? {} : { component: growth.name }),
      },
    ];
  });
