import { pooledSpread } from './spread.ts';

/** The standard normal distribution function, to about 1e-14 (Marsaglia 2004, Evaluating the Normal Distribution). */
export function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let [sum, term] = [x, x];
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
}

/** Widths of the grids: in standard deviations of the best's mean, and in the logarithm of the deviation. */
const grid = { reach: 8, step: 0.1, low: -3, high: 12, logStep: 0.05 } as const;

function points(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of a tie that falls to the best where nothing varies: all of it when it is greater, none when it is less. */
function withoutSpread(best: number, others: readonly number[]): number {
  if (others.some((other) => other > best)) return 0;
  return 1 / (1 + others.filter((other) => other === best).length);
}

/**
 * The probability that the mean of `best` is greater than every mean of `rivals`. One fitness a training seed each, at least
 * one a group; `pool` holds the groups that tell how much seeds differ, all of these by default. Nothing where no group of
 * them has two values.
 *
 * Model: values are normal about their reward's mean, with one deviation for all; prior uniform in the means and in the
 * logarithm of the deviation. Then the deviation's posterior is scaled inverse chi-squared with the pooled degrees of freedom, and
 * means given the deviation are independent and normal (Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.2; the probability of
 * being best after Scott 2010, A modern Bayesian look at the multi-armed bandit). For one rival it is Student's t distribution function at the
 * pooled two-sample statistic. Both integrals are sums over grids, so the same values give the same number.
 */
export function probabilityBest(
  best: readonly number[],
  rivals: readonly (readonly number[])[],
  pool: readonly (readonly number[])[] = [best, ...rivals],
): number | undefined {
  const spread = pooledSpread(pool);
  if (spread === undefined) return undefined;
  const { deviation, freedom } = spread;
  if (deviation === 0) return withoutSpread(mean(best), rivals.map(mean));
  const own = { mean: mean(best), error: 1 / Math.sqrt(best.length) };
  const others = rivals.map((values) => ({ mean: mean(values), root: Math.sqrt(values.length) }));
  let [weights, sum] = [0, 0];
  for (const log of points(grid.low, grid.high, grid.logStep)) {
    const weight = Math.exp(-freedom * log - (freedom / 2) * Math.exp(-2 * log) + freedom / 2);
    if (weight < 1e-18) continue;
    const sigma = deviation * Math.exp(log);
    weights += weight;
    sum += weight * givenDeviation(sigma, own, others);
  }
  return Math.min(1, sum / weights);
}

function givenDeviation(
  sigma: number,
  own: { readonly mean: number; readonly error: number },
  others: readonly { readonly mean: number; readonly root: number }[],
): number {
  let sum = 0;
  for (const z of points(-grid.reach, grid.reach, grid.step)) {
    const value = own.mean + z * own.error * sigma;
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    sum +=
      density * others.reduce((product, other) => product * normalCdf(((value - other.mean) * other.root) / sigma), 1);
  }
  return sum * grid.step;
}
