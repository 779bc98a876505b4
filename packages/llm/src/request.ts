import { createHash } from 'node:crypto';
import type { Effort } from '@rewardsmith/contracts';
import type { ZodType } from 'zod';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * What an answer is read as: a schema for endpoints that hold a model to one, and a fenced text form for those that do not.
 */
export interface BareForm<T> {
  readonly name: string;
  readonly schema: ZodType<T>;
  /** Reads the fenced form. Throws an error that says what is missing; `schema` checks what it returns. */
  readonly read: (text: string) => unknown;
  /** Puts JSON of another shape right where it is plain what is meant; `schema` checks what it returns. */
  readonly adapt: (value: unknown) => unknown;
}

/** A form with the words that ask for it at the end of a prompt. */
export interface AnswerForm<T> extends BareForm<T> {
  /** Said where the endpoint has no schemas. */
  readonly instructions: string;
  /** Said beside the schema: some endpoints take one and hold the answer to any JSON. */
  readonly schemaInstructions: string;
}

/** One question to a model, as callers put it. */
export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly temperature?: number | undefined;
  readonly effort?: Effort | undefined;
  readonly maxTokens: number;
}

/** Hash of what is asked: equal requests get equal answers from a record. */
export function requestHash(request: ModelRequest, form: string): string {
  const { model, messages, temperature, effort, maxTokens } = request;
  const text = JSON.stringify([model, messages, temperature ?? null, effort ?? null, maxTokens, form]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
