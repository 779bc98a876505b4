import { isRecord } from '@rewardsmith/contracts';
import { type ZodType, z } from 'zod';
import { storable } from './client/storable.ts';
import type { CallOutcome } from './outcome.ts';
import type { FormWords } from './prompts/prompt.ts';
import type { AnswerForm, BareForm } from './request.ts';

/** A form's schema as endpoints take it; every property is required and no other is allowed, as strict modes demand. */
export function jsonSchema(form: BareForm<unknown>): Readonly<Record<string, unknown>> {
  const { $schema: _version, ...schema } = z.toJSONSchema(form.schema, { target: 'draft-7' });
  return schema;
}

/** A form with the words that ask for it. */
export function worded<T>(form: BareForm<T>, words: FormWords): AnswerForm<T> {
  return {
    ...form,
    instructions: words.fenced,
    schemaInstructions: words.schema(JSON.stringify(jsonSchema(form))),
  };
}

const fence = /```[A-Za-z]*[ \t]*\r?\n([\s\S]*?)```/g;

/** A form whose text is JSON, fenced or not. */
export function jsonForm<T>(
  name: string,
  schema: ZodType<T>,
  adapt: (value: unknown) => unknown = (value) => value,
): BareForm<T> {
  return { name, schema, read: asJson, adapt };
}

type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

/** Texts of an answer that may be its JSON: all of it, its one fenced block, or what stands between its outermost braces. */
function jsonTexts(text: string): readonly string[] {
  const trimmed = text.trim();
  const blocks = [...trimmed.matchAll(fence)].map(([, block = '']) => block);
  const [from, to] = [trimmed.indexOf('{'), trimmed.lastIndexOf('}')];
  return [
    ...(/^[[{]/.test(trimmed) ? [trimmed] : []),
    ...(blocks.length === 1 ? blocks : []),
    ...(from >= 0 && to > from ? [trimmed.slice(from, to + 1)] : []),
  ];
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** JSON with the line ends and tabs escaped that stand in its strings as they are: small models write programs so. */
function withEscapes(text: string): string {
  let [inside, after] = [false, false];
  return Array.from(text, (character) => {
    const escaped = after;
    after = inside && !escaped && character === '\\';
    if (character === '"' && !escaped) inside = !inside;
    return inside && !escaped ? (escapes[character] ?? character) : character;
  }).join('');
}

function asJson(text: string): unknown {
  let fault: unknown = new Error('there is no JSON object');
  const parts = jsonTexts(text);
  for (const [index, part] of [...parts, ...parts.map(withEscapes)].entries()) {
    try {
      // Escapes of JSON may stand for characters that the text itself does not hold.
      return JSON.parse(part, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
    } catch (error) {
      if (index === 0) fault = error;
    }
  }
  throw fault;
}

/** What is meant where an answer stands alone in a list, or in an object under a single name. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 && isRecord(value[0]) ? unwrapped(value[0]) : value;
  if (!isRecord(value)) return value;
  const [only, ...more] = Object.values(value);
  return more.length === 0 && isRecord(only) ? unwrapped(only) : value;
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** Reads an answer as JSON; `json` tells whether it was JSON at all. */
function readJson<T>(form: BareForm<T>, text: string): Reading<T> & { readonly json: boolean } {
  let value: unknown;
  try {
    value = asJson(text);
  } catch (error) {
    return { ok: false, json: false, fault: `the JSON cannot be read: ${describe(error)}` };
  }
  const parsed = form.schema.safeParse(value);
  if (parsed.success) return { ok: true, json: true, value: parsed.data };
  const adapted = form.schema.safeParse(form.adapt(unwrapped(value)));
  return adapted.success
    ? { ok: true, json: true, value: adapted.data }
    : { ok: false, json: true, fault: describe(parsed.error) };
}

function readFenced<T>(form: BareForm<T>, text: string): Reading<T> {
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
export function readAnswer<T>(form: BareForm<T>, text: string): Reading<T> {
  const reading = readJson(form, text);
  if (reading.json) return reading;
  const fenced = readFenced(form, text);
  // JSON that breaks off is told as that, and not as a missing fence.
  return fenced.ok || !/^\s*(?:```json\s*)?[[{]/.test(text) ? fenced : reading;
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
