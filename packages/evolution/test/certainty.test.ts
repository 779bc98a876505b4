import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, probabilityBest } from '../src/certainty.ts';
import { seededRandom, uniform } from '../src/random.ts';

const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 5 });

/** Two groups of three whose pooled two-sample statistic is `t`: both have a sample deviation of 1. */
function apart(t: number): readonly [number[], number[]] {
  const shift = t * Math.sqrt(2 / 3);
  return [
    [shift - 1, shift, shift + 1],
    [-1, 0, 1],
  ];
}

describe('the probability of being best', () => {
  it('is the normal distribution function to ten digits', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 10);
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316301, 10);
  });

  it("is Student's t distribution against one rival, as its tables have it for 4 degrees of freedom", () => {
    for (const [t, probability] of [
      [0, 0.5],
      [0.741, 0.75],
      [1.533, 0.9],
      [2.132, 0.95],
      [3.747, 0.99],
    ] as const) {
      const [best, rival] = apart(t);
      expect(probabilityBest(best, [rival])).toBeCloseTo(probability, 3);
      expect(probabilityBest(rival, [best])).toBeCloseTo(1 - probability, 3);
    }
  });

  it('is what sampling the posterior gives against two rivals', () => {
    const groups = [
      [3, 5, 4, 4.5],
      [2, 4, 3],
      [3.5, 4],
    ] as const;
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
    // Pooled squares 2.1875 + 2 + 0.125 over 6 degrees of freedom.
    const squares = 2.1875 + 2 + 0.125;
    let [wins, draws] = [0, 40_000];
    for (let draw = 0; draw < draws; draw += 1) {
      const chi = Array.from({ length: 6 }, normal).reduce((sum, z) => sum + z * z, 0);
      const sigma = Math.sqrt(squares / chi);
      const [best = 0, ...others] = groups.map(
        (group) =>
          group.reduce((sum, value) => sum + value, 0) / group.length + (sigma * normal()) / Math.sqrt(group.length),
      );
      if (others.every((other) => best > other)) wins += 1;
    }
    expect(probabilityBest(groups[0], groups.slice(1))).toBeCloseTo(wins / draws, 2);
  });

  it('does not depend on scale or offset, and shares out one among all', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const groups = [a, b, c];
        const all = groups.map(
          (best, index) =>
            probabilityBest(
              best,
              groups.filter((_, other) => other !== index),
            ) ?? 0,
        );
        expect(all.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 3);
        const moved = (group: readonly number[]) => group.map((value) => 3 * value - 7);
        expect(probabilityBest(moved(a), [moved(b), moved(c)])).toBeCloseTo(all[0] ?? 0, 6);
      }),
      { numRuns: 25 },
    );
  });

  it('is certain, or shared by those that tie, where nothing varies; and says nothing of single trainings', () => {
    expect(probabilityBest([2, 2], [[1, 1]])).toBe(1);
    expect(probabilityBest([1, 1], [[2, 2]])).toBe(0);
    expect(
      probabilityBest(
        [1, 1],
        [
          [1, 1],
          [0, 0],
        ],
      ),
    ).toBe(0.5);
    expect(probabilityBest([1], [[2]])).toBeUndefined();
    expect(probabilityBest([1], [[2]], [[1, 2]])).toBeGreaterThan(0);
  });
});
