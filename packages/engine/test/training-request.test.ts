import { TaskSubmission } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { expect, it } from 'vitest';
import { trainRequest } from '../src/moves/training.ts';

function episodes(name: string, purpose: 'search' | 'held-out', seedIndex: number, steps?: number): number {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(`there is no ${name}`);
  const training = steps === undefined ? {} : { environmentSteps: steps };
  const submission = TaskSubmission.parse({ environment: name, evaluator: { kind: 'simulation', training } });
  return trainRequest('tests', submission, environment, '', purpose, seedIndex).evaluation.episodes;
}

it('measures a policy on as many episodes as cost a tenth of its training, within limits', () => {
  // 500 steps an episode at most: 100,000 steps of screening, then 500,000 of a whole training.
  expect([0, 1].map((seed) => episodes('acrobot', 'search', seed))).toEqual([32, 100]);
  // 120 steps an episode.
  expect([0, 1].map((seed) => episodes('lava-diamond', 'search', seed))).toEqual([128, 128]);
  expect(episodes('lava-diamond', 'held-out', 0)).toBe(128);
  expect(episodes('half-cheetah', 'held-out', 0)).toBe(128);
  expect(episodes('acrobot', 'held-out', 0, 10_000)).toBe(64);
});
