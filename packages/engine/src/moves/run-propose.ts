import { randomUUIDv7 } from 'node:crypto';
import type { TaskEventBody } from '@rewardsmith/contracts';
import type { Designer, Parent } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Member } from '@rewardsmith/evolution';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { CandidateRow, StepRow, Store, TaskMove, TaskRow } from '@rewardsmith/store';
import { trainingSteps } from '../machine/decide.ts';
import { stepKey } from '../machine/steps.ts';
import { type Proposed, proposeGeneration } from './propose.ts';
import { spendingAt } from './state.ts';
import { firstSeeds } from './training.ts';

export interface ProposeContext {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly designer: Designer;
  readonly environment: BuiltinEnvironment;
  readonly now: () => Date;
}

function asMember(row: CandidateRow): readonly Member[] {
  return (row.status === 'evaluated' || row.status === 'screened') && row.fitness !== null
    ? [
        {
          id: row.id,
          generation: row.generation,
          index: row.index,
          fitness: row.fitness.mean,
          parents: row.parents,
          operator: row.operator,
        },
      ]
    : [];
}

function asParent(row: CandidateRow): readonly (readonly [string, Parent])[] {
  return row.fitness === null
    ? []
    : [[row.id, { id: row.id, source: row.source, fitness: row.fitness.mean, findings: row.findings }] as const];
}

function newRow(task: TaskRow, generation: number, index: number, proposal: Proposed, now: Date): CandidateRow {
  const { program } = proposal;
  return {
    id: randomUUIDv7(),
    taskId: task.id,
    tenant: task.tenant,
    generation,
    index,
    operator: proposal.operator,
    parents: [...proposal.parents],
    status: program === undefined ? 'refused' : 'accepted',
    source: program?.source ?? proposal.source,
    thought: proposal.thought,
    hash: program?.hash ?? null,
    components: program === undefined ? [] : [...program.components],
    params: program === undefined ? {} : Object.fromEntries(program.params),
    critique: [...proposal.critique],
    findings: [],
    fitness: null,
    failure: null,
    runs: [],
    createdAt: now,
  };
}

function event(row: CandidateRow): TaskEventBody {
  const place = { candidateId: row.id, generation: row.generation, index: row.index, operator: row.operator };
  const reason = row.critique.find((finding) => finding.severity === 'error');
  return row.status === 'accepted'
    ? { type: 'candidate.accepted', ...place }
    : {
        type: 'candidate.refused',
        ...place,
        reason: reason === undefined ? 'refused' : `${reason.code}: ${reason.message}`,
      };
}

/** Writes a proposed generation and the training steps of its accepted candidates. */
async function record(
  move: TaskMove,
  generation: number,
  proposals: readonly Proposed[],
  context: ProposeContext,
): Promise<readonly string[]> {
  const now = context.now();
  const rows = proposals.map((proposal, index) => newRow(move.task, generation, index, proposal, now));
  const accepted = rows.filter((row) => row.status === 'accepted');
  await move.insertCandidates(rows);
  await move.updateTask({
    generation: generation + 1,
    proposed: move.task.proposed + rows.length,
    refused: move.task.refused + rows.length - accepted.length,
    wallClockSeconds: spendingAt(move.task, now).wallClockSeconds,
    updatedAt: now,
  });
  await move.appendEvents([
    { type: 'generation.started', generation, proposed: rows.length, refused: rows.length - accepted.length },
    ...rows.map(event),
  ]);
  const subjects = accepted.map((row) => ({ kind: 'candidate', candidateId: row.id }) as const);
  const inputs = trainingSteps('search', subjects, firstSeeds(move.task.submission, context.environment));
  return move.insertSteps(inputs.map((input) => ({ key: stepKey(input), kind: input.kind, input })));
}

/** Proposes one generation and writes it in one fenced transaction. */
export async function runPropose(
  step: StepRow,
  task: TaskRow,
  generation: number,
  context: ProposeContext,
): Promise<readonly string[]> {
  const rows = await context.store.taskCandidates(task.id);
  const proposals = await proposeGeneration({
    tenant: task.tenant,
    description: task.description,
    environment: context.environment,
    search: task.submission.search,
    generation,
    members: rows.flatMap(asMember),
    parents: new Map(rows.flatMap(asParent)),
    known: new Set(rows.flatMap((row) => (row.status === 'refused' || row.hash === null ? [] : [row.hash]))),
    designer: context.designer,
    sandbox: context.sandbox,
  });
  return context.store.transact(task.id, async (move) => {
    const accepted = proposals.filter((proposal) => proposal.program !== undefined).length;
    const result = { kind: 'proposed', accepted, refused: proposals.length - accepted } as const;
    if (!(await move.finishStep(step.id, step.attempt, 'done', result))) return [];
    return record(move, generation, proposals, context);
  });
}
