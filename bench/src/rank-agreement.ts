/**
 * Kendall's tau-b (1945): concordant less discordant pairs, over the geometric mean of the pairs that each side does not
 * tie, so that rewards which are equally useless in both do not count against agreement. 0 where either side is all ties.
 */
export function kendall(points: readonly (readonly [number, number])[]): number {
  const pairs = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => [Math.sign(x - otherX), Math.sign(y - otherY)] as const),
  );
  const difference = pairs.reduce((sum, [x, y]) => sum + x * y, 0);
  const untied = (side: 0 | 1) => pairs.filter((pair) => pair[side] !== 0).length;
  const scale = Math.sqrt(untied(0) * untied(1));
  return scale === 0 ? 0 : difference / scale;
}

/** Ranks from 1, the mean rank where values are equal. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Spearman's rank correlation (1904): Pearson's of the ranks; 0 where either side does not vary. */
export function spearman(points: readonly (readonly [number, number])[]): number {
  const [xs, ys] = [ranks(points.map(([x]) => x)), ranks(points.map(([, y]) => y))];
  const centre = (points.length + 1) / 2;
  const product = (as: readonly number[], bs: readonly number[]) =>
    as.reduce((sum, a, index) => sum + (a - centre) * ((bs[index] ?? 0) - centre), 0);
  const spread = Math.sqrt(product(xs, xs) * product(ys, ys));
  return spread === 0 ? 0 : product(xs, ys) / spread;
}
