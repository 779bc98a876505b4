import type { LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/index.ts';
import { checkpoint, environment, episode, run } from './fixtures.ts';

const wander = Array.from({ length: 60 }, (_, step) => 0.5 * Math.sin(step));
const codes = (runs: TrainingRun[], episodes: LabelledEpisode[]) =>
  analyze({ environment, runs, episodes }).map(({ code }) => code);

it('finds nothing in a policy that succeeds', () => {
  expect(codes([run()], [episode(wander, { succeeded: true })])).toEqual([]);
});

it('says that the goal was never reached, pointing at every sampled episode', () => {
  const [finding] = analyze({ environment, runs: [run({ successRate: 0 })], episodes: [episode(wander)] });
  expect(finding).toMatchObject({ code: 'never-reached', evidence: [{ episode: 0, fromStep: 0, toStep: 59 }] });
  expect(finding?.message).toContain('none of 32 episodes');
});

it('says nothing of success where the task has a fitness of its own', () => {
  const short = wander.slice(0, 30);
  const input = { environment, runs: [run({ successRate: 0 })], episodes: [episode(short, { terminated: true })] };
  const margins = [short.map(() => -1)];
  const found = (ownFitness: boolean) => analyze({ ...input, margins, ownFitness }).map(({ code }) => code);
  expect(found(false)).toEqual(expect.arrayContaining(['never-reached', 'never-approached', 'ended-early']));
  expect(found(true)).toEqual([]);
});

it('says that episodes ended early only when they failed', () => {
  const short = wander.slice(0, 30);
  const [finding] = analyze({ environment, runs: [run()], episodes: [episode(short, { terminated: true })] });
  expect(finding).toMatchObject({ code: 'ended-early', evidence: [{ episode: 0, fromStep: 29, toStep: 29 }] });
  expect(codes([run()], [episode(short, { terminated: true, succeeded: true })])).toEqual([]);
  expect(codes([run()], [episode(short)])).toEqual([]);
});

it('says that a policy is stuck, and from which step', () => {
  const still = wander.map((value, step) => (step < 30 ? value : 0.1));
  const [finding] = analyze({ environment, runs: [run()], episodes: [episode(still)] });
  expect(finding).toMatchObject({ code: 'stuck', evidence: [{ fromStep: 30, toStep: 59 }] });
});

it('says that a policy drifted to a bound, and from which step', () => {
  const gone = wander.map((value, step) => (step < 40 ? value : 1 - 0.001 * (step % 2)));
  expect(analyze({ environment, runs: [run()], episodes: [episode(gone)] })).toContainEqual(
    expect.objectContaining({ code: 'drifted', evidence: [expect.objectContaining({ fromStep: 40, toStep: 59 })] }),
  );
});

it('does not take a field that touches its bound at the end for one that drifted there', () => {
  const touched = wander.map((value, step) => (step < 56 ? value : 1));
  expect(codes([run()], [episode(touched)])).not.toContain('drifted');
});

it('takes for failures those that do no better than nothing where the task has a fitness of its own', () => {
  const still = wander.map((value, step) => (step < 30 ? value : 0.2));
  const told = (fitness: number) =>
    analyze({
      environment,
      runs: [run({ untrainedFitness: 0.5 })],
      episodes: [episode(still, { fitness, succeeded: fitness < 0.5 })],
      ownFitness: true,
    }).map(({ code }) => code);
  expect(told(0.5)).toContain('stuck');
  expect(told(0.9)).not.toContain('stuck');
});

it('says that an action is saturated', () => {
  const full = episode(wander);
  full.columns['action[0]'] = wander.map((_, step) => (step % 20 < 10 ? 1 : -1));
  expect(codes([run()], [full])).toEqual(['saturated-action']);
});

it('says that a component was flat', () => {
  const flat = episode(wander, { components: { progress: wander, bonus: wander.map(() => 0) } });
  const [finding] = analyze({ environment, runs: [run()], episodes: [flat] });
  expect(finding).toMatchObject({ code: 'component-flat', component: 'bonus' });
});

it('says that a price of time was flat only where every episode took as long', () => {
  const timed = (steps: number) =>
    episode(wander.slice(0, steps), { components: { progress: wander.slice(0, steps), time: Array(steps).fill(-1) } });
  expect(codes([run()], [timed(60), timed(59)])).not.toContain('component-flat');
  const [finding] = analyze({ environment, runs: [run()], episodes: [timed(60), timed(60)] });
  expect(finding).toMatchObject({ code: 'component-flat', component: 'time' });
  expect(finding?.message).toContain('every sampled episode had 60 steps');
});

it('says nothing of a penalty that a policy which succeeds never meets', () => {
  const components = { progress: wander, fallen: wander.map(() => 0) };
  expect(codes([run()], [episode(wander, { components, succeeded: true })])).toEqual([]);
});

it('says that a component dominates', () => {
  const spread = (mean: number, standardDeviation: number) => ({ mean, min: mean, max: mean, standardDeviation });
  // Effort is the largest and the same in every episode; progress decides between them.
  const components = { progress: spread(10, 5), effort: spread(-100, 0.1) };
  const checkpoints = [{ ...checkpoint(10, 1), components }];
  const findings = analyze({ environment, runs: [run({ checkpoints })], episodes: [] });
  expect(findings).toContainEqual(expect.objectContaining({ code: 'component-dominating', component: 'progress' }));
  expect(codes([run({ checkpoints })], [episode(wander, { succeeded: true })])).toEqual([]);
});

it('says that a reward is hacked when return rises while fitness falls, and names what grew', () => {
  const values = [1, 2, 3, 4, 5, 6];
  const rising = values.map((value) => checkpoint(value, -value, { speed: value, effort: -0.5 * value }));
  const [finding] = analyze({ environment, runs: [run({ checkpoints: rising })], episodes: [] });
  expect(finding).toMatchObject({ code: 'reward-against-fitness', component: 'speed' });
  const honest = values.map((value) => checkpoint(value, value, { speed: value, effort: -0.5 * value }));
  expect(codes([run({ checkpoints: honest })], [])).toEqual([]);
});

it('does not take a return that hardly grew for one that rose without fitness', () => {
  const returns = [-40.6, -40.5, -40.5, -40.4, -40.4, -40.3];
  const checkpoints = returns.map((value) => checkpoint(value, 0));
  expect(codes([run({ checkpoints, successRate: 0 })], [])).not.toContain('reward-without-fitness');
});

it('does not take wavering for a fall of fitness', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const wavering = [-144, -143, -143, -149, -149, -149, -148, -149];
  const checkpoints = values.map((value, index) => checkpoint(value, wavering[index] ?? 0));
  expect(codes([run({ checkpoints })], [])).not.toContain('reward-against-fitness');
  const risen = [-187, -170, -160, -190, -189, -188, -181, -180];
  const back = values.map((value, index) => checkpoint(value, risen[index] ?? 0));
  expect(codes([run({ checkpoints: back })], [])).not.toContain('reward-against-fitness');
});

it('says that an action turns round on most steps', () => {
  const nervous = episode(wander);
  nervous.columns['action[0]'] = wander.map((_, step) => (step % 2 === 0 ? 0.8 : -0.8));
  expect(codes([run()], [nervous])).toEqual(['oscillating']);
  expect(codes([run()], [{ ...nervous, succeeded: true }])).toEqual([]);
});

it('says that nothing moved, from the first step on', () => {
  const [finding] = analyze({ environment, runs: [run()], episodes: [episode(wander.map((value) => value * 0.01))] });
  expect(finding).toMatchObject({ code: 'idle', evidence: [{ episode: 0, fromStep: 0, toStep: 59 }] });
});

it('says with which field at its most extreme an episode ended early', () => {
  const falling = Array.from({ length: 30 }, (_, step) => -0.03 * step);
  const [finding] = analyze({ environment, runs: [run()], episodes: [episode(falling, { terminated: true })] });
  expect(finding?.message).toContain('after 30 of 100 steps, with the size of next.position at 0.870, its largest');
});

describe('against the margin of the success condition', () => {
  const found = (margins: number[][], patch: Partial<LabelledEpisode> = {}) =>
    analyze({ environment, runs: [run()], episodes: margins.map(() => episode(wander, patch)), margins });

  it('says that the goal was never approached', () => {
    const [finding] = found([wander.map((value) => -1 - Math.abs(value)), wander.map(() => -1)]);
    expect(finding).toMatchObject({ code: 'never-approached', evidence: [{ episode: 0 }, { episode: 1 }] });
    expect(found([wander.map((_, step) => -1 + step / 60)])).toEqual([]);
  });

  it('says that it was approached and lost, and from which step', () => {
    const [finding] = found([wander.map((_, step) => (step < 30 ? -1 + step / 40 : -0.9))]);
    expect(finding).toMatchObject({ code: 'approached-and-lost', evidence: [{ fromStep: 29, toStep: 59 }] });
  });

  it('says that it was reached and lost', () => {
    const margins = wander.map((_, step) => (step >= 10 && step < 15 ? 0.1 : -0.5));
    const [finding] = found([margins], { succeeded: true });
    expect(finding).toMatchObject({ code: 'reached-and-lost', evidence: [{ fromStep: 10, toStep: 59 }] });
    expect(found([wander.map((_, step) => (step >= 10 ? 0.1 : -0.5))], { succeeded: true })).toEqual([]);
  });
});

it('says that fitness does not follow a rising return, and what became of the episodes', () => {
  const values = [1, 2, 3, 4, 5, 6];
  const waiting = values.map((value) => ({ ...checkpoint(value, 0, { alive: value }), episodeLength: 10 * value }));
  const [finding] = analyze({ environment, runs: [run({ checkpoints: waiting, successRate: 0 })], episodes: [] });
  expect(finding).toMatchObject({ code: 'reward-without-fitness', component: 'alive' });
  expect(finding?.message).toContain('Its episodes grew longer, from 10 to 60 steps.');
});

it('judges a rising return by the fitness of the task where it has one of its own', () => {
  const checkpoints = [1, 2, 3, 4, 5, 6].map((value) => checkpoint(value, 0.8, { alive: value }));
  const told = (fitness: number, successRate: number) =>
    analyze({
      environment,
      runs: [run({ checkpoints, fitness, successRate, untrainedFitness: 0.1 })],
      episodes: [],
      ownFitness: true,
    }).map(({ code }) => code);
  expect(told(0.8, 0)).not.toContain('reward-without-fitness');
  expect(told(0.1, 1)).toContain('reward-without-fitness');
});
