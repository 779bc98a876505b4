import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded generator that is passed in; drawing from it changes it. */
export type Random = RandomGenerator;

/** Seeds are expected to be mixed already, as the engine's are. */
export function seededRandom(seed: number): Random {
  return xoroshiro128plus(seed);
}

/** Uniform in [0, 1). */
export function uniform(random: Random): number {
  return uniformFloat64(random);
}

/** A standard normal draw (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

/** One of `items`, each as likely as the other. `items` holds at least one. */
export function choose<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(uniform(random) * items.length)] ?? items[0];
}

/** One of the keys of `weights`, as likely as its share of their sum; weights are at least 0 and one is above. */
export function chooseWeighted<T>(
  random: Random,
  weights: readonly [readonly [T, number], ...(readonly [T, number])[]],
): T {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let left = uniform(random) * total;
  for (const [item, weight] of weights) {
    left -= weight;
    if (left < 0) return item;
  }
  return weights[0][0];
}
