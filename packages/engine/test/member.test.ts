import type { TrainingRun } from '@rewardsmith/contracts';
import type { CandidateRow } from '@rewardsmith/store';
import { expect, it } from 'vitest';
import { estimateFitness } from '../src/machine/estimate.ts';
import { asMember } from '../src/moves/member.ts';

function run(seed: number, fitness: number, episodeLength: number): TrainingRun {
  return {
    seed,
    environmentSteps: 1,
    evaluationSteps: 1,
    fitness,
    episodes: 8,
    successRate: fitness,
    episodeLength,
    return: 0,
    checkpoints: [],
    seconds: 1,
    labellingSeconds: 0,
  };
}

/** A candidate whose fitness is that of its runs from `counted` on. */
function row(status: CandidateRow['status'], runs: readonly TrainingRun[], counted: number): CandidateRow {
  return {
    id: 'a',
    operator: 'initial',
    taskId: 'task',
    tenant: 'tests',
    generation: 1,
    index: 2,
    parents: [],
    status,
    source: '',
    thought: '',
    hash: null,
    components: [],
    params: {},
    critique: [],
    findings: [],
    fitness: status === 'failed' ? null : estimateFitness(runs.slice(counted)),
    failure: null,
    runs: [...runs],
    behaviour: null,
    refusedBy: null,
    design: null,
    explanation: null,
    stages: [],
    createdAt: new Date(0),
  };
}

const [short, second, third] = [run(0, 0, 200), run(1, 1, 40), run(2, 0.5, 60)];

it('knows a member by the whole trainings that its fitness is of, by the short one alone until it has any', () => {
  expect(asMember(row('screened', [short], 0), 200)).toMatchObject([
    { fitness: 0, whole: false, values: [0], behaviour: [0, 1] },
  ]);
  expect(asMember(row('evaluated', [short, second, third], 1), 200)).toMatchObject([
    { fitness: 0.75, whole: true, values: [1, 0.5], behaviour: [0.75, 0.25] },
  ]);
});

it('makes no member of a candidate that has failed', () => {
  expect(asMember(row('failed', [short], 0), 200)).toEqual([]);
});
