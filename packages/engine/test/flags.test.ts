import type { TrainingRun } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { handicap, losesOnVaried, type Shaken } from '../src/machine/flags.ts';

/** A reward whose policies have these fitnesses under published dynamics, and these under varied ones. */
function shaken(subject: string, fitness: readonly number[], varied: readonly number[] = []): Shaken {
  const runs = fitness.map(
    (value, index): TrainingRun => ({
      seed: index,
      environmentSteps: 1,
      evaluationSteps: 1,
      fitness: value,
      episodes: 8,
      successRate: 1,
      episodeLength: 1,
      return: 0,
      ...(varied[index] === undefined
        ? {}
        : { varied: { fitness: varied[index], successRate: 1, episodes: 8, variations: [] } }),
      checkpoints: [],
      seconds: 1,
      labellingSeconds: 0,
    }),
  );
  return { subject, runs };
}

describe('losing on varied dynamics', () => {
  const brittle = shaken('a', [10, 11, 12, 11, 10], [2, 3, 1, 2, 3]);
  const sturdy = shaken('human', [9, 10, 9, 10, 9], [8, 9, 9, 8, 9]);

  it('is found where a reward wins on what it was trained for and is very probably worse elsewhere', () => {
    expect(losesOnVaried(brittle, [sturdy])?.subject).toBe('human');
    expect(losesOnVaried(sturdy, [brittle])).toBeUndefined();
  });

  it('is not found where the difference is within the noise, or where the other reward is better anyhow', () => {
    expect(losesOnVaried(brittle, [shaken('b', [9, 10, 9, 10, 9], [1, 9, 2, 5, 1])])).toBeUndefined();
    expect(losesOnVaried(brittle, [shaken('b', [20, 20, 21, 20, 20], [8, 9, 9, 8, 9])])).toBeUndefined();
  });

  it('is not found where it was not measured', () => {
    expect(losesOnVaried(shaken('a', [10, 11]), [sturdy])).toBeUndefined();
    expect(losesOnVaried(brittle, [shaken('b', [9, 9])])).toBeUndefined();
    expect(losesOnVaried(brittle, [shaken('b', [9], [9])])).toBeUndefined();
  });
});

describe('the handicap of a flag', () => {
  const standing = (fitness: number, flagged: boolean) => ({
    fitness,
    values: [fitness - 1, fitness, fitness + 1],
    flagged,
  });

  it('is two standard errors of a difference between candidates', () => {
    const lowered = handicap([standing(5, true), standing(4, false)]);
    expect(lowered(standing(4, false))).toBe(4);
    expect(lowered(standing(5, true))).toBeCloseTo(5 - 2 * Math.sqrt(2 / 3), 10);
  });

  it('is reckoned with what lies between candidates before any has been trained twice', () => {
    const once = (fitness: number, flagged: boolean) => ({ fitness, values: [fitness], flagged });
    const lowered = handicap([once(5, true), once(4, false), once(3, false)]);
    expect(lowered(once(5, true))).toBeCloseTo(5 - 2 * Math.SQRT2, 10);
  });

  it('is nothing while no candidate was trained twice', () => {
    const single = { fitness: 5, values: [5], flagged: true };
    expect(handicap([single])(single)).toBe(5);
  });
});
