import { readFileSync } from 'node:fs';
import { builtinEnvironments } from '@rewardsmith/environments';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ runners: 1, spares: 0 });
});
afterAll(() => sandbox.close());

const hopper = builtinEnvironments.get('hopper');
if (hopper === undefined) throw new Error('hopper is built in');
const { definition, humanReward, fitness } = hopper;

async function train() {
  const outcome = await sandbox.train({
    tenant: 'tenant',
    environment: definition.name,
    reward: humanReward,
    fitness,
    environmentSteps: 3_000,
    seed: 1,
    evaluation: { seed: 2, episodes: 4 },
  });
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

test('a runner that opens no file trains on a simulator that is a library, and repeats itself to the last bit', async () => {
  const first = await train();
  const [runner] = sandbox.status().runners;
  const second = await train();
  expect(sandbox.status().runners[0]?.pid).toBe(runner?.pid);
  expect(second.policy).toEqual(first.policy);
  expect(second.episodes).toEqual(first.episodes);
  expect(first.run.episodeLength).toBeGreaterThan(5);
  expect(readFileSync(`/proc/${runner?.pid}/maps`, 'utf8')).not.toContain('mujoco');
});
