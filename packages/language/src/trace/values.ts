import type { ArrowFunctionExpression, FunctionDeclaration, FunctionExpression } from 'acorn';
import type { ErrorCode } from '../codes.ts';
import type { FoldOperator, FormulaOperator, Node } from '../ir/node.ts';
import type { Cell, Scope } from './store.ts';

/** Where something stands in the source: offsets from 0, line and column from 1. */
export interface Place {
  readonly start: number;
  readonly line: number;
  readonly column: number;
}

/** Words of a finding, or how they are found: where that takes long, it is left until somebody is to read them. */
export type Words = string | (() => string);

/** What to say when a missing value is used after all. */
export interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: Words;
  readonly place: Place;
}

export interface Field {
  readonly value: Value;
  readonly place: Place;
  /** Where it stands among the other fields depends on a condition. */
  readonly moves?: true;
}

export type FunctionSyntax = ArrowFunctionExpression | FunctionDeclaration | FunctionExpression;

/** A number of the program, with its name, and how it is made of named ones. */
export interface KnownNumber {
  readonly kind: 'number';
  readonly value: number;
  readonly label?: string;
  readonly formula?: { readonly operator: FormulaOperator; readonly args: readonly KnownNumber[] };
}

/**
 * What an expression stands for while the program is traced. Lengths, records, text and functions are known then;
 * only `scalar` and `vector` remain for run time.
 */
export type Value =
  | KnownNumber
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** `null` counts as undefined, but is no default's occasion and not equal to it by ===. */
  | {
      readonly kind: 'undefined';
      readonly reason?: Reason;
      readonly isNull?: true;
      /** The field of that name is not in the record at all, on the paths where this stands. */
      readonly unset?: string;
    }
  /** A node that is a vector here is one entry of it, for every entry at once: see `lanes.ts`. */
  | { readonly kind: 'scalar'; readonly node: Node }
  | { readonly kind: 'vector'; readonly node: Node }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  /** `owner` names an input record, whose fields are all known. */
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Field>; readonly owner?: string }
  /** An array or record that the program built and may still change. */
  | { readonly kind: 'object'; readonly cell: Cell }
  | { readonly kind: 'function'; readonly syntax: FunctionSyntax; readonly scope: Scope; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'namespace'; readonly name: string }
  /** The items of an array whose mask holds: what `filter` gives when the test is only known at run time. */
  | { readonly kind: 'masked'; readonly items: readonly Value[]; readonly mask: readonly Node[] }
  /** The same for a vector. */
  | { readonly kind: 'maskedVector'; readonly node: Node; readonly mask: Node }
  /** Two values that cannot be merged into one node; which one it is shows at run time. */
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Value; readonly no: Value }
  /** An argument that stands for all entries of a vector. */
  | { readonly kind: 'spread'; readonly value: Value }
  /** The result of something that was refused: swallows what is done with it, so that one fault is told once. */
  | { readonly kind: 'poison' };

export const poison: Value = { kind: 'poison' };
export const undefinedValue: Value = { kind: 'undefined' };
export const nullValue: Value = { kind: 'undefined', isNull: true };
/** Undefined as a path leaves it that gives nothing: no entry that was looked for in vain. */
export const isLeftOut = (value: Value): boolean =>
  value.kind === 'undefined' && (value.reason === undefined || value.reason.code === 'missing-return');

export const numberValue = (value: number): Value => ({ kind: 'number', value });
export const booleanValue = (value: boolean): Value => ({ kind: 'boolean', value });
export const stringValue = (value: string): Value => ({ kind: 'string', value });

/** The number, truth value or text that a value is, where it is known; null elsewhere. */
export const primitive = (value: Value): number | boolean | string | null =>
  value.kind === 'number' || value.kind === 'boolean' || value.kind === 'string' ? value.value : null;

/** Follows a reference to the array or record it now holds. */
export function contents(value: Value): Value {
  return value.kind === 'object' ? value.cell.current : value;
}

/** What a field takes of time and memory, in entries of an array. */
export const FIELD_ENTRIES = 4;

/** What an array or a record takes besides: a list of pairs is more than what stands in them. */
const HOLDER_ENTRIES = 32;

/** Entries that a value holds itself. */
export function entriesOf(value: Value): number {
  if (value.kind === 'array' || value.kind === 'masked') return HOLDER_ENTRIES + value.items.length;
  return value.kind === 'record' ? HOLDER_ENTRIES + value.fields.size * FIELD_ENTRIES : 1;
}

/**
 * The value as it is now: later changes of its arrays and records do not show in it. What it holds in several places is copied once, so that a
 * value of a few arrays, each of which holds the one before it twice, does not grow to a tree of millions. `look` is told the
 * entries of each array or record that is copied.
 */
export function snapshot(value: Value, look: (entries: number) => void): Value {
  const copied = new Map<Value, Value>();
  const visit = (each: Value): Value => {
    const now = contents(each);
    if (now.kind !== 'array' && (now.kind !== 'record' || now.owner !== undefined)) return now;
    const known = copied.get(now);
    if (known !== undefined) return known;
    look(entriesOf(now));
    const copy = copyOf(now, visit);
    copied.set(now, copy);
    return copy;
  };
  return visit(value);
}

function copyOf(now: Value, copy: (item: Value) => Value): Value {
  if (now.kind === 'array') return { kind: 'array', items: now.items.map(copy) };
  if (now.kind !== 'record') return now;
  const fields = [...now.fields].map(([name, field]): [string, Field] => [
    name,
    { ...field, value: copy(field.value) },
  ]);
  return { kind: 'record', fields: new Map(fields) };
}

/** How a value is called in messages. */
export function describe(value: Value): string {
  const now = contents(value);
  switch (now.kind) {
    case 'number':
    case 'boolean':
      return `the ${now.kind} ${now.value}`;
    case 'string':
      return `the string '${now.value}'`;
    case 'scalar':
      return now.node.type.element === 'boolean' ? 'a boolean' : 'a number';
    case 'vector':
      return `a vector of ${now.node.type.length}`;
    case 'array':
      return `an array of ${now.items.length}`;
    case 'record':
      return now.owner === undefined ? 'a record' : `\`${now.owner}\`, a record`;
    case 'function':
    case 'builtin':
      return `the function ${now.name}`;
    case 'namespace':
      return `\`${now.name}\``;
    case 'masked':
    case 'maskedVector':
      return 'a filtered vector, whose length is only known at run time';
    default:
      return now.kind === 'undefined' ? 'undefined' : 'a value that depends on a condition';
  }
}

export const foldNeutral: Readonly<Record<FoldOperator, number | boolean>> = {
  '+': -0,
  '*': 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  '&&': true,
  '||': false,
};
