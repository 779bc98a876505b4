import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probabilityBest, studentCdf } from '../src/certainty.ts';
import { seededRandom, uniform } from '../src/random.ts';

/** At least three values that are not all the same. */
const varied = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 6 })
  .filter((values) => new Set(values).size > 1);

/** Upper quantiles of Student's t as its tables give them: degrees of freedom, t, probability. */
const table = [
  [1, 1, 0.75],
  [1, 6.314, 0.95],
  [2, 2.92, 0.95],
  [4, 0.741, 0.75],
  [4, 2.132, 0.95],
  [4, 3.747, 0.99],
  [9, 1.833, 0.95],
  [30, 2.457, 0.99],
] as const;

describe('the probability of being best', () => {
  it("has Student's t distribution as its tables have it", () => {
    for (const [freedom, t, probability] of table) {
      expect(studentCdf(t, freedom)).toBeCloseTo(probability, 3);
      expect(studentCdf(-t, freedom)).toBeCloseTo(1 - probability, 3);
    }
  });

  it("is the one-sample t test's against a rival that is known exactly", () => {
    // Mean 3, sample deviation √2.5, five values: a standard error of √0.5.
    const best = [1, 2, 3, 4, 5];
    const rival = (t: number) => Array.from({ length: 5 }, () => 3 - t * Math.sqrt(0.5));
    for (const [freedom, t, probability] of table) {
      if (freedom !== 4) continue;
      expect(probabilityBest(best, [rival(t)])).toBeCloseTo(probability, 3);
      expect(probabilityBest(rival(t), [best])).toBeCloseTo(1 - probability, 3);
    }
  });

  it('is what sampling the posterior gives against rivals of other spreads', () => {
    const groups = [
      [3, 5, 4, 4.5, 3.5],
      [2, 6, 3, 1],
      [3.8, 4, 4.1],
    ] as const;
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
    const draw = (group: readonly number[]) => {
      const centre = group.reduce((sum, value) => sum + value, 0) / group.length;
      const squares = group.reduce((sum, value) => sum + (value - centre) ** 2, 0);
      const chi = Array.from({ length: group.length - 1 }, normal).reduce((sum, z) => sum + z * z, 0);
      return centre + Math.sqrt(squares / chi / group.length) * normal();
    };
    const draws = 40_000;
    let wins = 0;
    for (let index = 0; index < draws; index += 1) {
      const [best = 0, ...others] = groups.map(draw);
      if (others.every((other) => best > other)) wins += 1;
    }
    expect(probabilityBest(groups[0], groups.slice(1))).toBeCloseTo(wins / draws, 2);
  });

  it('does not depend on scale or offset, and shares out one among all', () => {
    fc.assert(
      fc.property(varied, varied, varied, (a, b, c) => {
        const groups = [a, b, c];
        const all = groups.map((best, index) =>
          probabilityBest(
            best,
            groups.filter((_, other) => other !== index),
          ),
        );
        expect(all.reduce((sum: number, each) => sum + (each ?? 0), 0)).toBeCloseTo(1, 2);
        const moved = (group: readonly number[]) => group.map((value) => 3 * value - 7);
        expect(probabilityBest(moved(a), [moved(b), moved(c)])).toBeCloseTo(all[0] ?? 0, 6);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the noise of one rival out of the comparison with another', () => {
    const [best, close, noisy] = [
      [10, 11, 12],
      [8, 9, 10],
      [-200, 0, 100],
    ];
    expect(probabilityBest(best, [close])).toBeCloseTo(probabilityBest(best, [close], [best, close, noisy]) ?? 0, 10);
  });

  it('lends the pooled spread to groups of fewer than three', () => {
    const few = probabilityBest(
      [5],
      [[4, 4.1]],
      [
        [1, 3, 5],
        [4, 4.1],
      ],
    );
    expect(few).toBeGreaterThan(0.5);
    expect(few).toBeLessThan(0.9);
    expect(probabilityBest([1], [[2]])).toBeUndefined();
  });

  it('is certain, or shared, where nothing varies', () => {
    expect(probabilityBest([2, 2], [[1, 1]])).toBe(1);
    expect(probabilityBest([1, 1], [[2, 2]])).toBe(0);
    expect(
      probabilityBest(
        [1, 1, 1],
        [
          [1, 1, 1],
          [0, 0, 0],
        ],
      ),
    ).toBe(0.5);
  });
});
