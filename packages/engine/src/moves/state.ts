import type { Spending, StopReason } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { capReached } from '@rewardsmith/evolution';
import { amountOf } from '@rewardsmith/llm';
import type { CandidateRow, TaskMove, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import type { MachineCandidate, MachineState } from '../machine/decide.ts';
import { StepInput, StepResult } from '../machine/steps.ts';
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

export async function loadSteps(move: TaskMove): Promise<readonly MachineStep[]> {
  const rows = await move.steps();
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    input: StepInput.parse(row.input),
    result: row.result === null ? null : StepResult.parse(row.result),
  }));
}

/** A candidate's row as the machine sees it. */
export function machineCandidate(row: CandidateRow): MachineCandidate {
  return {
    id: row.id,
    generation: row.generation,
    index: row.index,
    status: row.status,
    fitness: row.fitness?.mean ?? null,
    values: row.fitness?.values ?? [],
    ...(row.runs[0] === undefined ? {} : { screened: row.runs[0].fitness }),
    flagged: row.findings.some(({ severity }) => severity === 'error'),
  };
}

export async function loadState(
  move: TaskMove,
  environment: BuiltinEnvironment,
  now: Date,
): Promise<{ state: MachineState; steps: readonly MachineStep[] }> {
  const { task } = move;
  const steps = await loadSteps(move);
  const candidates = (await move.candidates()).map(machineCandidate);
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
