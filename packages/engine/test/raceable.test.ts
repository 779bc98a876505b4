import { describe, expect, it } from 'vitest';
import { raceable } from '../src/moves/run-propose.ts';

describe('raceable', () => {
  it('keeps what the race after a generation needs', () => {
    // 8 screened at 1 and 2 promoted at 2 each cost 12; with 11, seven do with two promoted.
    expect(raceable(12, 1, 2, 0.25)).toBe(8);
    expect(raceable(11, 1, 2, 0.25)).toBe(7);
    expect(raceable(12, 0.3, 2, 0.25)).toBe(13);
  });

  it('screens at least one while it can be screened at all, and none where it cannot', () => {
    expect(raceable(1.5, 1, 2, 0.25)).toBe(1);
    expect(raceable(0.5, 1, 2, 0.25)).toBe(0);
    expect(raceable(Number.POSITIVE_INFINITY, 1, 2, 0.25)).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes as many as there are trainings where no race comes after', () => {
    expect(raceable(7, 3, 0, 0.25)).toBe(2);
  });
});
