import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded generator; drawing from it changes it. */
export type Random = RandomGenerator;

/**
 * An independent generator for every list of integers. xoroshiro128+ puts the seed into its state as it is, so that
 * neighbouring seeds start alike; the path is therefore mixed first (MurmurHash3's finaliser, Appleby) and the state warmed up.
 */
export function randomStream(...path: readonly number[]): Random {
  const random = xoroshiro128plus(mix(path));
  for (let draw = 0; draw < 8; draw += 1) random.next();
  return random;
}

/** A 31-bit seed for every list of integers. */
export function deriveSeed(...path: readonly number[]): number {
  return mix(path) >>> 1;
}

function mix(path: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of path) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x9e3779b9;
  }
  return hash | 0;
}

/** Uniform in [low, high). */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * uniformFloat64(random);
}

/** A uniform integer from 0 up to, not including, `count`. */
export function pick(random: Random, count: number): number {
  return Math.floor(uniformFloat64(random) * count);
}
