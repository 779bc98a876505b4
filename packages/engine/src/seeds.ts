import { createHash } from 'node:crypto';

/**
 * What a seed is for. Streams never share seeds, so nothing is trained, chosen and measured on the same numbers:
 * `search-*` rank candidates, `confirmation-*` choose between finalists, `held-out-*` are touched once, at the end.
 */
export type SeedStream =
  | 'proposal'
  | 'plan'
  | 'tune'
  | 'bandit'
  | 'smoke'
  | 'critic-model'
  | 'analyzer-model'
  | 'search-training'
  | 'search-episodes'
  | 'confirmation-training'
  | 'confirmation-episodes'
  | 'held-out-training'
  | 'held-out-episodes';

/** A 31-bit seed that depends on the task's seed, the stream and the place in it, and on nothing else. */
export function deriveSeed(taskSeed: number, stream: SeedStream, ...place: readonly number[]): number {
  const digest = createHash('sha256')
    .update(`${taskSeed}/${stream}/${place.join('/')}`)
    .digest();
  return digest.readUInt32BE(0) >>> 1;
}
