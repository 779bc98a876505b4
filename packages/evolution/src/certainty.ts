import { pooledSpread } from './spread.ts';

/** What is known of a reward's mean fitness: a Student t about `mean`, a certainty where `scale` is 0. */
interface Posterior {
  readonly mean: number;
  readonly scale: number;
  readonly freedom: number;
}

/** Trainings from which a reward's own spread is taken; fewer say too little of it. */
const OWN_SPREAD = 3;
/** Points of the integral over the best's mean. */
const POINTS = 2_000;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Student's t distribution function for whole degrees of freedom, 1 or more: the finite series of Abramowitz and Stegun, 26.7.3 and
 * 26.7.4, in the angle whose tangent is t / √freedom.
 */
export function studentCdf(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine = Math.cos(angle);
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = 0;
  for (let power = odd ? 1 : 0; power <= freedom - 2; power += 2) {
    sum += term;
    term *= (cosine * cosine * (power + 1)) / (power + 2);
  }
  const within = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + within) / 2;
}

function posterior(values: readonly number[], pool: readonly (readonly number[])[]): Posterior | undefined {
  const spread = pooledSpread(values.length >= OWN_SPREAD ? [values] : pool);
  if (spread === undefined) return undefined;
  return { mean: mean(values), scale: spread.deviation / Math.sqrt(values.length), freedom: spread.freedom };
}

/** The probability that a mean is below `value`; half of a certainty that equals it. */
function below(value: number, { mean: centre, scale, freedom }: Posterior): number {
  if (scale === 0) return (Math.sign(value - centre) + 1) / 2;
  return studentCdf((value - centre) / scale, freedom);
}

/**
 * The probability that the mean of `best` is greater than every mean of `rivals`. Each holds one fitness a training seed, at
 * least one. Nothing where a group of fewer than three meets no group of `pool` with two values.
 *
 * Model: values are normal about their reward's mean, prior uniform in the mean and in the logarithm of the deviation, so
 * that a mean's posterior is Student's t with its own spread (Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.2; two such means
 * compare as Behrens and Fisher have it); groups of fewer than three take the spread that is pooled over `pool`. Rewards differ in how noisy training on
 * them is: a sparse reward's noise says nothing of a good one's. Two means that are measured by one pooled spread are taken for independent, which they are but
 * for that spread. The probability of being best is the integral of the best's density times the
 * rivals' distribution functions (Scott 2010, A modern Bayesian look at the multi-armed bandit), here over the angle of `studentCdf`.
 */
export function probabilityBest(
  best: readonly number[],
  rivals: readonly (readonly number[])[],
  pool: readonly (readonly number[])[] = [best, ...rivals],
): number | undefined {
  const own = posterior(best, pool);
  const others = rivals.map((values) => posterior(values, pool));
  if (own === undefined || !others.every((other) => other !== undefined)) return undefined;
  const aboveAll = (value: number) => others.reduce((product, other) => product * below(value, other), 1);
  if (own.scale === 0) return aboveAll(own.mean);
  let [weights, sum] = [0, 0];
  for (let point = 0; point < POINTS; point += 1) {
    const angle = Math.PI * ((point + 0.5) / POINTS - 0.5);
    const weight = Math.cos(angle) ** (own.freedom - 1);
    weights += weight;
    sum += weight * aboveAll(own.mean + own.scale * Math.sqrt(own.freedom) * Math.tan(angle));
  }
  return sum / weights;
}
