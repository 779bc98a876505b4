import type { Finding } from '@rewardsmith/contracts';
import { type FailureMode, lengthOf, range } from './analysis.ts';
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

/** A component whose size at the end of training is nearly all of the reward. */
export const dominatingComponent: FailureMode = ({ runs }) => {
  const last = runs[0]?.checkpoints.at(-1);
  const sizes = Object.entries(last?.components ?? {}).map(([name, { min, max }]) => ({
    name,
    size: Math.max(Math.abs(min), Math.abs(max)),
  }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (sizes.length < 2 || total === 0) return [];
  return sizes
    .filter(({ size }) => size / total > limits.dominating)
    .map(
      ({ name, size }): Finding => ({
        code: 'component-dominating',
        severity: 'warning',
        component: name,
        message: `${name} makes up ${((100 * size) / total).toFixed(1)}% of the reward's size at the end of training.`,
        advice: 'Scale it down, so that the other components can be felt.',
      }),
    );
};
