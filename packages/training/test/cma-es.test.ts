import { randomStream } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { CmaEs } from '../src/cma-es.ts';

function maximise(cma: CmaEs, value: (x: Float64Array) => number, generations: number): number {
  for (let generation = 0; generation < generations; generation += 1) {
    cma.sample();
    cma.update(Float64Array.from(cma.candidates, value));
  }
  return value(cma.mean);
}

const dimension = 8;
/** Axes a thousand times as long as others, turned away from the coordinates. */
const ellipsoid = (x: Float64Array): number =>
  -x.reduce((sum, _, i) => {
    const rotated = ((x[i] ?? 0) + (x[(i + 1) % dimension] ?? 0)) / Math.SQRT2 - 1;
    return sum + 1000 ** (i / (dimension - 1)) * rotated ** 2 + 0.01 * ((x[i] ?? 0) - Math.SQRT1_2) ** 2;
  }, 0);
const rosenbrock = (x: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i += 1) {
    sum += 100 * ((x[i + 1] ?? 0) - (x[i] ?? 0) ** 2) ** 2 + (1 - (x[i] ?? 0)) ** 2;
  }
  return -sum;
};

describe('CmaEs', () => {
  it('finds the top of a rotated ellipsoid and of a curved ridge', () => {
    expect(maximise(new CmaEs(dimension, 24, 0.5, randomStream(1)), ellipsoid, 300)).toBeGreaterThan(-1e-9);
    expect(maximise(new CmaEs(6, 24, 0.5, randomStream(2)), rosenbrock, 500)).toBeGreaterThan(-1e-9);
  });

  it('depends on the order of the values alone', () => {
    const plain = new CmaEs(dimension, 24, 0.5, randomStream(3));
    const stretched = new CmaEs(dimension, 24, 0.5, randomStream(3));
    maximise(plain, ellipsoid, 40);
    maximise(stretched, (x) => Math.exp(ellipsoid(x) / 1000) * 1e6 - 7, 40);
    expect(stretched.mean).toEqual(plain.mean);
    expect(stretched.sigma).toBe(plain.sigma);
  });

  it('samples in opposite pairs around its mean', () => {
    const cma = new CmaEs(3, 6, 0.5, randomStream(4));
    maximise(cma, ellipsoid, 5);
    cma.sample();
    for (let pair = 0; pair < 3; pair += 1) {
      cma.candidates[2 * pair]?.forEach((value, index) => {
        const opposite = cma.candidates[2 * pair + 1]?.[index] ?? NaN;
        expect((value + opposite) / 2).toBeCloseTo(cma.mean[index] ?? NaN, 12);
      });
    }
  });

  it('widens on a flat generation and keeps its mean', () => {
    const cma = new CmaEs(dimension, 24, 0.5, randomStream(5));
    maximise(cma, () => 0, 3);
    expect(cma.sigma).toBeGreaterThan(0.5);
    expect([...cma.mean]).toEqual(Array.from({ length: dimension }, () => 0));
  });

  it('moves away from values that are no number', () => {
    const cma = new CmaEs(2, 24, 0.5, randomStream(6));
    maximise(cma, (x) => ((x[0] ?? 0) < 0 ? Number.NEGATIVE_INFINITY : -((x[0] ?? 0) ** 2)), 60);
    expect(cma.mean.every((value) => Number.isFinite(value))).toBe(true);
    expect(cma.mean[0]).toBeGreaterThan(-0.01);
  });
});
