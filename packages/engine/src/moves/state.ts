import type { Spending, StopReason } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { capReached } from '@rewardsmith/evolution';
import { amountOf } from '@rewardsmith/llm';
import type { CandidateRow, CandidateStanding, StepRow, TaskMove, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import type { MachineCandidate, MachineState } from '../machine/decide.ts';
import { endPrefixes, StepInput, StepResult } from '../machine/steps.ts';
import { type MachineStep, machineState } from '../machine/view.ts';
import { firstSeeds, screeningCost, seedsFor, trainingLength } from './training.ts';

/**
 * Spending at `now`. Time counts between moves of the task; a gap longer than `countedGapSeconds` is time
 * in which the service was down, and is not the task's.
 */
export function spendingAt(task: TaskRow, now: Date): Spending {
  const gap = Math.max(0, (now.getTime() - task.updatedAt.getTime()) / 1000);
  const counted = task.status === 'queued' || task.status === 'paused' ? 0 : Math.min(gap, limits.countedGapSeconds);
  return {
    environmentSteps: task.environmentSteps,
    modelCalls: task.modelCalls,
    modelTokens: amountOf(task.modelCost).tokens,
    modelMoney: task.modelCost.money,
    wallClockSeconds: task.wallClockSeconds + counted,
  };
}

/** Paused, or over: no step of it may spend anything more. */
export function isAtRest({ status, finishedAt }: TaskRow): boolean {
  return status === 'paused' || finishedAt !== null;
}

/** Counts the time since the task's last move as the task's. */
export async function countTime(move: TaskMove, now: Date): Promise<void> {
  if (move.task.finishedAt !== null) return;
  await move.updateTask({ wallClockSeconds: spendingAt(move.task, now).wallClockSeconds, updatedAt: now });
}

/** The first cap of the task's budget that it has reached. */
export function taskCap(task: TaskRow, now: Date): StopReason | undefined {
  if (task.modelStop !== null) return task.modelStop;
  const { budget } = task.submission;
  return capReached({ budget, spending: spendingAt(task, now), candidates: task.proposed });
}

/**
 * Search trainings that still fit under the cap of environment steps, reckoned at their set length. A run passes that by up to
 * its last generation of policies: a few per cent from 200,000 steps on, more below.
 */
export function trainingsLeft({ submission, environmentSteps }: TaskRow, environment: BuiltinEnvironment): number {
  const cap = submission.budget.environmentSteps;
  if (cap === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, (cap - environmentSteps) / trainingLength(submission, environment));
}

const readResult = ({ result }: Pick<StepRow, 'result'>): StepResult | null =>
  result === null ? null : StepResult.parse(result);

/** Steps with their results: those whose key begins with `prefix`. */
export async function loadSteps(move: TaskMove, prefix = ''): Promise<readonly MachineStep[]> {
  const rows = await move.steps(prefix);
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    input: StepInput.parse(row.input),
    result: readResult(row),
  }));
}

/** Every step of a task, with the results of its end alone: what the search has found stands at its candidates. */
async function outlined(move: TaskMove): Promise<readonly MachineStep[]> {
  const ends = await Promise.all(endPrefixes.map((prefix) => move.steps(prefix)));
  const results = new Map(ends.flat().map((row) => [row.id, readResult(row)]));
  return (await move.stepOutlines()).map(({ id, status, input }) => ({
    id,
    status,
    input: StepInput.parse(input),
    result: results.get(id) ?? null,
  }));
}

/** A candidate's row as the machine sees it. */
export function machineCandidate(row: CandidateRow): MachineCandidate {
  return asMachineCandidate({
    ...row,
    screened: row.runs[0]?.fitness ?? null,
    path: row.runs[0]?.path ?? null,
    trainings: row.runs.length,
    flagged: row.findings.some(({ severity }) => severity === 'error'),
  });
}

function asMachineCandidate(standing: CandidateStanding): MachineCandidate {
  const { id, generation, index, status, fitness, screened, path, trainings, flagged } = standing;
  return {
    id,
    generation,
    index,
    status,
    fitness: fitness?.mean ?? null,
    values: fitness?.values ?? [],
    ...(screened === null ? {} : { screened }),
    ...(path === null ? {} : { path }),
    trainings,
    flagged,
  };
}

export async function loadState(
  move: TaskMove,
  environment: BuiltinEnvironment,
  now: Date,
): Promise<{ state: MachineState; steps: readonly MachineStep[] }> {
  const { task } = move;
  const steps = await outlined(move);
  const candidates = (await move.standings()).map(asMachineCandidate);
  const { status, generation, stopReason: reason, submission } = task;
  const state = machineState(
    {
      status,
      generation,
      stopReason: reason,
      search: submission.search,
      trainingsLeft: trainingsLeft(task, environment),
      screeningCost: screeningCost(submission, environment),
      firstSeeds: firstSeeds(submission, environment),
      seeds: seedsFor('search', submission, environment),
    },
    candidates,
    steps,
    taskCap(task, now),
  );
  return { state, steps };
}
