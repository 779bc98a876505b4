import type { TaskEvent } from '@rewardsmith/contracts';
import { expect, it } from 'vitest';
import { advance, begun, type Progress } from '../src/progress.ts';

const trained = (type: 'screened' | 'evaluated', candidateId: string, ...values: readonly number[]) => ({
  type: `candidate.${type}`,
  candidateId,
  generation: 0,
  fitness: {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    standardDeviation: 0,
    values,
    episodes: 1,
    successRate: 0,
  },
  spending: { environmentSteps: 1, modelCalls: 0, wallClockSeconds: 1 },
});

const failed = (candidateId: string) => ({
  type: 'candidate.failed',
  candidateId,
  generation: 0,
  reason: 'timeout',
  spending: { environmentSteps: 1, modelCalls: 0, wallClockSeconds: 1 },
});

const after = (...events: readonly object[]): Progress =>
  (events as readonly TaskEvent[]).reduce((progress, event) => advance(progress, event), begun);

const promoted = [
  trained('screened', 'a', 2),
  trained('screened', 'b', 3),
  trained('screened', 'c', 1),
  trained('evaluated', 'b', 6),
  trained('evaluated', 'a', 5),
];

it('counts trainings, the short ones before whole ones too, and each candidate once', () => {
  expect(after(...promoted)).toMatchObject({ runs: 5, evaluated: 3, best: 'b', bestFitness: 6 });
});

it('knows the best as it stands after a candidate was trained again', () => {
  const again = after(...promoted, trained('evaluated', 'b', 6, 0));
  expect(again).toMatchObject({ runs: 6, evaluated: 3, best: 'a', bestFitness: 5 });
});

it('forgets a candidate that fails after it was trained', () => {
  expect(after(...promoted, failed('b'))).toMatchObject({ evaluated: 2, failed: 1, best: 'a', bestFitness: 5 });
});
