import type { TaskMove } from '@rewardsmith/store';
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

/** Lets a paused task go on where it was, and returns the steps that may be taken; nothing for one that is not paused. */
export async function resumeTask(move: TaskMove, now: Date): Promise<readonly string[]> {
  const { status, pause } = move.task;
  if (status !== 'paused' || pause === null) return [];
  await move.updateTask({ status: pause.from, pause: null, updatedAt: now });
  await move.appendEvents([{ type: 'task.resumed' }]);
  return (await move.steps()).filter((step) => step.status === 'pending').map(({ id }) => id);
}
