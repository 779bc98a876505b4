import type { Prediction } from './gaussian-process.ts';

/** The standard normal distribution function, within 7.5e-8 (Abramowitz and Stegun 1964, 26.2.17). */
function cumulative(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = density(z) * series;
  return z >= 0 ? 1 - upper : upper;
}

const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** How much above `best` a point's value is expected to lie, what lies below counting nothing (Jones, Schonlau and Welch 1998). */
export function expectedImprovement({ mean, deviation }: Prediction, best: number): number {
  if (deviation === 0) return Math.max(0, mean - best);
  const z = (mean - best) / deviation;
  return (mean - best) * cumulative(z) + deviation * density(z);
}
