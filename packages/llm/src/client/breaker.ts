import { limits } from '../limits.ts';

/** Closed while `openUntil` is null; open until then; half open after it, when one call is let through. */
export interface Breaker {
  readonly failures: number;
  readonly openUntil: number | null;
  /** A call of the half-open breaker is under way. */
  readonly probing: boolean;
}

export const closedBreaker: Breaker = { failures: 0, openUntil: null, probing: false };

/** `sent` goes out, `probe` goes out and decides for the others, `wait` is asked again when the probe has ended. */
export type Admission = 'sent' | 'probe' | 'wait' | 'refused';

/** Whether a call may be sent at `now`, in milliseconds. */
export function admit(breaker: Breaker, now: number): Admission {
  if (breaker.openUntil === null) return 'sent';
  if (now < breaker.openUntil) return 'refused';
  return breaker.probing ? 'wait' : 'probe';
}

/** The breaker after a call that succeeded, or failed in a way that speaks of the endpoint and not of the request. */
export function observe(breaker: Breaker, failed: boolean, now: number): Breaker {
  if (!failed) return closedBreaker;
  const failures = breaker.failures + 1;
  const opens = failures >= limits.breakerFailures || breaker.openUntil !== null;
  return { failures, openUntil: opens ? now + limits.breakerOpenMilliseconds : null, probing: false };
}
