import { setFlagsFromString } from 'node:v8';
import { limits } from '../limits.ts';

/** The middle compiler alone, and at once: for a loop that is over before the best code for it would be there. */
const brief = ['--no-turbofan', '--no-concurrent-osr'];
const usual = ['--turbofan', '--concurrent-osr'];

/**
 * Runs a candidate over so many rows with the compilers that pay for that many. V8's optimising compiler needs some
 * milliseconds on a second processor, which another runner may want, and for a short rollout its code comes too late.
 */
export function withCompilersFor<T>(rows: number, work: () => T): T {
  if (rows >= limits.optimisedRows) return work();
  for (const flag of brief) setFlagsFromString(flag);
  try {
    return work();
  } finally {
    for (const flag of usual) setFlagsFromString(flag);
  }
}
