import { LabelledEpisode, TrainingRun } from '@rewardsmith/contracts';
import type { TrainingResult } from '@rewardsmith/training';
import { limits } from '../limits.ts';

/** Episodes that a training may send back: best, worst and median, and one under varied dynamics. */
const EPISODES = 4;

const [SQUARE, CURLY, QUOTE, COMMA] = [...'[{",'].map((character) => character.charCodeAt(0));
/** Quotes of an entry: of its name, and of a text that it may be. */
const QUOTES = 4;

/** What is wrong with a result that came out of a runner. */
class Malformed extends Error {}

/** What a result may still hold. The schemas note every entry that is wrong: so all of them are counted before they see it. */
interface Allowance {
  numbers: number;
  entries: number;
}

/** A training result, JSON as it came out of a runner, or the first thing that is wrong with it: every number is finite. */
export function readTrainingResult(bytes: Uint8Array): TrainingResult | { readonly wrong: string } {
  const allowance: Allowance = { numbers: limits.resultNumbers, entries: limits.resultEntries };
  try {
    const { run, episodes, policy, nonFiniteReturns } = record(parsedText(bytes));
    return {
      run: parsed(TrainingRun, counted(run, allowance)),
      episodes: Array.from(list(episodes, EPISODES), (episode) =>
        parsed(LabelledEpisode, columnar(episode, allowance)),
      ),
      policy: numbers(policy, allowance),
      nonFiniteReturns: finite(nonFiniteReturns),
    };
  } catch (error) {
    if (error instanceof Malformed) return { wrong: error.message };
    throw error;
  }
}

/**
 * Lists and records take twenty times the memory of their two characters, and names and texts a hundred times the processor's time of as long a
 * number: all are few in a result, and are counted before it is parsed.
 */
function parsedText(bytes: Uint8Array): unknown {
  let [opened, quotes, commas] = [0, 0, 0];
  for (const byte of bytes) {
    if (byte === SQUARE || byte === CURLY) opened += 1;
    else if (byte === QUOTE) quotes += 1;
    else if (byte === COMMA) commas += 1;
  }
  const { resultEntries, resultNumbers } = limits;
  if (opened > resultEntries) throw new Malformed(`more than ${resultEntries} lists and records`);
  if (quotes > QUOTES * resultEntries) throw new Malformed(`more than ${resultEntries} names and texts`);
  if (commas > resultNumbers + resultEntries) throw new Malformed(`more than ${resultNumbers} numbers`);
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    throw new Malformed('no JSON');
  }
}

/** An episode: its columns are lists of numbers, the rest is small. */
function columnar(episode: unknown, allowance: Allowance): unknown {
  const { columns, components, ...rest } = record(episode);
  counted([rest, Object.keys(record(columns)), Object.keys(record(components))], allowance);
  for (const column of [columns, components].flatMap((each) => Object.values(record(each)))) numbers(column, allowance);
  return episode;
}

/** The value, once its entries are counted, at whatever depth, and none of them names a number that JSON cannot write. */
function counted(value: unknown, allowance: Allowance): unknown {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    const entries = Object.entries(Array.isArray(next) ? list(next, allowance.entries) : record(next));
    allowance.entries -= entries.length;
    if (allowance.entries < 0) throw new Malformed(`more than ${limits.resultEntries} entries`);
    for (const [name, entry] of entries) {
      if (isNonFinite(entry)) throw new Malformed(`${name.slice(0, 100)} is ${entry}, where a number belongs`);
      pending.push(entry);
    }
  }
  return value;
}

function numbers(value: unknown, allowance: Allowance): number[] {
  const entries = list(value, allowance.numbers);
  allowance.numbers -= entries.length;
  return Array.from(entries, finite);
}

/** Not a list, which would be spread out into as many entries as it has. */
function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new Malformed(`${kindOf(value)} where a record belongs`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function list(value: unknown, longest: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longest) throw new Malformed('a list of another length');
  return value;
}

function finite(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Malformed(`${kindOf(value)} where a number belongs`);
  return value;
}

/** Not its text, which may be long, but of a number that JSON has no way to write. */
function kindOf(value: unknown): string {
  return typeof value === 'number' || isNonFinite(value) ? String(value) : typeof value;
}

const nonFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(String);
const isNonFinite = (value: unknown): value is string => nonFinite.some((each) => each === value);

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function parsed<T>(schema: Schema<T>, value: unknown): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new Malformed(`${issue?.path.map(String).join('.')}: ${issue?.message}`.slice(0, 200));
}
