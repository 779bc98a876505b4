import { describe, expect, it } from 'vitest';
import { limits } from '../src/limits.ts';
import { resumptionAfter } from '../src/moves/pause.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const wait = (reason: string, resumptions: number, retryAfterMilliseconds?: number) => {
  const at = resumptionAfter({ reason, retryAfterMilliseconds }, resumptions, now);
  return at === null ? null : at.getTime() - now.getTime();
};

describe('a task that paused for a fault of its endpoint', () => {
  it.each(['rate-limited', 'breaker-open', 'server-error', 'unreachable'])(
    'goes on by itself after %s, later each time, up to a limit',
    (reason) => {
      expect([0, 1, 2].map((resumptions) => wait(reason, resumptions))).toEqual([30_000, 60_000, 120_000]);
      expect(wait(reason, limits.resumptions - 1)).toBeLessThanOrEqual(limits.resumeMostMilliseconds);
      expect(wait(reason, limits.resumptions)).toBeNull();
    },
  );

  it.each(['unauthorised', 'quota-exhausted', 'model-not-found', 'misconfigured', 'no-endpoint'])(
    'waits for somebody after %s',
    (reason) => {
      expect(wait(reason, 0)).toBeNull();
    },
  );

  it('is not resumed before the provider has asked, nor after more than is waited for', () => {
    expect(wait('rate-limited', 0, 600_000)).toBe(600_000);
    expect(wait('rate-limited', 0, 1_000)).toBe(30_000);
    expect(wait('rate-limited', 0, limits.resumeLongestMilliseconds + 1)).toBeNull();
  });
});
