import type { ModelCost } from '@rewardsmith/contracts';
import { addCosts, isBadAnswer, noCost, withoutCost } from '@rewardsmith/llm';
import type { ModelCallRow, TaskMove } from '@rewardsmith/store';
import { spent } from '../machine/stages.ts';
import { spendingAt } from '../moves/state.ts';
import type { Question } from './question.ts';

/** Adds tries of a call, of which `outcome` came, and what they cost to what the task has spent. */
export async function spendCalls(move: TaskMove, outcome: string, tries: number, cost: ModelCost): Promise<void> {
  // An answer, of use or not, shows that the endpoint is there again.
  const answered = outcome === 'answered' || isBadAnswer(outcome);
  await move.updateTask({
    ...(answered ? { resumptions: 0 } : {}),
    modelCalls: move.task.modelCalls + tries,
    modelCost: addCosts(move.task.modelCost, cost),
    stages: spent(move.task.stages, 'propose', { modelCalls: tries }),
  });
}

/** Tells those who follow the task how a call has ended, and what the tries of it cost that they have not been told of. */
export async function tellCall(
  move: TaskMove,
  { key, model, prompt }: Question<unknown>,
  outcome: string,
  whole: ModelCost,
  told: ModelCallRow['told'],
  now: Date,
): Promise<void> {
  const cost = withoutCost(whole, told?.cost ?? noCost);
  // A call that ends after its task is accounted for, and told to nobody: the stream has had its last event.
  if (move.task.finishedAt !== null) return;
  const spending = spendingAt(move.task, now);
  await move.appendEvents([{ type: 'model.called', purpose: prompt.purpose, key, model, outcome, cost, spending }]);
}
