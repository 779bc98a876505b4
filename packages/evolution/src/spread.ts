function squaredDeviations(values: readonly number[]): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/**
 * The standard deviation within groups, pooled over all of them, and its degrees of freedom; nothing where no group has two
 * values. Rewards differ in their means more than in how noisy training on them is: pooling makes three seeds enough.
 */
export function pooledSpread(
  groups: readonly (readonly number[])[],
): { readonly deviation: number; readonly freedom: number } | undefined {
  const several = groups.filter((values) => values.length > 1);
  const freedom = several.reduce((sum, values) => sum + values.length - 1, 0);
  if (freedom === 0) return undefined;
  const squares = several.reduce((sum, values) => sum + squaredDeviations(values), 0);
  return { deviation: Math.sqrt(squares / freedom), freedom };
}
