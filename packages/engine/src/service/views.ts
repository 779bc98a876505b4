import type { Candidate, CandidateSummary, Task } from '@rewardsmith/contracts';
import type { CandidateRow, TaskRow } from '@rewardsmith/store';
import { spent } from '../machine/stages.ts';
import { spendingAt } from '../moves/state.ts';

/** A task row as callers see it; a running task's wall-clock time runs on. */
export function taskView(row: TaskRow, now: Date): Task {
  const ended = row.finishedAt !== null;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    environment: row.environment,
    status: row.status,
    stopReason: row.stopReason,
    failure: row.failure,
    submission: row.submission,
    generation: row.generation,
    candidates: { proposed: row.proposed, refused: row.refused, evaluated: row.evaluated, failed: row.failed },
    bestCandidateId: row.bestCandidateId,
    bestFitness: row.bestFitness,
    final: row.final,
    spending: { ...(ended ? spendingAt(row, row.updatedAt) : spendingAt(row, now)), stages: row.stages },
    modelCost: row.modelCost,
    pause: row.pause,
    forecast: row.forecast,
    arms: row.arms,
    critic: row.critic,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function candidateView(row: CandidateRow): Candidate {
  const { tenant: _tenant, behaviour: _behaviour, ...rest } = row;
  // A curriculum's later stages share the call of its first; each names it, as each came of it.
  const modelCalls = (row.design?.calls.length ?? 0) + (row.explanation === null ? 0 : 1);
  const stages = modelCalls === 0 ? row.stages : spent(row.stages, 'propose', { modelCalls });
  return { ...rest, stages, createdAt: row.createdAt.toISOString() };
}

export function candidateSummary(row: CandidateRow): CandidateSummary {
  const {
    tenant: _tenant,
    source: _source,
    runs: _runs,
    params: _params,
    critique: _critique,
    findings: _findings,
    behaviour: _behaviour,
    explanation: _explanation,
    stages: _stages,
    ...rest
  } = row;
  return { ...rest, createdAt: row.createdAt.toISOString() };
}
