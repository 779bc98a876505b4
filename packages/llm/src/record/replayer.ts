import type { AskOptions, CallResult, Model } from '../client/endpoint.ts';
import { readAnswer } from '../form.ts';
import { type CallOutcome, isBadAnswer, type LastingFault, type PassingFault } from '../outcome.ts';
import { type AnswerForm, type ModelRequest, requestHash } from '../request.ts';
import type { RecordedCall } from './conversation.ts';

/** The record has no answer to a request: the task that is run again has gone another way. */
export class NotRecorded extends Error {}

function outcomeOf({ outcome, message, answer, cost }: RecordedCall): CallOutcome {
  const full = answer === null ? null : { ...answer, usage: cost };
  if (outcome === 'answered' && full !== null) return { kind: 'answered', answer: full };
  // A call that was lost in a crash came to nothing that could be used.
  if (outcome === 'cancelled' || outcome === 'lost') return { kind: 'cancelled' };
  return isBadAnswer(outcome)
    ? { kind: 'bad-answer', reason: outcome, message, answer: full }
    : { kind: 'unavailable', reason: outcome as PassingFault | LastingFault, message };
}

/** A model that answers from a record, without a network. Each recorded answer is given once, in the order of the record. */
export function createReplayer(calls: readonly RecordedCall[]): Model {
  const waiting = new Map<string, RecordedCall[]>();
  for (const call of calls) waiting.set(call.requestHash, [...(waiting.get(call.requestHash) ?? []), call]);
  return {
    async ask<T>(request: ModelRequest, form: AnswerForm<T>, _options: AskOptions): Promise<CallResult<T>> {
      const hash = requestHash(request, form.name);
      const call = waiting.get(hash)?.shift();
      if (call === undefined) throw new NotRecorded(`the record holds no answer to request ${hash} of ${form.name}`);
      const outcome = outcomeOf(call);
      if (outcome.kind !== 'answered') return { outcome, value: undefined, tries: call.tries };
      const reading = readAnswer(form, outcome.answer.text);
      if (!reading.ok) throw new NotRecorded(`the recorded answer to ${hash} no longer has its form: ${reading.fault}`);
      return { outcome, value: reading.value, tries: call.tries };
    },
  };
}
