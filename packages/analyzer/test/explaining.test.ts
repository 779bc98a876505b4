import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment, type Finding } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import {
  adaptSummary,
  factsText,
  groundedSummary,
  namedFindings,
  Summary,
  trainingFacts,
  trajectoriesText,
  typicalRun,
} from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { checkpoint, environment, episode, run } from './fixtures.ts';

const rising = [1, 2, 3, 4].map((value) => checkpoint(value, 2 * value, { progress: value, effort: -value, bonus: 0 }));

describe('the facts of training', () => {
  it('are per checkpoint, with the correlation of each component with fitness', () => {
    const facts = trainingFacts(run({ checkpoints: rising }));
    expect(facts.fitness).toEqual([2, 4, 6, 8]);
    expect(facts.components.map(({ name, correlation }) => [name, Math.round(correlation * 1e6) / 1e6])).toEqual([
      ['progress', 1],
      ['effort', -1],
      ['bonus', 0],
    ]);
  });

  it('share out the variance, and share out nothing when nothing varies', () => {
    const statistics = (standardDeviation: number) => ({ mean: 0, min: 0, max: 0, standardDeviation });
    const varied = { ...checkpoint(0, 0), components: { a: statistics(3), b: statistics(1) } };
    const facts = trainingFacts(run({ checkpoints: [varied] }));
    expect(facts.components.map(({ share }) => share[0])).toEqual([0.9, 0.1]);
    expect(trainingFacts(run({ checkpoints: rising })).components[0]?.share).toEqual([0, 0, 0, 0]);
  });

  it('are told of the run of median fitness', () => {
    const runs = [5, 1, 3].map((fitness) => run({ fitness, checkpoints: [checkpoint(fitness, fitness)] }));
    expect(typicalRun(runs)?.fitness).toBe(3);
    expect(factsText(runs)).toContain('- fitness: [3]');
    expect(factsText([])).toBe('');
  });
});

describe('the tables of episodes', () => {
  const shownBy = { programs: ['next.position'], success: true };
  const values = Array.from({ length: 90 }, (_, step) => step / 100);

  it('show the best, the worst and the most typical failure, by the index that findings use', () => {
    const text = trajectoriesText(
      environment,
      [0.5, 0.9, 0.1].map((fitness) => episode(values, { fitness, succeeded: fitness > 0.8 })),
      shownBy,
    );
    expect(text).toContain('Episode 1, the best: fitness 0.9, succeeded, 90 steps');
    expect(text).toContain('Episode 0, the most typical failure: fitness 0.5, did not succeed');
    expect(text).toContain('Episode 2, the worst');
    expect(text).toContain('| step | next.position | action[0] | progress |');
    expect(text).toMatch(/\| 89 \| 0\.89 \|/);
  });

  it('say of episodes that all failed which is a typical one, and get shorter where there is less room', () => {
    const failed = [0.1, 0.2, 0.3].map((fitness) => episode(values, { fitness }));
    const text = trajectoriesText(environment, failed, shownBy);
    expect(text).toContain('Episode 1, a typical one');
    const short = trajectoriesText(environment, failed, shownBy, 1_200);
    expect(short.length).toBeLessThanOrEqual(1_200);
    expect(short).toMatch(/\| 89 \| 0\.89 \|/);
  });

  it('show first what decides, then what the reward reads, then actions, and say how much is left out', () => {
    const joints = Array.from({ length: 12 }, (_, index) => `joint${index}`);
    const wide = Environment.parse({
      name: 'wide',
      observation: [...joints, 'goal', 'goalDistance'].map((name) => ({ name, shape: [], unit: 'm' })),
      action: { kind: 'continuous', shape: [1], low: -1, high: 1 },
      maxEpisodeSteps: 100,
    });
    const columns = ['action[0]', ...wide.observation.map(({ name }) => `next.${name}`)];
    const long = episode(values, { columns: Object.fromEntries(columns.map((name) => [name, values])) });
    const text = trajectoriesText(wide, [long], {
      programs: ['next.goalDistance < 0.1', 'const { joint11 } = next;'],
      success: true,
    });
    expect(text).toContain('| step | next.goalDistance | next.joint11 | action[0] | next.joint0 | next.joint1 |');
    expect(text).toContain('6 more columns that change are not shown.');
    const components = Object.fromEntries(joints.map((name) => [name, values]));
    const crowded = trajectoriesText(wide, [{ ...long, components }], {
      programs: ['next.goalDistance < 0.1', ''],
      success: true,
    });
    expect(crowded).toContain('| step | next.goalDistance | action[0] | next.joint0 | next.joint1 | joint0 |');
  });

  it('show as 0 what is nothing beside the rest of its column, and rows that say the same once', () => {
    const settles = Array.from({ length: 20 }, (_, step) => (step < 5 ? 1 - step / 10 : 0.5 + 1e-9 * step));
    const decays = settles.map((_, step) => (step < 5 ? 1 : 10 ** -step));
    const text = trajectoriesText(
      environment,
      [episode(settles, { columns: { 'next.position': settles }, components: { progress: decays } })],
      { programs: [], success: true },
    );
    const rows = text.split('\n').filter((line) => /^\| \d/.test(line));
    expect(rows.map((row) => row.split(' ')[1])).toEqual(['0', '1', '2', '3', '4', '5', '19']);
    expect(rows.at(-1)).toBe('| 19 | 0.5 | 0 |');
  });

  it('say nothing of success where the task has a fitness of its own', () => {
    const text = trajectoriesText(environment, [episode(values)], { programs: [], success: false });
    expect(text).not.toContain('succeed');
  });

  it('leave out what does not change, and one episode that is best and worst is shown once', () => {
    const still = episode(values, { components: { progress: values, bonus: values.map(() => 0) } });
    const text = trajectoriesText(environment, [still], { programs: [], success: true });
    expect(text).not.toContain('bonus');
    expect(text.match(/Episode/g)).toHaveLength(1);
  });

  it('stay within their characters however long and wide the episodes are', () => {
    const long = Array.from({ length: 5000 }, (_, step) => Math.sin(step) * 1e-7);
    const components = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`aComponentWithALongName${index}`, long.map((value) => value * index)]),
    );
    const text = trajectoriesText(
      environment,
      [1, 2, 3].map((fitness) => episode(long, { fitness, components })),
      { programs: [], success: true },
    );
    expect(text.length).toBeLessThan(limits.trajectoryCharacters);
  });
});

describe('a summary', () => {
  const findings: readonly Finding[] = [
    { code: 'stuck', severity: 'warning', message: 'It stood still.', advice: '' },
    { code: 'ended-early', severity: 'warning', message: 'It fell.', advice: '' },
  ];

  it('has the shape of its own example', () => {
    const form = readFileSync(join(import.meta.dirname, '../../../prompts/analyzer/form.md'), 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?)\n```/.exec(form) ?? [];
    expect(Summary.safeParse(JSON.parse(example)).success).toBe(true);
  });

  it('of another shape is read as far as it can be', () => {
    const cause = { finding: 'F1', cause: 'It waits.', advice: 'Pay the change.' };
    const read = adaptSummary({ causes: [{ ...cause, confidence: 0.9 }, 'F2', { finding: 3 }] });
    expect(Summary.parse(read)).toEqual({
      causes: [cause, { finding: '', cause: '', advice: '' }],
      summary: '',
    });
    expect(Summary.safeParse(adaptSummary({ answer: 'more training' })).success).toBe(false);
  });

  it('names findings as they are named in its prompt', () => {
    expect(namedFindings(findings)).toBe('- F1 stuck: It stood still.\n- F2 ended-early: It fell.');
  });

  it('keeps the causes that are tied to a finding, and counts the others', () => {
    const cause = (finding: string) => ({ finding, cause: `why ${finding}`, advice: 'do' });
    const kept = groundedSummary(
      { causes: ['F2', 'F9', 'the reward', 'F1 stuck'].map(cause), summary: ' a \n b ' },
      findings,
    );
    expect(kept.causes.map(({ finding }) => finding)).toEqual(['ended-early', 'stuck']);
    expect(kept).toMatchObject({ dropped: 2, summary: 'a b' });
  });
});
