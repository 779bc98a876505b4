import type { LabelledEpisode } from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, mean, range } from './analysis.ts';
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

/** The fields whose last value is the most extreme of its episode, in every one of these episodes: what ended them, most likely. */
function endedWith(episodes: readonly LabelledEpisode[]): string {
  const names = Object.keys(episodes[0]?.columns ?? {}).filter((name) => name.startsWith('next.'));
  const extreme = names.flatMap((name) => {
    const columns = episodes.map((episode) => episode.columns[name] ?? []);
    const outermost = (values: readonly number[]) => {
      const last = Math.abs(values.at(-1) ?? 0);
      return range(values) > 0 && values.every((value) => Math.abs(value) <= last);
    };
    return columns.every(outermost)
      ? [`${name} at ${mean(columns.map((values) => Math.abs(values.at(-1) ?? 0))).toPrecision(3)}`]
      : [];
  });
  return extreme.length === 0 ? '' : `, with the size of ${extreme.slice(0, 3).join(' and of ')}, its largest`;
}

/** Episodes that failed long before their time was up. */
export const endedEarly: FailureMode = ({ environment, episodes }) => {
  const early = episodes.flatMap((episode, index) => {
    const steps = lengthOf(episode);
    const failed = episode.terminated && !episode.succeeded && steps < limits.earlyShare * environment.maxEpisodeSteps;
    return failed ? [{ episode, index, steps, fitness: episode.fitness }] : [];
  });
  if (early.length === 0) return [];
  return [
    {
      code: 'ended-early',
      severity: 'warning',
      message: `${early.length} of ${episodes.length} sampled episodes ended by failure after ${mean(early.map(({ steps }) => steps)).toFixed(0)} of ${environment.maxEpisodeSteps} steps${endedWith(early.map(({ episode }) => episode))}.`,
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
