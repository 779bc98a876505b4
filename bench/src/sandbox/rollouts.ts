import { createSandbox } from '@rewardsmith/sandbox';
import { spread } from './spread.ts';
import { cartpole, fiveTerms, recorded } from './workload.ts';

/** More than a runner keeps, so that each takes the place of others: the largest that it is sent gives way to the smallest. */
const SIZES = [1_000_000, 2_000_000, 1_000_000, 400_000];
const STEPS = 1_000_000;

/**
 * Milliseconds until the statistics of a million steps are with the caller, of a rollout that the runner is sent first and of the same one again, while
 * rollouts of several sizes take turns on one runner; how many runners that took.
 */
export async function rollouts(turns = 24) {
  const sandbox = await createSandbox({ runners: 1, spares: 0 });
  const milliseconds: Record<'first' | 'again', number[]> = { first: [], again: [] };
  try {
    for (let turn = 0; turn < turns; turn += 1) {
      const steps = SIZES[turn % SIZES.length] ?? STEPS;
      const rollout = recorded(steps, turn);
      for (const time of ['first', 'again'] as const) {
        const from = performance.now();
        const source = fiveTerms(1 + turn / 100 + (time === 'first' ? 0 : 10));
        const outcome = await sandbox.measure({ tenant: 'bench', source, environment: cartpole(), rollout });
        if (outcome.kind !== 'ok') throw new Error(`measuring ended as ${JSON.stringify(outcome)}`);
        if (steps === STEPS) milliseconds[time].push(performance.now() - from);
      }
    }
    return {
      rolloutFirstMilliseconds: spread(milliseconds.first),
      rolloutAgainMilliseconds: spread(milliseconds.again),
      rolloutRunnersStarted: sandbox.status().started,
    };
  } finally {
    await sandbox.close();
  }
}
