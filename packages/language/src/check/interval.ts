/** All values from `low` to `high`, both included. NaN is never among them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const everything: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
export const point = (value: number): Interval => (Number.isNaN(value) ? everything : { low: value, high: value });
export const span = (low: number, high: number): Interval => ({ low, high });

/** 0 times infinity, and infinity less infinity, say nothing: the bound is open there. */
const open = (value: number, otherwise: number): number => (Number.isNaN(value) ? otherwise : value);

export function hull(intervals: readonly Interval[]): Interval {
  if (intervals.length === 0) return everything;
  return { low: Math.min(...intervals.map(({ low }) => low)), high: Math.max(...intervals.map(({ high }) => high)) };
}

export const plus = (a: Interval, b: Interval): Interval => ({
  low: open(a.low + b.low, Number.NEGATIVE_INFINITY),
  high: open(a.high + b.high, Number.POSITIVE_INFINITY),
});

export const negative = (a: Interval): Interval => ({ low: -a.high, high: -a.low });

export function times(a: Interval, b: Interval): Interval {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((value) => open(value, 0));
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

export function over(a: Interval, b: Interval): Interval {
  if (b.low <= 0 && b.high >= 0) return everything;
  return times(a, { low: 1 / b.high, high: 1 / b.low });
}

export function absolute({ low, high }: Interval): Interval {
  if (low >= 0) return { low, high };
  return high <= 0 ? { low: -high, high: -low } : { low: 0, high: Math.max(-low, high) };
}

/** A function that rises all the way. */
export const rising = (a: Interval, f: (x: number) => number): Interval => ({
  low: open(f(a.low), Number.NEGATIVE_INFINITY),
  high: open(f(a.high), Number.POSITIVE_INFINITY),
});

export const contains = ({ low, high }: Interval, value: number): boolean => low <= value && value <= high;

/** A whole power of an interval. */
export function power(a: Interval, exponent: number): Interval {
  if (!Number.isInteger(exponent)) return { low: 0, high: a.high >= 0 ? Math.max(a.low, a.high) ** exponent : 0 };
  if (exponent < 0) return over(point(1), power(a, -exponent));
  const base = exponent % 2 === 0 ? absolute(a) : a;
  return rising(base, (x) => x ** exponent);
}
