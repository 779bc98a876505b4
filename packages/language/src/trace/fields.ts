import type { Node } from '../ir/node.ts';
import { merge } from './merge.ts';
import type { Trace } from './trace.ts';
import { contents, type Field, undefinedValue, type Value } from './values.ts';

/** A field that may be missing on some paths: where it is there, and its value there. */
interface FoundField {
  readonly name: string;
  readonly there: Node;
  readonly value: Value;
}

/** The fields of a record in the order in which JavaScript counts them: whole numbers first, rising, then the rest. */
export function fieldsThere(trace: Trace, fields: ReadonlyMap<string, Field>): readonly FoundField[] {
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

/** Where a field is in its record. */
export function whereSet(trace: Trace, value: Value): Node {
  const { graph } = trace;
  const now = contents(value);
  if (now.kind !== 'choice') return graph.constant(!(now.kind === 'undefined' && now.unset !== undefined));
  const yes = graph.binary('&&', now.test, whereSet(trace, now.yes));
  const no = whereSet(trace, now.no);
  if (no.op === 'constant' && no.value === false) return yes;
  if (yes === now.test) return graph.binary('||', yes, no);
  return graph.binary('||', yes, graph.binary('&&', graph.unary('!', now.test), no));
}

/** The value with another in place of what is not set; without one, only the alternatives that are. */
function instead(trace: Trace, value: Value, other: Value | null): Value | null {
  const now = contents(value);
  if (now.kind === 'undefined' && now.unset !== undefined) return other;
  if (now.kind !== 'choice') return value;
  const yes = instead(trace, now.yes, other);
  const no = instead(trace, now.no, other);
  return yes === null || no === null ? (yes ?? no) : merge(trace, now.test, yes, no);
}

/** Puts a field of one record over what another has under its name, which stays where the first has none. */
export function overlay(trace: Trace, fields: Map<string, Field>, name: string, field: Field): void {
  const before = fields.get(name)?.value ?? { kind: 'undefined', unset: name };
  const value = instead(trace, field.value, before) ?? field.value;
  fields.set(name, value === field.value ? field : { ...field, value });
}
