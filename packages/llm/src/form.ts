import { isRecord, shortened } from '@rewardsmith/contracts';
import { type ZodType, z } from 'zod';
import { storable } from './client/storable.ts';
import { limits } from './limits.ts';
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
  const [first, second] = trimmed.matchAll(fence).take(2);
  const [from, to] = [trimmed.indexOf('{'), trimmed.lastIndexOf('}')];
  return [
    ...(/^[[{]/.test(trimmed) ? [trimmed] : []),
    ...(first !== undefined && second === undefined ? [first[1] ?? ''] : []),
    ...(from >= 0 && to > from ? [trimmed.slice(from, to + 1)] : []),
  ];
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** JSON with the line ends and tabs escaped that stand in its strings as they are: small models write programs so. */
function withEscapes(text: string): string {
  let [written, from, inside] = ['', 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') inside = !inside;
    if (!inside) continue;
    const spelt = escapes[character];
    if (spelt !== undefined) {
      written += text.slice(from, at) + spelt;
      from = at + 1;
    } else if (character === '\\') at += 1;
  }
  return written + text.slice(from);
}

/**
 * A value of an answer whose texts may be kept: escapes of JSON stand for characters that the text itself does not hold. Throws where it is
 * larger than any answer that is asked for, before each of its values is looked at by a schema.
 */
function kept(value: unknown): unknown {
  let left = limits.answerValues;
  const part = (inner: unknown, depth: number): unknown => {
    if (typeof inner === 'string') return storable(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    const names = Object.keys(inner);
    left -= names.length;
    if (left < 0) throw new Error(`it holds more than ${limits.answerValues} values`);
    if (depth === limits.answerNesting) throw new Error(`it is nested more than ${limits.answerNesting} deep`);
    if (Array.isArray(inner)) return inner.map((entry) => part(entry, depth + 1));
    return Object.fromEntries(Object.entries(inner).map(([name, entry]) => [name, part(entry, depth + 1)]));
  };
  return part(value, 0);
}

function asJson(text: string): unknown {
  const parts = jsonTexts(text);
  const tried = new Set<string>();
  let fault: unknown;
  for (const written of [(part: string) => part, withEscapes]) {
    for (const part of parts.map(written)) {
      if (tried.has(part)) continue;
      tried.add(part);
      try {
        return kept(JSON.parse(part));
      } catch (error) {
        fault ??= error;
      }
    }
  }
  throw fault ?? new Error('there is no JSON object');
}

/** What is meant where an answer stands alone in a list, or in an object under a single name. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 && isRecord(value[0]) ? unwrapped(value[0]) : value;
  if (!isRecord(value)) return value;
  const [only, ...more] = Object.values(value);
  return more.length === 0 && isRecord(only) ? unwrapped(only) : value;
}

/** What is wrong with an answer, in a sentence that may be kept: it quotes the answer. */
function describe(error: unknown): string {
  const said =
    error instanceof z.ZodError
      ? error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`).join('; ')
      : error instanceof Error
        ? error.message
        : String(error);
  return shortened(storable(said), limits.messageLength);
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
