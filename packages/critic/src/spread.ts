/** The values of one column in numbers. */
export interface Spread {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly variance: number;
  /** First row that is not finite; -1 when all are. */
  readonly notFinite: number;
}

export function spread(name: string, column: Float64Array, steps: number): Spread {
  let [min, max, mean, squares, notFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, -1];
  for (let step = 0; step < steps; step += 1) {
    const value = column[step] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      notFinite = notFinite < 0 ? step : notFinite;
      continue;
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
    // Welford's update keeps the variance right when the mean is large.
    const delta = value - mean;
    mean += delta / (step + 1);
    squares += delta * (value - mean);
  }
  return { name, min, max, variance: squares / Math.max(1, steps), notFinite };
}

/** The width of the middle half of a column's values: what it differs by from step to step, rare events left out. */
export function middleHalf(column: Float64Array, steps: number): number {
  const sorted = column.slice(0, steps).sort();
  const at = (share: number) => sorted[Math.floor(share * (steps - 1))] ?? 0;
  return steps === 0 ? 0 : at(0.75) - at(0.25);
}
