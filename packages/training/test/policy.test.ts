import { builtinEnvironments, randomStream, uniform } from '@rewardsmith/environments';
import { beforeAll, describe, expect, it } from 'vitest';
import { Policy, squash } from '../src/policy.ts';
import { policyInputs } from '../src/scaling.ts';

describe('squash', () => {
  it('stays within 2e-4 of tanh and within -1 and 1 everywhere', () => {
    for (let x = -50; x <= 50; x += 0.01) {
      expect(Math.abs(squash(x) - Math.tanh(x))).toBeLessThan(2e-4);
      expect(Math.abs(squash(x))).toBeLessThanOrEqual(1);
    }
  });
});

describe.each([...builtinEnvironments.values()])('Policy of $definition.name', (environment) => {
  const { action } = environment.definition;

  beforeAll(() => environment.library?.load());

  it('takes only actions that the environment declares', () => {
    const policy = new Policy(environment);
    const random = randomStream(3);
    const simulator = environment.create();
    simulator.reset(random);
    for (let draw = 0; draw < 200; draw += 1) {
      const weights = Float64Array.from({ length: policy.parameterCount }, () => uniform(random, -3, 3));
      policy.act(weights, simulator.observation);
      for (const value of policy.action) {
        if (action.kind === 'discrete') {
          expect(Number.isInteger(value) && value >= 0 && value < action.n).toBe(true);
        } else {
          expect(Math.abs(value)).toBeLessThanOrEqual(Number(action.high));
        }
      }
    }
  });

  it('reads the fields that it is shown and no others', () => {
    const policy = new Policy(environment);
    const random = randomStream(4);
    const shown = new Set(policyInputs(environment).map(({ entry }) => entry));
    const observation = Float64Array.from(environment.create().observation, () => uniform(random, -1, 1));
    const weights = Float64Array.from({ length: policy.parameterCount }, () => uniform(random, -1, 1));
    policy.act(weights, observation);
    const before = [...policy.action];
    policy.act(
      weights,
      observation.map((value, entry) => (shown.has(entry) ? value : value + 1)),
    );
    expect([...policy.action]).toEqual(before);
    expect(shown.size).toBeGreaterThan(0);
  });
});
