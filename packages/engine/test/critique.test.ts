import { builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { criticise, type Known } from '../src/moves/critique.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ runners: 1, spares: 0 });
});
afterAll(() => sandbox.close());

const stages = { duplicates: true, smoke: true, outcomes: true };
const context = (name: string) => {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(`there is no ${name}`);
  const { definition } = environment;
  return { tenant: 'tests', environment: definition, seed: 0, sandbox, stages, recording: undefined };
};
const nothing: Known = { hashes: new Set(), behaviours: new Set() };

describe('the critic', () => {
  test.each([...builtinEnvironments.keys()])('lets the human and the sparse reward of %s pass', async (name) => {
    const environment = builtinEnvironments.get(name);
    for (const source of [environment?.humanReward ?? '', environment?.sparseReward ?? '']) {
      const { passed, critique } = await criticise(source, nothing, context(name));
      expect(passed, JSON.stringify(critique)).toBeDefined();
    }
  });

  test('lets a bonus for success be added, and refuses a factor on the whole reward', async () => {
    const reward = (components: string) => `export function reward({ next, env }) { return { ${components} }; }`;
    const pendulum = context('pendulum');
    const up = 'up: next.cosAngle, spin: -0.1 * Math.abs(next.angularVelocity)';
    const first = await criticise(reward(up), nothing, pendulum);
    if (first.passed === undefined) throw new Error('the first is refused');
    const known = { hashes: new Set([first.passed.program.hash]), behaviours: new Set([first.passed.behaviour]) };
    const bonus = `${up}, held: next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed ? 5 : 0`;
    expect((await criticise(reward(bonus), known, pendulum)).passed).toBeDefined();
    const doubled = 'up: 2 * next.cosAngle, spin: -0.2 * Math.abs(next.angularVelocity)';
    const refused = await criticise(reward(doubled), known, pendulum);
    expect(refused.critique.map(({ code }) => code)).toContain('duplicate-behaviour');
  });
});
