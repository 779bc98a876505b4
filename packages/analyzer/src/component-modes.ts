import type { Finding } from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, range } from './analysis.ts';
import { typicalRun } from './facts.ts';
import { limits } from './limits.ts';

/** Components that never changed in the sampled episodes. */
export const flatComponent: FailureMode = ({ episodes }) =>
  Object.keys(episodes[0]?.components ?? {}).flatMap((name): readonly Finding[] => {
    if (name === 'total') return [];
    const values = episodes.flatMap((episode) => episode.components[name] ?? []);
    if (values.length === 0 || range(values) > 0) return [];
    // A penalty that a policy which succeeds never meets has done its work.
    if (values[0] === 0 && episodes.every(({ succeeded }) => succeeded)) return [];
    return [
      {
        code: 'component-flat',
        severity: 'warning',
        component: name,
        message: `${name} was ${values[0]} on every step of the trained policy's episodes.`,
        advice: 'It gave no signal: reward the way to where it becomes active, or drop it.',
        evidence: episodes.map((episode, index) => ({
          episode: index,
          fromStep: 0,
          toStep: Math.max(0, lengthOf(episode) - 1),
          values: { [name]: values[0] ?? 0 },
        })),
      },
    ];
  });

/**
 * A component that has nearly all of the reward's variance between episodes at the end of training: the rest cannot be felt. What
 * does not vary decides nothing, however large it is; and in a policy that always succeeds one component may do all the work.
 */
export const dominatingComponent: FailureMode = ({ runs, episodes }) => {
  if (episodes.length > 0 && episodes.every(({ succeeded }) => succeeded)) return [];
  const last = typicalRun(runs)?.checkpoints.at(-1);
  const variances = Object.entries(last?.components ?? {}).map(([name, { standardDeviation }]) => ({
    name,
    variance: standardDeviation ** 2,
  }));
  const total = variances.reduce((sum, { variance }) => sum + variance, 0);
  if (variances.length < 2 || total === 0) return [];
  return variances
    .filter(({ variance }) => variance / total > limits.dominating)
    .map(
      ({ name, variance }): Finding => ({
        code: 'component-dominating',
        severity: 'warning',
        component: name,
        message: `${name} has ${((100 * variance) / total).toFixed(1)}% of the components' variance at the end of training.`,
        advice: 'Scale it down, so that the other components can be felt.',
      }),
    );
};
