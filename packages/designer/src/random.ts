import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded generator that is passed in; drawing from it changes it. */
export type Random = RandomGenerator;

export function seededRandom(seed: number): Random {
  return xoroshiro128plus(seed);
}

/** An integer from `least` to `most`, both included. */
export function integer(random: Random, least: number, most: number): number {
  return least + Math.floor(uniformFloat64(random) * (most - least + 1));
}

/** One of `items`, or nothing when there is none. */
export function choose<T>(random: Random, items: readonly T[]): T | undefined {
  return items[integer(random, 0, items.length - 1)];
}

/** One of `items`, each as likely as its weight's share; nothing when there is none. */
export function chooseWeighted<T>(random: Random, items: readonly T[], weight: (item: T) => number): T | undefined {
  let left = uniformFloat64(random) * items.reduce((sum, item) => sum + weight(item), 0);
  return items.find((item) => {
    left -= weight(item);
    return left < 0;
  });
}
