import {
  amountOf,
  type CallOutcome,
  type CallResult,
  isBadAnswer,
  mayPass,
  noCost,
  readAnswer,
  type Try,
} from '@rewardsmith/llm';
import type { ModelCallRow, TaskMove } from '@rewardsmith/store';
import { tellCall } from './accounting.ts';
import { EndpointUnavailable, TaskAtRest } from './failure.ts';
import type { Question, Reply } from './question.ts';

/** What became of a call that was reserved: a reply, no endpoint, or its turn never came. */
export type Outcome<T> =
  | Reply<T>
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly message: string;
      readonly retryAfterMilliseconds?: number | undefined;
    }
  | { readonly kind: 'unsent' };

/** Said of a call that was under way and of which nothing came, and of one of which no request was. */
export const lostMessage = 'The service ended while the answer was under way.';
export const unsentMessage = 'No request of it was under way.';
export const lostTry: Try = { outcome: 'lost', milliseconds: 0, usage: null, unreported: true };

/** Throws where a result stands for no answer; what a person has to look at is told before what may pass. */
export function throwWhenFailed(results: readonly Outcome<unknown>[]): void {
  const failed = results.filter((result) => result.kind === 'unavailable');
  const worst = failed.find(({ reason }) => !mayPass(reason)) ?? failed[0];
  if (worst !== undefined) throw new EndpointUnavailable(worst.reason, worst.message, worst.retryAfterMilliseconds);
  if (results.some(({ kind }) => kind === 'unsent')) throw new TaskAtRest('the task came to rest meanwhile');
}

/** Whether a call ended with none of its requests under way: before it was sent, or while it waited for its next try. It can be asked anew. */
export function isUnsent({ outcome, tries }: CallResult<unknown>): boolean {
  return (
    outcome.kind === 'cancelled' &&
    !tries.some((each) => each.outcome === 'cancelled' || each.outcome === lostTry.outcome)
  );
}

/** Whether a question that is too long is asked with less in it, or not at all. */
export function mayBeLeftOut({ shorter, optional }: Question<unknown>): boolean {
  return shorter !== undefined || optional === true;
}

/** The reply to a question that is not asked, because its worst case is larger than the cap on one call. */
export function tooLongForCap<T>({ key }: Question<T>, row: ModelCallRow | undefined): Reply<T> {
  const message = 'At its worst case it would pass the cap on one call.';
  return { key, answeredBy: null, cost: row?.cost ?? noCost, kind: 'bad-answer', reason: 'prompt-too-long', message };
}

/** What an outcome says of itself. */
export function messageOf(outcome: CallOutcome): string {
  return outcome.kind === 'bad-answer' || outcome.kind === 'unavailable' ? outcome.message : '';
}

/** Whether a settled call is over for good: one that only found no endpoint is made again when its task is resumed. */
export function isOver(row: ModelCallRow): boolean {
  const { outcome } = row;
  return (
    row.status === 'settled' &&
    outcome !== null &&
    (outcome === 'answered' || outcome === 'lost' || isBadAnswer(outcome))
  );
}

/** The reply that a settled call stands for. */
export function replyFrom<T>(question: Question<T>, row: ModelCallRow): Reply<T> {
  const made = { key: row.key, answeredBy: row.answer?.model ?? null, cost: row.cost };
  const reason = row.outcome ?? 'lost';
  if (reason === 'answered') {
    const reading = readAnswer(question.form, row.answer?.text ?? '');
    return reading.ok
      ? { ...made, kind: 'answered', value: reading.value }
      : { ...made, kind: 'bad-answer', reason: 'malformed', message: reading.fault };
  }
  return { ...made, kind: 'bad-answer', reason: isBadAnswer(reason) ? reason : 'lost', message: row.message };
}

/** Gives back what an earlier attempt reserved and had not sent, or not sent again, and tells of the tries of it that were made. */
export async function releaseUnsent(move: TaskMove, questions: readonly Question<unknown>[], now: Date): Promise<void> {
  for (const question of questions) {
    const { key } = question;
    const row = await move.modelCalls.find(key);
    if (row?.status !== 'reserved' || row.sentTries > row.tries.length) continue;
    const { tries, cost } = row;
    const holder = { stepId: row.stepId, attempt: row.stepAttempt };
    const held = { ...amountOf(cost), tries: tries.length };
    const settlement = { outcome: 'unsent', message: unsentMessage, answer: null, tries, cost };
    await move.modelCalls.hold(key, holder, held, settlement);
    if (tries.length > (row.told?.tries ?? 0)) await tellCall(move, question, 'unsent', cost, row.told, now);
  }
}
