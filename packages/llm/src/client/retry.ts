import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { limits } from '../limits.ts';
import { type CallOutcome, isPassing } from '../outcome.ts';

/**
 * Milliseconds to wait before the next try, or nothing when there is none: exponential backoff with full jitter
 * (Brooker, "Exponential Backoff And Jitter", 2015), never before the provider's `Retry-After`. A provider that limits its rate and
 * does not say for how long is waited for longer, up to about a minute in all, by at least half of each step. `tries` counts those made.
 */
export function nextTryIn(outcome: CallOutcome, tries: number, random: RandomGenerator): number | undefined {
  if (outcome.kind !== 'unavailable' || !isPassing(outcome)) return undefined;
  const { reason, retryAfterMilliseconds } = outcome;
  if (reason === 'rate-limited' && retryAfterMilliseconds === undefined) {
    if (tries >= limits.rateLimitTries) return undefined;
    return limits.rateLimitBaseMilliseconds * 2 ** (tries - 1) * (0.5 + 0.5 * uniformFloat64(random));
  }
  if (tries >= limits.tries) return undefined;
  const asked = retryAfterMilliseconds ?? 0;
  if (asked > limits.retryAfterCapMilliseconds) return undefined;
  const ceiling = Math.min(limits.retryCapMilliseconds, limits.retryBaseMilliseconds * 2 ** (tries - 1));
  return asked + uniformFloat64(random) * ceiling;
}
