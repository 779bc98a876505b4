import { describe, expect, it } from 'vitest';
import { type Numbers, type Trial, tune } from '../src/index.ts';
import { seededRandom, uniform } from '../src/random.ts';
import { expectedImprovement } from '../src/tuning/expected-improvement.ts';
import { gaussianProcess } from '../src/tuning/gaussian-process.ts';

describe('gaussianProcess', () => {
  const points = [[-0.8], [-0.2], [0.3], [0.9]];
  const values = points.map(([x = 0]) => 3 + Math.sin(3 * x));
  const process = gaussianProcess(points, values);

  it('passes near what it was told, and says how little it knows between and beyond', () => {
    for (const [index, point] of points.entries()) {
      expect(Math.abs(process.predict(point).mean - (values[index] ?? 0))).toBeLessThan(0.1);
    }
    const known = process.predict([0.3]).deviation;
    expect(process.predict([0.6]).deviation).toBeGreaterThan(known);
    expect(process.predict([5]).deviation).toBeGreaterThan(process.predict([0.6]).deviation);
    expect(process.predict([50]).mean).toBeCloseTo(values.reduce((a, b) => a + b) / values.length);
  });

  it('takes values that do not differ, and one value alone', () => {
    expect(gaussianProcess([[0], [1]], [2, 2]).predict([0.5]).mean).toBeCloseTo(2);
    expect(gaussianProcess([[0]], [2]).predict([0]).mean).toBeCloseTo(2);
  });
});

describe('expectedImprovement', () => {
  it('is the mean of what lies above the best', () => {
    const [mean, deviation, best] = [1, 2, 1.5];
    const random = seededRandom(3);
    let sum = 0;
    const draws = 200_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const z = Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
      sum += Math.max(0, mean + deviation * z - best) / draws;
    }
    expect(expectedImprovement({ mean, deviation }, best)).toBeCloseTo(sum, 1);
    expect(expectedImprovement({ mean: 2, deviation: 0 }, 1.5)).toBe(0.5);
    expect(expectedImprovement({ mean: 1, deviation: 0 }, 1.5)).toBe(0);
  });
});

describe('tune', () => {
  const take = (given: readonly Trial[], count: number, random: ReturnType<typeof seededRandom>) =>
    tune(base, given, random).take(count).toArray();
  const base: Numbers = new Map([
    ['progress', 2],
    ['effort', -0.1],
    ['bias', 0],
  ]);
  /** Best at progress 8, effort -0.02, bias 0.3. */
  const fitness = (numbers: Numbers) =>
    -(Math.log((numbers.get('progress') ?? 1) / 8) ** 2) -
    Math.log((numbers.get('effort') ?? 1) / -0.02) ** 2 -
    ((numbers.get('bias') ?? 0) - 0.3) ** 2;

  it('keeps signs, stays within a factor of ten, and repeats itself for the same seed', () => {
    const trials: readonly Trial[] = [{ numbers: base, fitness: fitness(base) }];
    const proposed = take(trials, 12, seededRandom(1));
    expect(take(trials, 12, seededRandom(1))).toEqual(proposed);
    for (const numbers of proposed) {
      expect(Math.abs(Math.log10((numbers.get('progress') ?? 0) / 2))).toBeLessThanOrEqual(1.01);
      expect(numbers.get('effort')).toBeLessThan(0);
      expect(Math.abs(numbers.get('bias') ?? 9)).toBeLessThanOrEqual(1);
    }
    expect(new Set(proposed.map((numbers) => JSON.stringify([...numbers]))).size).toBe(12);
  });

  it('comes nearer to the best with the same number of trials than drawing at random does', () => {
    const gained = Array.from({ length: 8 }, (_, seed) => {
      const random = seededRandom(seed + 100);
      const trials: Trial[] = [{ numbers: base, fitness: fitness(base) }];
      for (let generation = 0; generation < 6; generation += 1) {
        for (const numbers of take(trials, 3, random)) trials.push({ numbers, fitness: fitness(numbers) });
      }
      const drawn = Array.from({ length: 18 }, () =>
        fitness(
          new Map(
            [...base].map(([name, from]) => [
              name,
              from === 0 ? 2 * uniform(random) - 1 : from * 10 ** (2 * uniform(random) - 1),
            ]),
          ),
        ),
      );
      return Math.max(...trials.map((trial) => trial.fitness)) - Math.max(...drawn);
    });
    expect(gained.filter((gain) => gain > 0).length).toBeGreaterThanOrEqual(6);
  });
});
