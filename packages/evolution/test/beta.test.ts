import { expect, it } from 'vitest';
import { beta } from '../src/beta.ts';
import { seededRandom } from '../src/random.ts';

it.each([
  [1, 1],
  [1, 6],
  [3.5, 2.25],
  [40, 8],
])('draws from the beta distribution of %d and %d: its mean, its variance and its range', (a, b) => {
  const random = seededRandom(12);
  const draws = Array.from({ length: 20_000 }, () => beta(random, a, b));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
  expect(mean).toBeCloseTo(a / (a + b), 2);
  expect(variance / ((a * b) / ((a + b) ** 2 * (a + b + 1)))).toBeCloseTo(1, 1);
  expect(draws.every((value) => value > 0 && value < 1)).toBe(true);
});
