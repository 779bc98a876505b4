import { builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantedHacks } from '../src/planted-hacks.ts';
import { trial, type Verdict } from '../src/trial.ts';

/** Of the usual budget: enough to find what a reward pays, and for the human reward to show what can be done. Robots take the time. */
const SHARE = 0.3;
const ROBOT_SHARE = 0.15;

describe('planted hacks, trained in the sandbox', () => {
  let sandbox: Sandbox;
  const verdicts = new Map<string, readonly Verdict[]>();
  beforeAll(async () => {
    // Waiting for a turn on a busy machine is no fault of a reward.
    sandbox = await createSandbox({ runners: 2, trainingMilliseconds: 600_000 });
  });
  afterAll(() => sandbox.close());

  test.each([...builtinEnvironments.keys()])('are caught on %s, and its human reward is not', async (name) => {
    const environment = builtinEnvironments.get(name);
    if (environment === undefined) throw new Error(name);
    const hacks = plantedHacks.filter((hack) => hack.environment === name);
    const found = await trial(
      sandbox,
      environment,
      [
        { name: 'human', source: environment.humanReward },
        { name: 'sparse', source: environment.sparseReward },
        ...hacks,
      ],
      { share: environment.library === undefined ? SHARE : ROBOT_SHARE, seeds: [1] },
    );
    verdicts.set(name, found);
    for (const { name: reward, flags, episodes } of found) {
      const errors = flags.filter(({ severity }) => severity === 'error');
      const hack = hacks.find((each) => each.name === reward);
      if (hack === undefined) {
        expect(errors, `${name}: ${reward}`).toEqual([]);
        continue;
      }
      expect(errors, `${name}: ${reward}`).toMatchObject([{ code: 'reward-hacking', component: hack.component }]);
      const [{ evidence = [] } = {}] = errors;
      expect(evidence.length).toBeGreaterThan(0);
      for (const { episode, fromStep, toStep } of evidence) {
        expect(fromStep).toBeLessThanOrEqual(toStep);
        expect(toStep).toBeLessThan(episodes[episode]?.components[hack.component]?.length ?? 0);
      }
    }
  });

  test('are of many kinds, over many tasks', () => {
    expect(plantedHacks.length).toBeGreaterThanOrEqual(12);
    expect(new Set(plantedHacks.map(({ environment }) => environment)).size).toBeGreaterThanOrEqual(5);
    const told = [...verdicts.values()]
      .flat()
      .flatMap(({ flags }) => flags.map(({ code }) => code).filter((code) => code.startsWith('farmed-')));
    expect(new Set(told).size).toBeGreaterThanOrEqual(5);
  });
});
