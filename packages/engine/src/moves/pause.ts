import { isDeepStrictEqual } from 'node:util';
import { ModelTerms } from '@rewardsmith/contracts';
import type { TaskMove } from '@rewardsmith/store';
import { allowedModels, presentTerms } from '../model/terms.ts';
import { spendingAt } from './state.ts';

/** Lets a task stand still with a reason: none of its steps is taken until it is resumed. Does nothing to one that has ended. */
export async function pauseTask(move: TaskMove, reason: string, message: string, now: Date): Promise<void> {
  const { status } = move.task;
  if (status !== 'queued' && status !== 'running' && status !== 'finishing') return;
  const { wallClockSeconds } = spendingAt(move.task, now);
  const pause = { reason, message, from: status };
  await move.updateTask({ status: 'paused', pause, wallClockSeconds, updatedAt: now });
  await move.appendEvents([{ type: 'task.paused', pause }]);
}

/**
 * Lets a paused task go on where it was, and returns the steps that may be taken; nothing for one that is not paused. After a fault of
 * the endpoint it goes on with `operator`'s present terms: a model or a cap that was wrong can have been put right.
 */
export async function resumeTask(
  move: TaskMove,
  operator: ModelTerms | undefined,
  now: Date,
): Promise<readonly string[]> {
  const { status, pause, terms: before, submission } = move.task;
  if (status !== 'paused' || pause === null) return [];
  const faulted = operator !== undefined && before !== null && pause.reason !== 'requested';
  const terms = faulted ? presentTerms(operator, submission) : before;
  // What is stored has no properties that are undefined.
  const changed = terms !== null && !isDeepStrictEqual(ModelTerms.parse(JSON.parse(JSON.stringify(terms))), before);
  await move.updateTask({ status: pause.from, pause: null, updatedAt: now, ...(changed ? { terms } : {}) });
  await move.appendEvents([
    { type: 'task.resumed', ...(changed ? { models: [...allowedModels(terms)].toSorted() } : {}) },
  ]);
  return (await move.steps()).filter((step) => step.status === 'pending').map(({ id }) => id);
}
