import type { Node } from '../ir/node.ts';
import { heldName, remembered } from './held.ts';
import { itemsOf } from './items.ts';
import { overChoice } from './known.ts';
import { merge, packed } from './merge.ts';
import { numberNode } from './scalars.ts';
import { refuse, spend, type Trace } from './trace.ts';
import { contents, type Field, isLeftOut, numberValue, type Place, type Value } from './values.ts';

/** What the memory holds after the step. */
export type MemoryAfter = readonly { readonly name: string; readonly node: Node }[];

export function unchanged(trace: Trace, memory: ReadonlyMap<string, unknown>): MemoryAfter {
  return [...memory.keys()].map((name) => ({ name, node: trace.graph.variable('memory', name) }));
}

/** Entries that a path does not return keep their value. */
export function readMemory(
  trace: Trace,
  field: Field | null,
  memory: ReadonlyMap<string, unknown>,
): MemoryAfter | null {
  if (field === null) return unchanged(trace, memory);
  const after = new Map<string, Node | null>();
  const read = (name: string, value: Value, place: Place): void => {
    // A few records, each of which holds the one before it twice, have millions of entries, and each has a name of its own.
    spend(trace, place, 1 + name.length);
    const kept = keeping(trace, name, value, memory);
    const now = contents(kept);
    if (now.kind === 'record')
      for (const [inner, each] of now.fields) read(name === '' ? inner : `${name}.${inner}`, each.value, each.place);
    else if ((now.kind === 'array' || now.kind === 'vector') && (packed(trace, now) !== null || now.kind === 'array')) {
      (itemsOf(trace, now, place) ?? []).forEach((item, index) => {
        read(`${name}.${index}`, item, place);
      });
    } else if (!memory.has(name)) {
      refuse(
        trace,
        place,
        'unknown-memory',
        `\`memory\` has no entry \`${name}\`.`,
        `Declare it with its first value: export const memory = { ${name.split('.')[0]}: 0 };`,
      );
      after.set(name, null);
    } else if (memory.has(heldName(name))) {
      after.set(name, numberNode(trace, filled(trace, now, numberValue(0)), place, `The memory \`${name}\``));
      after.set(heldName(name), numberNode(trace, filled(trace, now, null), place));
    } else after.set(name, numberNode(trace, now, place, `The memory \`${name}\``));
  };
  read('', field.value, field.place);
  if ([...after.values()].some((node) => node === null)) return null;
  return [...memory.keys()].map((name) => ({
    name,
    node: after.get(name) ?? trace.graph.variable('memory', name),
  }));
}

/** Memory that may be null: its number with one in place of null, or 1 where there is a number and 0 where there is none. */
function filled(trace: Trace, value: Value, instead: Value | null): Value {
  const one = (each: Value): Value => {
    const nothing = contents(each).kind === 'undefined';
    return nothing ? (instead ?? numberValue(0)) : instead === null ? numberValue(1) : each;
  };
  return overChoice(value, one, (test, yes, no) => merge(trace, test, yes, no));
}

/** What a path leaves out keeps its value. */
function keeping(trace: Trace, name: string, value: Value, memory: ReadonlyMap<string, unknown>): Value {
  const one = (each: Value): Value => {
    const now = contents(each);
    if (now.kind !== 'undefined' || now.isNull === true || !isLeftOut(now)) return each;
    if (name === '') return { kind: 'record', fields: new Map() };
    return remembered(trace, name, memory.has(heldName(name)));
  };
  return overChoice(value, one, (test, yes, no) => merge(trace, test, yes, no));
}
