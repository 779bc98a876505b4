import { pooledSpread } from './spread.ts';

/** A candidate that has been measured on some of its training seeds: one fitness a seed, higher is better. */
export interface Contender {
  readonly id: string;
  readonly generation: number;
  readonly index: number;
  readonly values: readonly number[];
  /** What its first training showed, which may be shorter than those of `values`: every contender has had the same. */
  readonly screened?: number;
  /** Whether its first training went the way of another's: it may be the same reward by another name, and goes after those that are not. */
  readonly copy?: boolean;
}

export interface RaceSettings {
  /** At most this share of a generation goes on, in [0, 1], rounded up; one at least. */
  readonly share: number;
  /** Half-widths of the bounds, in standard errors. */
  readonly deviations: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard deviation between training seeds over every candidate measured on two or more; nothing before there is one. */
export function pooledDeviation(measured: readonly Contender[]): number | undefined {
  return pooledSpread(measured.map(({ values }) => values))?.deviation;
}

const byMean = (a: Contender, b: Contender): number =>
  mean(b.values) - mean(a.values) || a.generation - b.generation || a.index - b.index;

/**
 * Which of a generation's contenders are trained in full, best first. A race after Maron and Moore's
 * Hoeffding races (1997), with normal bounds: a contender goes on while its upper bound is not below the lower bound of
 * the incumbent, the best candidate that has been trained in full. The spread between seeds is pooled over whole trainings, and taken for that of
 * short ones too; a race bounds every contender by its own. Never more than the settings' share of the generation,
 * and, where there is any contender, never none: of every generation one is known by a whole training. Copies take the places that are left.
 */
export function race(
  contenders: readonly Contender[],
  measured: readonly Contender[],
  settings: RaceSettings,
): readonly string[] {
  const order = contenders.toSorted(byMean);
  const most = Math.max(1, Math.ceil(order.length * settings.share));
  const [incumbent] = measured.toSorted(byMean);
  const deviation = pooledDeviation(measured);
  const promising = order.filter((contender, place) => {
    if (place === 0 || incumbent === undefined || deviation === undefined) return true;
    const error = (values: readonly number[]) => (settings.deviations * deviation) / Math.sqrt(values.length);
    const upper = mean(contender.values) + error(contender.values);
    // Like is held against like: what a short training shows, against what one showed of the incumbent.
    const shown = incumbent.screened === undefined ? incumbent.values : [incumbent.screened];
    return upper >= mean(shown) - error(shown);
  });
  return promising
    .toSorted((a, b) => Number(a.copy ?? false) - Number(b.copy ?? false))
    .slice(0, most)
    .map(({ id }) => id);
}
