/**
 * How far a sigmoid is stretched, so that it is `v` at distance 1: the inverse of each shape, as in dm_control's
 * `_sigmoids` (dm_control/utils/rewards.py).
 */
export const toleranceScale: Readonly<Record<string, (v: number) => number>> = {
  gaussian: (v) => Math.sqrt(-2 * Math.log(v)),
  hyperbolic: (v) => Math.acosh(1 / v),
  long_tail: (v) => Math.sqrt(1 / v - 1),
  reciprocal: (v) => 1 / v - 1,
  cosine: (v) => Math.acos(2 * v - 1) / Math.PI,
  linear: (v) => 1 - v,
  quadratic: (v) => Math.sqrt(1 - v),
  tanh_squared: (v) => Math.atanh(Math.sqrt(1 - v)),
};
