import { type ZodType, z } from 'zod';
import { storable } from './client/storable.ts';
import type { CallOutcome } from './outcome.ts';
import type { AnswerForm } from './request.ts';

/** A form's schema as endpoints take it; every property is required and no other is allowed, as strict modes demand. */
export function jsonSchema(form: AnswerForm<unknown>): Readonly<Record<string, unknown>> {
  const { $schema: _version, ...schema } = z.toJSONSchema(form.schema, { target: 'draft-7' });
  return schema;
}

/** Asks for JSON in words, beside the schema. */
export function jsonInstructions(form: AnswerForm<unknown>): string {
  return `Answer with one JSON object of this JSON schema, and nothing else:\n\n${JSON.stringify(jsonSchema(form))}`;
}

const fence = /```[A-Za-z]*[ \t]*\r?\n([\s\S]*?)```/g;

/** The one fenced block of a text. Throws when there is none, or more than one. */
export function onlyFence(text: string): string {
  const blocks = [...text.matchAll(fence)].map(([, block = '']) => block);
  const [block, second] = blocks;
  if (block === undefined) throw new Error('there is no fenced block (``` on a line of its own before and after)');
  if (second !== undefined) throw new Error(`there are ${blocks.length} fenced blocks, one is wanted`);
  return block;
}

/** A form whose fenced text is one block of JSON. `example` shows the shape in the prompt. */
export function jsonForm<T>(name: string, schema: ZodType<T>, example: string): AnswerForm<T> {
  return {
    name,
    schema,
    instructions: [
      'Answer with one fenced block of JSON of exactly this shape, and nothing after it:',
      '',
      '```json',
      example,
      '```',
    ].join('\n'),
    read: asJson,
  };
}

type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

function asJson(text: string): unknown {
  const trimmed = text.trim();
  // Escapes of JSON may stand for characters that the text itself does not hold.
  return JSON.parse(trimmed.startsWith('{') ? trimmed : onlyFence(trimmed), (_, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  );
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** Reads an answer as JSON; `json` tells whether it was JSON at all. */
function readJson<T>(form: AnswerForm<T>, text: string): Reading<T> & { readonly json: boolean } {
  let value: unknown;
  try {
    value = asJson(text);
  } catch (error) {
    return { ok: false, json: false, fault: describe(error) };
  }
  const parsed = form.schema.safeParse(value);
  return parsed.success
    ? { ok: true, json: true, value: parsed.data }
    : { ok: false, json: true, fault: describe(parsed.error) };
}

function readFenced<T>(form: AnswerForm<T>, text: string): Reading<T> {
  try {
    return { ok: true, value: form.schema.parse(form.read(text)) };
  } catch (error) {
    return { ok: false, fault: describe(error) };
  }
}

/**
 * Reads an answer in whichever of its two forms it came, whatever was asked for: JSON first, since its strings may hold fences.
 * Live answers, kept ones and those of a record are all read here, so that none is read in two ways.
 */
export function readAnswer<T>(form: AnswerForm<T>, text: string): Reading<T> {
  const reading = readJson(form, text);
  return reading.json ? reading : readFenced(form, text);
}

/** An answer that came in full and does not have its form. */
export function malformed(outcome: Extract<CallOutcome, { kind: 'answered' }>, fault: string): CallOutcome {
  return {
    kind: 'bad-answer',
    reason: 'malformed',
    message: `The answer does not have the form that was asked for: ${fault}`,
    answer: outcome.answer,
  };
}
