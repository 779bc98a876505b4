import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limits } from '../limits.ts';

/** Taken from a context of its own while the flag is up: with the flag, every isolate of a candidate would have a `gc`. */
function takeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') throw new Error('this Node gives no way to collect garbage');
  return () => collect();
}

const collect = takeCollector();
let discarded = 0;

/** Tells that buffers of this size have gone out of use. */
export function discard(bytes: number): void {
  discarded += bytes;
}

/**
 * Collects garbage between runs once discarded buffers have piled up: V8 is slow to see their size, and they would be
 * counted against the next candidate. Counted here, because to ask for the resident size would open a file.
 */
export function tidy(): void {
  if (discarded < limits.untidyBytes) return;
  discarded = 0;
  collect();
}
