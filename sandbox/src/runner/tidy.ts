import { takeCollector } from '../collector.ts';
import { limits } from '../limits.ts';

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
  // V8 gives large buffers back on a thread of its own, which the next collection waits for.
  collect({ type: 'minor' });
}
