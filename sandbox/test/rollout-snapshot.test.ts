import { Rollout } from '@rewardsmith/rollouts';
import { describe, expect, test } from 'vitest';
import { pieces, snapshotOf } from '../src/supervisor/rollout-snapshot.ts';
import { environment } from './support/programs.ts';

describe('a snapshot of a rollout', () => {
  /** Two episodes of 3 and 4 steps, in a buffer with room for so many more steps and episodes. */
  function withRoom(more: number): Rollout {
    const made = Rollout.allocate(environment, { steps: 7 + more, episodes: 2 + more });
    for (const [place, column] of made.columns.entries()) {
      for (let step = 0; step < 7; step += 1) column[step] = 10 * place + step;
    }
    for (const steps of [3, 7]) {
      made.steps = steps;
      made.endEpisode();
    }
    return made;
  }

  const bytesOf = (rollout: Rollout) => Buffer.concat(snapshotOf(rollout).content);

  test('has the rows and episodes alone, however much room there is and whether it is sealed', () => {
    const exact = withRoom(0);
    const whole = Buffer.from(exact.buffer);
    for (const rollout of [exact, withRoom(0).seal(), withRoom(5), withRoom(5).seal()]) {
      expect(bytesOf(rollout).equals(whole)).toBe(true);
      expect(snapshotOf(rollout)).toMatchObject({
        key: snapshotOf(exact).key,
        bytes: whole.length,
        steps: 7,
        episodes: 2,
      });
    }
  });

  test('of other numbers has another name', () => {
    const other = withRoom(0);
    other.values[0] = -0;
    expect(snapshotOf(other).key).not.toBe(snapshotOf(withRoom(0)).key);
  });

  test.each([
    { length: 10, most: 4, lengths: [4, 4, 2] },
    { length: 8, most: 4, lengths: [4, 4] },
    { length: 3, most: 4, lengths: [3] },
    { length: 0, most: 4, lengths: [] },
  ])('of $length bytes comes in pieces of $most at most', ({ length, most, lengths }) => {
    const memory = Uint8Array.from({ length: 16 }, (_, index) => index);
    const given = [...pieces(memory.buffer, 5, length, most)];
    expect(given.map((piece) => piece.length)).toEqual(lengths);
    expect([...Buffer.concat(given)]).toEqual([...memory.subarray(5, 5 + length)]);
  });
});
