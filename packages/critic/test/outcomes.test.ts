import { Environment, type LabelledEpisode } from '@rewardsmith/contracts';
import { type Labels, recordedRollout } from '@rewardsmith/rollouts';
import { describe, expect, it } from 'vitest';
import { judgeOutcomes, type Recording } from '../src/index.ts';

const environment = Environment.parse({
  name: 'test',
  observation: [{ name: 'position', shape: [], unit: 'm', low: -2, high: 3 }],
  action: { kind: 'discrete', n: 3 },
  maxEpisodeSteps: 40,
});

function episode(length: number, succeeded: boolean): LabelledEpisode {
  const column = (value: number) => Array.from({ length }, () => value);
  return {
    seed: 0,
    fitness: succeeded ? 1 : 0,
    succeeded,
    terminated: false,
    columns: {
      'obs.position': column(0),
      action: column(1),
      'next.position': column(succeeded ? 1 : 0),
      terminated: column(0),
      truncated: column(0),
    },
    components: {},
  };
}

/** Two successes of 10 and 20 steps, then two failures of 15 and 40; the last step of a success meets the condition. */
const episodes = [episode(10, true), episode(20, true), episode(15, false), episode(40, false)];
const rollout = recordedRollout(environment, episodes);
const recording: Recording = {
  rollout,
  succeeded: episodes.map(({ succeeded }) => succeeded),
  fitness: episodes.map(({ fitness }) => fitness),
  success: Float64Array.from({ length: rollout.steps }, (_, row) => (row < 30 && row % 5 === 4 ? 1 : 0)),
};

function codes(value: (row: number) => number, of = recording): readonly string[] {
  const total = Float64Array.from({ length: rollout.steps }, (_, row) => value(row));
  const labels: Labels = { names: ['only', 'total'], columns: [total, total] };
  return judgeOutcomes(labels, of).map(({ code }) => code);
}

const succeeds = (row: number) => row < 30;

describe('the outcomes of recorded episodes', () => {
  it('find nothing in a reward that ranks successes first', () => {
    expect(codes((row) => (succeeds(row) ? 1 : 0.1 * Math.sin(row)))).toEqual([]);
  });

  it('find a reward that is larger on failures, in sum and per step', () => {
    expect(codes((row) => (succeeds(row) ? 0.5 : 1 + (row % 2)))).toContain('larger-on-failure');
    expect(codes((row) => (succeeds(row) ? 1 : 0.9 + 0.05 * Math.sin(row)))).not.toContain('larger-on-failure');
  });

  it('say nothing where success is not what the task is about', () => {
    const own = { ...recording, succeeded: [], success: new Float64Array(0) };
    expect(codes((row) => (succeeds(row) ? 0.5 : 1 + (row % 2)), own)).toEqual([]);
    expect(codes(() => 1)).not.toEqual([]);
    expect(codes(() => 1, own)).toEqual([]);
  });

  it('find a reward that is never positive where the condition is met, and larger elsewhere', () => {
    expect(codes((row) => (recording.success[row] === 1 ? -0.5 : 0.2))).toContain('never-positive-on-success');
    expect(codes((row) => (recording.success[row] === 1 ? 0 : -1))).not.toContain('never-positive-on-success');
  });

  it('find a return that grows with the length of an episode alone', () => {
    expect(codes((row) => 1 + 0.001 * Math.sin(row))).toContain('grows-with-length');
    expect(codes((row) => -1 - 0.001 * Math.sin(row))).not.toContain('grows-with-length');
  });

  it('say nothing of too few episodes', () => {
    const few = recordedRollout(environment, [episode(10, true), episode(40, false)]);
    const total = new Float64Array(few.steps).fill(1);
    const labels: Labels = { names: ['only', 'total'], columns: [total, total] };
    const small = { rollout: few, succeeded: [true, false], fitness: [1, 0], success: new Float64Array(few.steps) };
    expect(judgeOutcomes(labels, small)).toEqual([]);
  });
});

it('refuses a recorded episode that lacks a column', () => {
  const { columns, ...rest } = episode(3, true);
  const { action: _action, ...others } = columns;
  expect(() => recordedRollout(environment, [{ ...rest, columns: others }])).toThrow('has no column action');
});
