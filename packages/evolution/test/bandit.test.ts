import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arm,
  type ArmStanding,
  chooseArm,
  chooseArms,
  gainOf,
  type Pull,
  seededRandom,
  standings,
} from '../src/index.ts';
import { member } from './members.ts';

function standing(name: string, over: Partial<ArmStanding> = {}): ArmStanding {
  return { name, weight: 1, pulls: 0, gain: 0, cost: 0, ...over };
}

/** Plays a bandit whose arms have true mean gains and costs, and counts the pulls of each. */
function play(truth: Readonly<Record<string, { gain: number; cost: number }>>, rounds: number, seed: number) {
  const arms: readonly Arm[] = Object.keys(truth).map((name) => ({ name, weight: 1 }));
  const random = seededRandom(seed);
  const pulls: Pull[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [first, ...rest] = standings(arms, pulls);
    if (first === undefined) throw new Error('there are no arms');
    const { name } = chooseArm([first, ...rest], random);
    const { gain, cost } = truth[name] ?? { gain: 0, cost: 0 };
    pulls.push({ arm: name, gain, cost });
  }
  return Object.fromEntries(arms.map(({ name }) => [name, pulls.filter((pull) => pull.arm === name).length]));
}

describe('the bandit', () => {
  it('spends most calls on the arm that gains the most when all cost the same', () => {
    const counts = play(
      { good: { gain: 0.8, cost: 10 }, fair: { gain: 0.5, cost: 10 }, bad: { gain: 0.2, cost: 10 } },
      200,
      1,
    );
    expect(counts['good']).toBeGreaterThan(120);
    expect(counts['bad']).toBeGreaterThan(0);
  });

  it('prefers a cheap arm to a dear one that is hardly better', () => {
    const counts = play({ dear: { gain: 0.6, cost: 100 }, cheap: { gain: 0.5, cost: 5 } }, 200, 2);
    expect(counts['cheap']).toBeGreaterThan(150);
  });

  it('goes by weights before anything was pulled, and by results later', () => {
    const random = seededRandom(3);
    const first = () => chooseArm([standing('trusted', { weight: 20 }), standing('other')], random).name;
    const early = Array.from({ length: 200 }, first).filter((name) => name === 'trusted').length;
    expect(early).toBeGreaterThan(150);
    const later = chooseArm(
      [
        standing('trusted', { weight: 20, pulls: 60, gain: 3, cost: 60 }),
        standing('other', { pulls: 60, gain: 55, cost: 60 }),
      ],
      random,
    );
    expect(later.name).toBe('other');
  });

  it('does not favour the arm that was pulled most where no pull has cost anything', () => {
    const random = seededRandom(4);
    const old = standing('old', { pulls: 40, gain: 16 });
    const young = standing('young', { pulls: 4, gain: 3.2 });
    const chosen = Array.from({ length: 200 }, () => chooseArm([old, young], random).name);
    expect(chosen.filter((name) => name === 'young').length).toBeGreaterThan(150);
  });

  it('depends on its seed and its standings alone', () => {
    expect(play({ a: { gain: 0.5, cost: 1 }, b: { gain: 0.4, cost: 1 } }, 50, 7)).toEqual(
      play({ a: { gain: 0.5, cost: 1 }, b: { gain: 0.4, cost: 1 } }, 50, 7),
    );
  });

  it('chooses no arm twice before each was chosen once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 20 }), fc.nat(), (size, count, seed) => {
        const rest = Array.from({ length: size - 1 }, (_, index) => standing(`arm ${index}`));
        const chosen = chooseArms([standing('first'), ...rest], count, seededRandom(seed));
        const counts = new Map<string, number>();
        for (const { name } of chosen) counts.set(name, (counts.get(name) ?? 0) + 1);
        expect(chosen).toHaveLength(count);
        expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(Math.ceil(count / size));
      }),
    );
  });
});

describe('a gain', () => {
  const population = (...fitness: readonly number[]) =>
    fitness.map((each, index) => member(`${index}`, { fitness: each }));

  it('is the share of candidates that are worse, with half of its equals', () => {
    expect([4, 2, 0].map((fitness) => gainOf(fitness, population(1, 2, 3, 4)))).toEqual([0.875, 0.375, 0]);
    expect(gainOf(undefined, population(1, 2))).toBe(0);
    expect(gainOf(1, [])).toBe(0);
  });

  it('tells one success from the many that fail alike, and is one half where all are the same', () => {
    const sparse = population(0, 0, 0, 0, 0, 0, 0, 1);
    expect(gainOf(1, sparse)).toBeGreaterThan(2 * gainOf(0, sparse));
    expect(gainOf(0, population(0, 0, 0))).toBe(0.5);
  });
});
