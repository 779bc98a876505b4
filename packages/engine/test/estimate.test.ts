import type { TrainingRun } from '@rewardsmith/contracts';
import { expect, it } from 'vitest';
import { estimateFitness, finalMeasurement, humanScore } from '../src/machine/estimate.ts';
import { deriveSeed } from '../src/seeds.ts';

function run(fitness: number, successRate = 0): TrainingRun {
  return {
    seed: 0,
    environmentSteps: 1,
    evaluationSteps: 0,
    fitness,
    episodes: 8,
    successRate,
    episodeLength: 1,
    return: 0,
    checkpoints: [],
    seconds: 0,
    labellingSeconds: 0,
  };
}

it('estimates fitness with the sample standard deviation between training seeds', () => {
  const estimate = estimateFitness([run(1, 0), run(3, 0.5), run(5, 1)]);
  expect(estimate).toEqual({ mean: 3, standardDeviation: 2, values: [1, 3, 5], episodes: 8, successRate: 0.5 });
  expect(estimateFitness([run(4)]).standardDeviation).toBe(0);
});

it('normalises against the sparse and the human reward, also when the human one is worse', () => {
  expect(humanScore(7, 5, 9)).toBe(0.5);
  expect(humanScore(7, 5, 3)).toBe(1);
  expect(humanScore(3, 5, 9)).toBe(-0.5);
  expect(humanScore(1, 2, 2)).toBeNull();
});

it('says how fitness shifts under varied dynamics, and how sure it is that the best reward is the best', () => {
  const shaken = (fitness: number): TrainingRun => ({
    ...run(fitness),
    varied: { fitness: fitness - 2, successRate: 0.5, episodes: 16, variations: [] },
  });
  const final = finalMeasurement(
    [shaken(8), shaken(10)],
    [run(1), run(2)],
    [shaken(5), shaken(6)],
    [{ subject: 'c', runs: [run(7)] }],
    [],
  );
  expect(final.best).toMatchObject({
    mean: 9,
    shift: -2,
    varied: { mean: 7, values: [6, 8], episodes: 16, successRate: 0.5 },
  });
  expect(final.sparse).not.toHaveProperty('varied');
  expect(final.rivals?.map(({ subject, trainings }) => [subject, trainings])).toEqual([
    ['sparse', 2],
    ['human', 2],
    ['c', 1],
  ]);
  const [sparse = 0, human = 0, other = 0] = final.rivals?.map(({ probability }) => probability) ?? [];
  expect(sparse).toBeGreaterThan(human);
  expect(human).toBeGreaterThan(other);
  expect(final.probabilityBest).toBeGreaterThan(0.5);
  expect(final.probabilityBest).toBeLessThan(other);
});

it('never gives two streams or two places the same seed', () => {
  const seeds = (
    ['search-training', 'confirmation-training', 'held-out-training', 'held-out-episodes'] as const
  ).flatMap((stream) => Array.from({ length: 200 }, (_, index) => deriveSeed(7, stream, index)));
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(deriveSeed(7, 'plan', 1)).toBe(deriveSeed(7, 'plan', 1));
  expect(deriveSeed(8, 'plan', 1)).not.toBe(deriveSeed(7, 'plan', 1));
});
