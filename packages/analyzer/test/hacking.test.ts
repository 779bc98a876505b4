import type { LabelledEpisode } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { flagHacking, type Rival } from '../src/index.ts';
import { checkpoint, environment, episode, run } from './fixtures.ts';

const steps = 60;
const series = (value: (step: number) => number, length = steps) => Array.from({ length }, (_, step) => value(step));

/** An episode that pays `perStep` a step by its component `pay`. */
function paid(perStep: number, patch: Partial<LabelledEpisode> = {}, position = series((step) => step / steps)) {
  const pay = position.map(() => perStep);
  return episode(position, { components: { pay, total: pay }, ...patch });
}

const failing = run({ fitness: 0, successRate: 0, return: 60, checkpoints: [checkpoint(1, 0)] });
const success: Rival = {
  fitness: 1,
  successRate: 1,
  episodes: [paid(0.1, { fitness: 1, succeeded: true }), paid(0.1, { fitness: 1, succeeded: true })],
};

function codes(episodes: readonly LabelledEpisode[], rivals: readonly Rival[], own = failing, margins?: number[][]) {
  const input = { environment, runs: [own], episodes, rivals, ...(margins === undefined ? {} : { margins }) };
  return flagHacking(input).map(({ code }) => code);
}

describe('reward hacking', () => {
  it('is an error that names the component, the episodes and the steps in which it is collected', () => {
    const late = series((step) => (step < 20 ? 0 : 1.5));
    const own = paid(1, { fitness: 0, components: { bonus: late, cost: series(() => -0.1), total: late } });
    const rival: Rival = {
      ...success,
      episodes: [
        paid(0, {
          fitness: 1,
          components: { bonus: series(() => 0.5), cost: series(() => 0), total: series(() => 0.5) },
        }),
      ],
    };
    const [finding] = flagHacking({ environment, runs: [failing], episodes: [own], rivals: [rival] });
    expect(finding).toMatchObject({
      code: 'reward-hacking',
      severity: 'error',
      component: 'bonus',
      evidence: [{ episode: 0, fromStep: 20, toStep: 51, values: { fitness: 0 } }],
    });
  });

  it('is not said of a training that did not find what the reward pays most', () => {
    const poor = run({ ...failing, return: 1 });
    expect(codes([paid(1 / steps, { fitness: 0 })], [success], poor)).toEqual([]);
  });

  it('is not said where no other policy is clearly better, nor without any', () => {
    expect(codes([paid(1, { fitness: 0 })], [])).toEqual([]);
    expect(codes([paid(1, { fitness: 0 })], [{ ...success, fitness: 0, successRate: 0 }])).toEqual([]);
    const near = run({ ...failing, fitness: 0.9, successRate: 0.9 });
    expect(codes([paid(1, { fitness: 0.9 })], [success], near)).toEqual([]);
  });

  it('is not said of a policy that does nearly as well as any, when doing nothing is far worse', () => {
    const close = run({ ...failing, fitness: 0.92, successRate: 1, checkpoints: [] });
    const rivals = [{ ...success, successRate: 1 }];
    expect(codes([paid(1, { fitness: 0.92 })], rivals, { ...close, untrainedFitness: 0 })).toEqual([]);
    expect(codes([paid(1, { fitness: 0.92 })], rivals, { ...close, untrainedFitness: 0.91 })).not.toEqual([]);
  });

  it('is judged by the fitness of the task alone where it has one of its own', () => {
    const near = run({ ...failing, fitness: 0.9, successRate: 0, untrainedFitness: 0 });
    const input = { environment, runs: [near], episodes: [paid(1, { fitness: 0.9 })], rivals: [success] };
    expect(flagHacking(input).map(({ code }) => code)).toContain('reward-hacking');
    expect(flagHacking({ ...input, ownFitness: true })).toEqual([]);
    const far = { ...input, runs: [run({ ...near, fitness: 0.1 })], episodes: [paid(1, { fitness: 0.1 })] };
    expect(flagHacking({ ...far, ownFitness: true }).map(({ code }) => code)).toContain('reward-hacking');
  });

  it('is not said of a reward that pays neither anything', () => {
    const nothing = run({ ...failing, return: 0 });
    const unpaid = [paid(0, { fitness: 1, succeeded: true })];
    expect(codes([paid(0, { fitness: 0 })], [{ ...success, episodes: unpaid }], nothing)).toEqual([]);
  });

  it('is said of a reward that pays failure as much as success', () => {
    const same = [paid(1, { fitness: 1, succeeded: true })];
    expect(codes([paid(1, { fitness: 0 })], [{ ...success, episodes: same }])).toContain('reward-hacking');
  });

  it('is not said for a difference within the noise of the other policy', () => {
    const noisy = [0.2, 1.6].map((pay) => paid(pay, { fitness: 1, succeeded: true }));
    expect(codes([paid(1, { fitness: 0 })], [{ ...success, episodes: noisy }])).toEqual([]);
  });
});

describe('how a hacked reward is farmed', () => {
  const still = series(() => 0.5);

  it('is told as idling, oscillating, standing at a bound, hovering or never ending', () => {
    expect(codes([paid(1, { fitness: 0 }, still)], [success])).toEqual(['reward-hacking', 'farmed-by-idling']);
    const swing = series((step) => 0.9 * Math.sin(step / 2));
    expect(codes([paid(1, { fitness: 0 }, swing)], [success])).toEqual(['reward-hacking', 'farmed-by-oscillating']);
    const gone = series((step) => (step < 6 ? step / 6 : 0.999));
    expect(codes([paid(1, { fitness: 0 }, gone)], [success])).toEqual(['reward-hacking', 'farmed-at-a-bound']);
    const margins = [series((step) => (step < 5 ? -1 : -0.1))];
    expect(codes([paid(1, { fitness: 0 })], [success], failing, margins)).toEqual([
      'reward-hacking',
      'farmed-by-hovering',
    ]);
    const longest = series((step) => step / 100, environment.maxEpisodeSteps);
    const own = paid(1, { fitness: 0 }, longest);
    expect(codes([own], [success], run({ ...failing, return: 100 }))).toEqual([
      'reward-hacking',
      'farmed-by-never-ending',
    ]);
  });

  it('is told as ending early where every step costs', () => {
    const own = paid(-1, { fitness: 0, terminated: true }, still.slice(0, 5));
    const costly = [paid(-1, { fitness: 1, succeeded: true })];
    const short = run({ ...failing, return: -5 });
    const [hacking, farmed] = flagHacking({
      environment,
      runs: [short],
      episodes: [own],
      rivals: [{ ...success, episodes: costly }],
    });
    expect(hacking).toMatchObject({ component: 'pay', evidence: [{ fromStep: 4, toStep: 4 }] });
    expect(farmed?.code).toBe('farmed-by-ending-early');
  });
});
