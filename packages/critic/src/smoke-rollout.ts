import type { Environment } from '@rewardsmith/contracts';
import { Rollout } from '@rewardsmith/rollouts';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { limits } from './limits.ts';
import { type Range, rangeOf } from './ranges.ts';

/** States, 0 and 1, that the episodes of a pair go through. */
export const pairPaths: readonly (readonly number[])[] = [
  Array.from({ length: 2 * limits.trips + 1 }, (_, step) => step % 2),
  Array.from({ length: limits.trips + 1 }, () => 0),
  Array.from({ length: limits.trips + 1 }, () => 1),
];
const pairEpisodes = pairPaths.length;
const pairSteps = pairPaths.reduce((sum, path) => sum + path.length - 1, 0);

/** How the observations of an episode are drawn. */
const styles = ['random', 'low', 'high', 'zero', 'still'] as const;
type Style = (typeof styles)[number];

function drawn(style: Style, { low, high, whole }: Range, uniform: () => number): number {
  const between = low + (high - low) * uniform();
  switch (style) {
    case 'low':
      return low;
    case 'high':
      return high;
    case 'zero':
      return Math.min(Math.max(0, low), high);
    default:
      return whole ? Math.round(between) : between;
  }
}

/**
 * Rows that meet a reward before any training does: episodes of random observations, of every field at its lower and
 * upper bound, of zeros, and of a state that does not change; of differing length; ended by failure, by time, and not
 * at all; then, for a few pairs of states, three episodes with one action: back and forth between the two, and at rest in
 * each. Within an episode `next` of a step is `obs` of the one after. The same seed gives the same rows.
 */
export function smokeRollout(environment: Environment, seed: number): Rollout {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  const rollout = Rollout.allocate(environment, {
    steps: limits.episodes * limits.steps + limits.pairs * pairSteps,
    episodes: limits.episodes + limits.pairs * pairEpisodes,
  });
  const fields = rollout.layout.flatMap((reference) =>
    reference.role === 'obs'
      ? [
          {
            range: rangeOf(environment, reference),
            obs: rollout.column(reference),
            next: rollout.column({ ...reference, role: 'next' }),
          },
        ]
      : [],
  );
  const actions = rollout.layout.flatMap((reference) =>
    reference.role === 'action' ? [{ range: rangeOf(environment, reference), column: rollout.column(reference) }] : [],
  );
  const terminated = rollout.column({ role: 'terminated', field: '', index: 0 });
  const truncated = rollout.column({ role: 'truncated', field: '', index: 0 });
  for (let episode = 0; episode < limits.episodes; episode += 1) {
    const style = styles[episode % styles.length] ?? 'random';
    const length = 1 + Math.floor(uniform() * limits.steps);
    for (let step = 0; step < length; step += 1) {
      const row = rollout.steps;
      for (const { range, obs, next } of fields) {
        const before = step === 0 ? drawn(style, range, uniform) : (next[row - 1] ?? 0);
        obs[row] = before;
        // Boundary episodes leave the bound, so that both the bound and the way from it are met.
        next[row] = style === 'still' ? before : drawn(step % 2 === 0 ? 'random' : style, range, uniform);
      }
      for (const { range, column } of actions) column[row] = drawn('random', range, uniform);
      const last = step === length - 1;
      terminated[row] = last && episode % 3 === 0 ? 1 : 0;
      truncated[row] = last && episode % 3 === 1 ? 1 : 0;
      rollout.steps += 1;
    }
    rollout.endEpisode();
  }
  for (let pair = 0; pair < limits.pairs; pair += 1) {
    const states = [0, 1].map(() => fields.map(({ range }) => drawn('random', range, uniform)));
    const action = actions.map(({ range }) => drawn('random', range, uniform));
    for (const path of pairPaths) {
      path.slice(1).forEach((after, step) => {
        const row = rollout.steps;
        fields.forEach(({ obs, next }, field) => {
          obs[row] = states[path[step] ?? 0]?.[field] ?? 0;
          next[row] = states[after]?.[field] ?? 0;
        });
        actions.forEach(({ column }, index) => {
          column[row] = action[index] ?? 0;
        });
        terminated[row] = 0;
        truncated[row] = 0;
        rollout.steps += 1;
      });
      rollout.endEpisode();
    }
  }
  return rollout;
}
