import type { Labels } from './labels.ts';

/** The numbers of one label over one episode, in the order in which they travel. */
export const statisticNames = ['sum', 'sumOfSquares', 'mean', 'min', 'max', 'nonFinite'] as const;
export type StatisticName = (typeof statisticNames)[number];

/**
 * One label over every episode; each array has one entry an episode. Values that are not finite are counted by
 * `nonFinite` and enter nothing else; over an episode without a finite value `mean`, `min` and `max` are NaN.
 */
export type ComponentStatistics = Readonly<Record<StatisticName, Float64Array>>;

/** What a reward program says of each episode, in numbers. */
export interface LabelStatistics {
  /** The program's components in its own order; the last name is always `total`. */
  readonly names: readonly string[];
  /** One entry a name. */
  readonly components: readonly ComponentStatistics[];
}

/** Statistics of labels over the episodes between these offsets, of which there is one more than episodes. */
export function labelStatistics(labels: Labels, episodeOffsets: Uint32Array): LabelStatistics {
  return {
    names: labels.names,
    components: labels.columns.map((column) => componentStatistics(column, episodeOffsets)),
  };
}

function componentStatistics(column: Float64Array, episodeOffsets: Uint32Array): ComponentStatistics {
  const episodes = episodeOffsets.length - 1;
  const entry = () => new Float64Array(episodes);
  const statistics = {
    sum: entry(),
    sumOfSquares: entry(),
    mean: entry(),
    min: entry(),
    max: entry(),
    nonFinite: entry(),
  };
  for (let episode = 0; episode < episodes; episode += 1) {
    measure(column, episodeOffsets[episode] ?? 0, episodeOffsets[episode + 1] ?? 0, statistics, episode);
  }
  return statistics;
}

/** One episode. Values are taken for finite; only when their sum says otherwise is each looked at. */
function measure(column: Float64Array, from: number, to: number, into: ComponentStatistics, episode: number): void {
  let sum = 0;
  let sumOfSquares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let step = from; step < to; step += 1) {
    const value = column[step] ?? Number.NaN;
    sum += value;
    sumOfSquares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (to === from || !Number.isFinite(sumOfSquares)) {
    measureFinite(column.subarray(from, to).filter(Number.isFinite), to - from, into, episode);
    return;
  }
  into.sum[episode] = sum;
  into.sumOfSquares[episode] = sumOfSquares;
  into.mean[episode] = sum / (to - from);
  into.min[episode] = min;
  into.max[episode] = max;
}

function measureFinite(values: Float64Array, steps: number, into: ComponentStatistics, episode: number): void {
  let sum = 0;
  let sumOfSquares = 0;
  for (const value of values) {
    sum += value;
    sumOfSquares += value * value;
  }
  const none = values.length === 0;
  into.sum[episode] = sum;
  into.sumOfSquares[episode] = sumOfSquares;
  into.mean[episode] = none ? Number.NaN : sum / values.length;
  into.min[episode] = none ? Number.NaN : values.reduce((least, value) => Math.min(least, value));
  into.max[episode] = none ? Number.NaN : values.reduce((most, value) => Math.max(most, value));
  into.nonFinite[episode] = steps - values.length;
}
