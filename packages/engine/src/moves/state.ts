import type { Spending, TaskSubmission } from '@rewardsmith/contracts';
import { stopReason } from '@rewardsmith/evolution';
import { amountOf } from '@rewardsmith/llm';
import type { TaskMove, TaskRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import type { MachineState } from '../machine/decide.ts';
import { StepInput, StepResult } from '../machine/steps.ts';
import { type MachineStep, machineState } from '../machine/view.ts';

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

/** The first cap of the task's budget that `spending` has reached. */
function capReached(submission: TaskSubmission, task: TaskRow, spending: Spending) {
  if (task.modelStop !== null) return task.modelStop;
  return stopReason({
    budget: submission.budget,
    spending,
    generation: task.generation,
    generations: submission.search.generations,
    candidates: task.proposed,
  });
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

export async function loadState(
  move: TaskMove,
  now: Date,
): Promise<{ state: MachineState; steps: readonly MachineStep[] }> {
  const { task } = move;
  const steps = await loadSteps(move);
  const candidates = (await move.candidates()).map((row) => ({
    id: row.id,
    generation: row.generation,
    index: row.index,
    status: row.status,
    fitness: row.fitness?.mean ?? null,
    values: row.fitness?.values ?? [],
  }));
  const { status, generation, stopReason: reason, submission } = task;
  const state = machineState(
    { status, generation, stopReason: reason, search: submission.search },
    candidates,
    steps,
    capReached(submission, task, spendingAt(task, now)),
  );
  return { state, steps };
}
