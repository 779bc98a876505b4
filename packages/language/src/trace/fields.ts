import type { Node } from '../ir/node.ts';
import { merge } from './merge.ts';
import { look, refuse, type Trace } from './trace.ts';
import { contents, FIELD_ENTRIES, type Field, type Place, undefinedValue, type Value } from './values.ts';

/** A field that may be missing on some paths: where it is there, and its value there. */
interface FoundField {
  readonly name: string;
  readonly there: Node;
  readonly value: Value;
}

/** The fields of a record in the order in which JavaScript counts them: whole numbers first, rising, then the rest. */
export function fieldsThere(
  trace: Trace,
  fields: ReadonlyMap<string, Field>,
  place: Place,
): readonly FoundField[] | null {
  look(trace, fields.size * FIELD_ENTRIES);
  if (fields.size > 1 && [...fields.values()].some(({ moves }) => moves === true)) {
    const names = (): string => [...fields.keys()].map((name) => `${name}: 0`).join(', ');
    refuse(
      trace,
      place,
      'shapes-differ',
      'Which field of the record comes first depends on a condition.',
      () => `Begin it with all fields, in one order: { ${names()} }.`,
    );
    return null;
  }
  const isIndex = (name: string): boolean => String(Number(name) >>> 0) === name;
  const names = [...fields.keys()];
  const order = [
    ...names.filter(isIndex).sort((a, b) => Number(a) - Number(b)),
    ...names.filter((name) => !isIndex(name)),
  ];
  return order.flatMap((name) => {
    const there = whereSet(trace, fields.get(name)?.value ?? undefinedValue);
    if (there.op === 'constant' && there.value === false) return [];
    return [{ name, there, value: instead(trace, fields.get(name)?.value ?? undefinedValue, null) ?? undefinedValue }];
  });
}

/** What a function gives for a value and those inside it: for one that several of them share, once. */
function shared<R>(of: (value: Value, inner: (value: Value) => R) => R): (value: Value) => R {
  const known = new Map<Value, R>();
  const inner = (value: Value): R => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const found = of(value, inner);
    known.set(value, found);
    return found;
  };
  return inner;
}

/** Where a field is in its record. */
export function whereSet(trace: Trace, field: Value): Node {
  const { graph } = trace;
  const where = shared<Node>((value, inner) => {
    const now = contents(value);
    if (now.kind !== 'choice') return graph.constant(!(now.kind === 'undefined' && now.unset !== undefined));
    const yes = graph.binary('&&', now.test, inner(now.yes));
    const no = inner(now.no);
    if (no.op === 'constant' && no.value === false) return yes;
    if (yes === now.test) return graph.binary('||', yes, no);
    return graph.binary('||', yes, graph.binary('&&', graph.unary('!', now.test), no));
  });
  return where(field);
}

/** The value with another in place of what is not set; without one, only the alternatives that are. */
function instead(trace: Trace, field: Value, other: Value | null): Value | null {
  const replaced = shared<Value | null>((value, inner) => {
    const now = contents(value);
    if (now.kind === 'undefined' && now.unset !== undefined) return other;
    if (now.kind !== 'choice') return value;
    const yes = inner(now.yes);
    const no = inner(now.no);
    return yes === null || no === null ? (yes ?? no) : merge(trace, now.test, yes, no);
  });
  return replaced(field);
}

function isLast(trace: Trace, fields: ReadonlyMap<string, Field>, name: string): boolean {
  look(trace, fields.size);
  return [...fields.keys()].at(-1) === name;
}

/** A field as it is set now: it stands where it stood, or last where some paths had not set it. */
export function reset(trace: Trace, fields: ReadonlyMap<string, Field>, name: string, field: Field): Field {
  const before = fields.get(name);
  if (before === undefined) return field;
  const wasThere = whereSet(trace, before.value);
  const stays = (wasThere.op === 'constant' && wasThere.value === true) || isLast(trace, fields, name);
  return before.moves === true || !stays ? { ...field, moves: true } : field;
}

/** Puts a field of one record over what another has under its name, which stays where the first has none. */
export function overlay(trace: Trace, fields: Map<string, Field>, name: string, field: Field): void {
  look(trace, FIELD_ENTRIES);
  const before = fields.get(name)?.value ?? { kind: 'undefined', unset: name };
  const value = instead(trace, field.value, before) ?? field.value;
  fields.set(name, reset(trace, fields, name, value === field.value ? field : { ...field, value }));
}
