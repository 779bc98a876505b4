import { randomUUIDv7 } from 'node:crypto';
import { TaskSubmission } from '@rewardsmith/contracts';
import type { CandidateRow, NewTask, TaskRow } from '../src/index.ts';

/** A submission as the service stores it. */
export function newTask(values: Partial<NewTask> = {}): NewTask {
  return {
    tenant: 'alpha',
    name: 'swing up',
    description: 'Swing the pole up.',
    environment: 'acrobot',
    submission: TaskSubmission.parse({ environment: 'acrobot' }),
    submissionHash: 'hash',
    idempotencyKey: null,
    terms: null,
    forecast: null,
    ...values,
  };
}

/** An accepted candidate of a task. */
export function newCandidate(task: TaskRow, generation: number, index: number): CandidateRow {
  return {
    id: randomUUIDv7(),
    taskId: task.id,
    tenant: task.tenant,
    generation,
    index,
    operator: 'initial',
    parents: [],
    status: 'accepted',
    source: 'export function reward() { return { still: 0 }; }',
    thought: '',
    hash: null,
    components: ['still'],
    params: { weight: 0.5 },
    critique: [],
    findings: [],
    fitness: null,
    failure: null,
    runs: [],
    behaviour: null,
    refusedBy: null,
    design: null,
    explanation: null,
    stages: [],
    createdAt: new Date(0),
  };
}
