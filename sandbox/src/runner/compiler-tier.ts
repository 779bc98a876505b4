import { setFlagsFromString } from 'node:v8';

/** Kept here, for it is gone from its module once the runner is locked down. */
const set = setFlagsFromString;

/**
 * Runs a candidate with every compiler, or without V8's best one: that needs some milliseconds on a second processor,
 * which another runner may want, and for a short rollout its code comes too late. The flags stand where they are used:
 * a list of them would be walked by an iterator that a program in this realm can replace, to hand the engine others.
 */
export function withCompilers<T>(best: boolean, work: () => T): T {
  if (best) return work();
  // The middle compiler alone, and at once.
  set('--no-turbofan');
  set('--no-concurrent-osr');
  try {
    return work();
  } finally {
    set('--turbofan');
    set('--concurrent-osr');
  }
}

/**
 * For a function that is called again and again, as by a training, `open` opens an isolate whose code is compiled by the call that asks for it. V8
 * tells by an interrupt of code that other threads have compiled; one that comes between two calls is lost when isolated-vm locks the isolate
 * anew, and the function then waits for it, in its slowest code, for as long as the training lasts.
 */
export function compilingWithinCalls<T>(open: () => T): T {
  set('--no-concurrent-recompilation');
  try {
    return open();
  } finally {
    set('--concurrent-recompilation');
  }
}
