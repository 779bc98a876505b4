import { setFlagsFromString } from 'node:v8';

/** Kept here, for it is gone from its module once the runner is locked down. */
const set = setFlagsFromString;

/** The middle compiler alone, and at once: for a loop that is over before the best code for it would be there. */
const brief = ['--no-turbofan', '--no-concurrent-osr'];
const usual = ['--turbofan', '--concurrent-osr'];

/**
 * Runs a candidate with every compiler, or without V8's best one: that needs some milliseconds on a second processor,
 * which another runner may want, and for a short rollout its code comes too late.
 */
export function withCompilers<T>(best: boolean, work: () => T): T {
  if (best) return work();
  for (const flag of brief) set(flag);
  try {
    return work();
  } finally {
    for (const flag of usual) set(flag);
  }
}
