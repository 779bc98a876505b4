import { isDeepStrictEqual } from 'node:util';
import { ModelTerms } from '@rewardsmith/contracts';
import { mayPass } from '@rewardsmith/llm';
import type { TaskMove } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import { allowedModels, presentTerms } from '../model/terms.ts';
import { spendingAt } from './state.ts';

/**
 * Lets a task stand still with a reason: none of its steps is taken until it is resumed, or until `resumesAt`. One that waits for its
 * endpoint and is asked to pause waits for somebody from then on. Does nothing to any other that stands still, or has ended.
 */
export async function pauseTask(
  move: TaskMove,
  reason: string,
  message: string,
  now: Date,
  resumesAt: Date | null = null,
): Promise<void> {
  const { status, pause: standing } = move.task;
  if (status === 'paused' && standing !== null && standing.resumesAt !== null && reason === 'requested') {
    const pause = { reason, message, from: standing.from, resumesAt: null };
    await move.updateTask({ pause, updatedAt: now });
    await move.appendEvents([{ type: 'task.paused', pause }]);
    return;
  }
  if (status !== 'queued' && status !== 'running' && status !== 'finishing') return;
  const { wallClockSeconds } = spendingAt(move.task, now);
  const pause = { reason, message, from: status, resumesAt: resumesAt?.toISOString() ?? null };
  await move.updateTask({ status: 'paused', pause, wallClockSeconds, updatedAt: now });
  await move.appendEvents([{ type: 'task.paused', pause }]);
}

/**
 * When a task that paused for a fault of its endpoint goes on by itself: later with each time that it has done so without an
 * answer since, never before the provider's `Retry-After`; null where the fault does not pass by itself, after too many times, and after
 * too long a wait.
 */
export function resumptionAfter(
  {
    reason,
    retryAfterMilliseconds = 0,
  }: { readonly reason: string; readonly retryAfterMilliseconds?: number | undefined },
  resumptions: number,
  now: Date,
): Date | null {
  if (!mayPass(reason) || resumptions >= limits.resumptions) return null;
  const grown = Math.min(limits.resumeMostMilliseconds, limits.resumeMilliseconds * 2 ** resumptions);
  const wait = Math.max(grown, retryAfterMilliseconds);
  return wait > limits.resumeLongestMilliseconds ? null : new Date(now.getTime() + wait);
}

/** Lets a task go on whose time has come, and returns the steps that may be taken; nothing for one that was paused anew meanwhile. */
export async function resumeWhenDue(
  move: TaskMove,
  operator: ModelTerms | undefined,
  now: Date,
): Promise<readonly string[]> {
  const { status, pause } = move.task;
  const due = pause?.resumesAt ?? null;
  if (status !== 'paused' || due === null || new Date(due) > now) return [];
  const resumptions = move.task.resumptions + 1;
  const steps = await resumeTask(move, operator, now);
  await move.updateTask({ resumptions });
  return steps;
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
  await move.updateTask({
    status: pause.from,
    pause: null,
    resumptions: 0,
    updatedAt: now,
    ...(changed ? { terms } : {}),
  });
  await move.appendEvents([
    { type: 'task.resumed', ...(changed ? { models: [...allowedModels(terms)].toSorted() } : {}) },
  ]);
  return (await move.stepOutlines()).filter((step) => step.status === 'pending').map(({ id }) => id);
}
