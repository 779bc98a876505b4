import { expect, it } from 'vitest';
import { kendall, spearman } from '../src/rank-agreement.ts';

const points = (xs: readonly number[], ys: readonly number[]) => xs.map((x, index) => [x, ys[index] ?? 0] as const);

it("gives SciPy's figures for the examples of its documentation", () => {
  expect(kendall(points([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]))).toBeCloseTo(-0.47140452079103173, 12);
  expect(spearman(points([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]))).toBeCloseTo(0.8207826816681233, 12);
});

it('is 1 for the same order, -1 for the reverse, and 0 where a side does not vary', () => {
  for (const agreement of [kendall, spearman]) {
    expect(agreement(points([1, 2, 3], [10, 20, 40]))).toBeCloseTo(1, 12);
    expect(agreement(points([1, 2, 3], [3, 2, 1]))).toBeCloseTo(-1, 12);
    expect(agreement(points([1, 2, 3], [5, 5, 5]))).toBe(0);
  }
});
