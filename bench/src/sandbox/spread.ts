/** A value that at most the given share of the values exceeds; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Median, 99th percentile and maximum, rounded to hundredths. */
export function spread(values: readonly number[]): { p50: number; p99: number; max: number } {
  return { p50: round(quantile(values, 0.5)), p99: round(quantile(values, 0.99)), max: round(quantile(values, 1)) };
}
