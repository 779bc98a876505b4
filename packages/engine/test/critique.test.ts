import { builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { criticise, type Known } from '../src/moves/critique.ts';
import { successPairs } from '../src/moves/success-pairs.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ runners: 1, spares: 0 });
});
afterAll(() => sandbox.close());

const stages = { duplicates: true, smoke: true, outcomes: true, gate: false };
const context = (name: string) => {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(`there is no ${name}`);
  const { definition } = environment;
  return { tenant: 'tests', environment: definition, seed: 0, sandbox, stages, recording: undefined, pairs: [] };
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

  test('warns of at most two human rewards of the built-in suite before any training', async () => {
    const warned: string[] = [];
    let searched = 0;
    for (const [name, environment] of builtinEnvironments) {
      const pairs = await successPairs(environment, 'tests', 0, sandbox);
      if (pairs.length > 0) searched += 1;
      const { critique } = await criticise(environment.humanReward, nothing, { ...context(name), pairs });
      // Gymnasium's pendulum reads the state before the step; the language says so.
      const own = critique.filter(({ severity, code }) => severity === 'warning' && code !== 'stale-observation');
      warned.push(...own.map(({ code }) => `${name}: ${code}`));
    }
    // Each of these pays, or costs, the same at every step.
    expect(warned).toEqual(['cartpole: constant-total', 'mountain-car: constant-total']);
    // The rest have conditions that a step's own state does not decide, or that hold on every random one.
    expect(searched).toBeGreaterThanOrEqual(12);
  });

  test.each([
    [
      'pendulum',
      'up: 1000 * next.cosAngle, spin: -Math.abs(next.angularVelocity), effort: -0.1 * action[0] * action[0]',
    ],
    ['reacher', 'near: -1000 * norm(next.fingertip), effort: -norm(action)'],
    ['mountain-car', 'place: 500 * next.position, speed: Math.abs(next.velocity), push: -0.1 * Math.abs(action - 1)'],
  ])('catches a term that drowns the others: %s', async (name, components) => {
    const source = `export function reward({ action, next }) { return { ${components} }; }`;
    const { critique } = await criticise(source, nothing, context(name));
    expect(critique.map(({ code }) => code)).toContain('dominating-component');
  });

  test('warns of a turned sign by made-up steps, before anything was recorded', async () => {
    const pendulum = context('pendulum');
    const environment = builtinEnvironments.get('pendulum');
    if (environment === undefined) throw new Error('the pendulum is gone');
    const pairs = await successPairs(environment, 'tests', 0, sandbox);
    const verdict = async (component: string) => {
      const source = `export function reward({ next }) { return { up: ${component} }; }`;
      return (await criticise(source, nothing, { ...pendulum, pairs })).critique.map(({ code }) => code);
    };
    expect(await verdict('-next.cosAngle')).toContain('larger-on-failure');
    expect(await verdict('next.cosAngle')).not.toContain('larger-on-failure');
  });

  test('calls a bonus dead only where it is not paid for success either', async () => {
    const environment = builtinEnvironments.get('cartpole-swing-up');
    if (environment === undefined) throw new Error('the swing-up is gone');
    const pairs = await successPairs(environment, 'tests', 0, sandbox);
    const dead = async (condition: string) => {
      const source = `export function reward({ next, env }) { return { up: next.cosAngle, held: ${condition} ? 1 : 0 }; }`;
      const { critique } = await criticise(source, nothing, { ...context('cartpole-swing-up'), pairs });
      return critique.some(({ code }) => code === 'dead-component');
    };
    const balanced =
      'next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed && Math.abs(next.cartPosition) < env.centreLimit';
    expect(await dead(balanced)).toBe(false);
    expect(await dead('next.cosAngle > 1')).toBe(true);
  });

  test('refuses a component under a name that records lose', async () => {
    const source = "export function reward({ next }) { return { ['__proto__']: next.cosAngle, up: next.cosAngle }; }";
    const { refusedBy, critique } = await criticise(source, nothing, context('pendulum'));
    expect([refusedBy, critique[0]?.code]).toEqual(['language', 'component-name']);
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
