import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { useService } from './service.ts';

/** A submission whose fitness takes seconds to compile, each another one. */
const submission = (turns: number) => ({
  environment: 'cartpole',
  fitness: {
    source: `export function success({ next }) {
      let product = 1;
      for (let turn = 0; turn < ${turns}; turn += 1) product = product * (next.poleAngle + turn);
      return product > 0;
    }`,
  },
  evaluator: { kind: 'simulation', training: { environmentSteps: 5_000, seeds: 1 } },
  search: { generations: 1, population: 2 },
});

describe('submissions whose fitness takes long to compile', () => {
  const service = useService();

  it('leave the compiler with the connection that brought them, and make room for others', async () => {
    const hangUp = new AbortController();
    const answers: number[] = [];
    const all = Array.from({ length: 24 }, (_, index) =>
      service
        .call('/v1/tasks', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(submission(3_900 + index)),
          signal: hangUp.signal,
        })
        .then(
          ({ status, body }) => answers.push(status === 503 && body.includes('sandbox-overloaded') ? 503 : status),
          () => undefined,
        ),
    );
    await expect.poll(() => answers.includes(503), { timeout: 20_000 }).toBe(true);
    hangUp.abort();
    await Promise.all(all);
    const { source } = submission(400).fitness;
    const environment = builtinEnvironments.get('cartpole')?.definition;
    const again = async () => (await service.post('/v1/rewards/check', { source, environment })).status;
    await expect.poll(again, { timeout: 12_000 }).toBe(200);
  });
});
