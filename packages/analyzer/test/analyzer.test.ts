import { type Checkpoint, Environment, type LabelledEpisode, type TrainingRun } from '@rewardsmith/contracts';
import { expect, it } from 'vitest';
import { analyze } from '../src/index.ts';

const environment = Environment.parse({
  name: 'test',
  observation: [{ name: 'position', shape: [], unit: 'm', low: -1, high: 1 }],
  action: { kind: 'continuous', shape: [1], low: -1, high: 1, names: ['force'] },
  maxEpisodeSteps: 100,
});

function checkpoint(
  value: number,
  fitness: number,
  components: Record<string, number> = { progress: value },
): Checkpoint {
  return {
    environmentSteps: 0,
    return: value,
    fitness,
    episodeLength: 50,
    components: Object.fromEntries(
      Object.entries(components).map(([name, mean]) => [name, { mean, min: mean, max: mean, standardDeviation: 0 }]),
    ),
  };
}

function run(patch: Partial<TrainingRun> = {}): TrainingRun {
  return {
    seed: 1,
    environmentSteps: 1000,
    fitness: 1,
    episodes: 32,
    successRate: 1,
    episodeLength: 50,
    return: 1,
    checkpoints: [],
    seconds: 1,
    labellingSeconds: 0.1,
    ...patch,
  };
}

/** An episode whose position, force and one component are given step by step. */
function episode(position: number[], patch: Partial<LabelledEpisode> = {}): LabelledEpisode {
  return {
    seed: 1,
    fitness: 0,
    succeeded: false,
    terminated: false,
    columns: { 'next.position': position, 'action[0]': position.map((_, step) => Math.sin(step) / 2) },
    components: { progress: position.map((value) => value / 2) },
    ...patch,
  };
}

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

it('says that an action is saturated', () => {
  const full = episode(wander);
  full.columns['action[0]'] = wander.map((_, step) => (step % 2 === 0 ? 1 : -1));
  expect(codes([run()], [full])).toEqual(['saturated-action']);
});

it('says that a component was flat', () => {
  const flat = episode(wander, { components: { progress: wander, bonus: wander.map(() => 0) } });
  const [finding] = analyze({ environment, runs: [run()], episodes: [flat] });
  expect(finding).toMatchObject({ code: 'component-flat', component: 'bonus' });
});

it('says that a component dominates', () => {
  const checkpoints = [checkpoint(10, 1, { progress: 100, effort: -1 })];
  expect(analyze({ environment, runs: [run({ checkpoints })], episodes: [] })).toContainEqual(
    expect.objectContaining({ code: 'component-dominating', component: 'progress' }),
  );
});

it('says that a reward is hacked when return rises while fitness falls, and names what grew', () => {
  const values = [1, 2, 3, 4, 5, 6];
  const rising = values.map((value) => checkpoint(value, -value, { speed: value, effort: -0.5 * value }));
  const [finding] = analyze({ environment, runs: [run({ checkpoints: rising })], episodes: [] });
  expect(finding).toMatchObject({ code: 'reward-hacking', component: 'speed' });
  const honest = values.map((value) => checkpoint(value, value, { speed: value, effort: -0.5 * value }));
  expect(codes([run({ checkpoints: honest })], [])).toEqual([]);
});
