import type { CandidateRow } from '@rewardsmith/store';
import { expect, it } from 'vitest';
import { triedBefore } from '../src/model/parents.ts';

function row(id: string, operator: CandidateRow['operator'], mean: number | undefined): CandidateRow {
  return {
    id,
    operator,
    taskId: 'task',
    tenant: 'tests',
    generation: 0,
    index: 0,
    parents: [],
    status: mean === undefined ? 'refused' : 'evaluated',
    source: id,
    thought: '',
    hash: null,
    components: [],
    params: {},
    critique: [],
    findings: [],
    fitness: mean === undefined ? null : { mean, standardDeviation: 0, values: [mean], episodes: 1, successRate: 0 },
    failure: null,
    runs: [],
    behaviour: null,
    refusedBy: mean === undefined ? 'smoke' : null,
    design: null,
    explanation: null,
    stages: [],
    createdAt: new Date(0),
  };
}

it('tells what was tried without the copies that tuning made, save the one that is best', () => {
  const rows = [row('a', 'initial', 1), row('a1', 'tune', 2), row('a2', 'tune', 3), row('a3', 'tune', undefined)];
  const told = (shown: readonly string[]) => triedBefore(rows, new Set(shown)).map(({ source }) => source);
  expect(told([])).toEqual(['a', 'a2']);
  expect(told(['a2'])).toEqual(['a']);
});
