import type { Finding } from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, range } from './analysis.ts';
import { typicalRun } from './facts.ts';
import { limits } from './limits.ts';

/**
 * Components that never changed in the sampled episodes. One that is the same number other than 0 at every step still tells
 * long episodes from short ones: it is flat only where all are of one length.
 */
export const flatComponent: FailureMode = ({ episodes }) =>
  Object.keys(episodes[0]?.components ?? {}).flatMap((name): readonly Finding[] => {
    if (name === 'total') return [];
    const values = episodes.flatMap((episode) => episode.components[name] ?? []);
    const [value] = values;
    if (value === undefined || range(values) > 0) return [];
    // A penalty that a policy which succeeds never meets has done its work.
    if (value === 0 && episodes.every(({ succeeded }) => succeeded)) return [];
    const lengths = episodes.map(lengthOf);
    if (value !== 0 && range(lengths) > 0) return [];
    return [
      {
        code: 'component-flat',
        severity: 'warning',
        component: name,
        message:
          value === 0
            ? `${name} was 0 on every step of the trained policy's episodes.`
            : `${name} was ${value} on every step, and every sampled episode had ${lengths[0]} steps: it told no episode from another.`,
        advice:
          value === 0
            ? 'It gave no signal: reward the way to where it becomes active, or drop it.'
            : 'It matters only where episodes can end at different times: reward what ends them, or drop it.',
        evidence: episodes.map((episode, index) => ({
          episode: index,
          fromStep: 0,
          toStep: Math.max(0, lengthOf(episode) - 1),
          values: { [name]: value },
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
