import type { Node } from '../ir/node.ts';
import { asValue } from './scalars.ts';
import { look, refuse, type Trace } from './trace.ts';
import { contents, describe, type Place, stringValue, type Value } from './values.ts';

/** The entries of a vector or array, one value each; null after reporting that there are none. */
export function itemsOf(trace: Trace, value: Value, place: Place): readonly Value[] | null {
  const now = contents(value);
  switch (now.kind) {
    case 'array':
      look(trace, now.items.length);
      return now.items;
    case 'vector': {
      const { node } = now;
      return Array.from({ length: node.type.length ?? 0 }, (_, index) => asValue(trace.graph.take(node, index)));
    }
    case 'string':
      look(trace, now.value.length);
      return [...now.value].map(stringValue);
    case 'poison':
      return null;
    case 'masked':
    case 'maskedVector':
      refuse(
        trace,
        place,
        'filtered-vector',
        'How many entries there are depends on values of the step, so they cannot be taken apart.',
        'Reduce the filtered vector (length, map, reduce, some, every), or use v.map((x) => (test ? x : 0)).',
      );
      return null;
    case 'scalar':
    case 'number':
    case 'boolean':
      refuse(
        trace,
        place,
        'not-a-vector',
        `This is ${describe(now)}, not a vector.`,
        'Use it as it is: a scalar has no entries.',
      );
      return null;
    default:
      refuse(
        trace,
        place,
        'not-a-vector',
        `This is ${describe(now)}, not a vector.`,
        'Use an array or a vector field here.',
      );
      return null;
  }
}

/** A new array, which the program may change. */
export function list(trace: Trace, items: readonly Value[]): Value {
  return { kind: 'object', cell: trace.store.create({ kind: 'array', items }) };
}

/** The refusal of an array with more entries than one may have; null for all others. */
export function tooLong(trace: Trace, length: number, place: Place): Value | null {
  const most = trace.limits.arrayLength;
  if (!(length > most)) return null;
  return refuse(trace, place, 'program-too-large', `An array may have ${most} entries.`, 'Use a shorter one.');
}

/** A new vector: an array that the program may change, kept whole until it does. */
export function freshVector(trace: Trace, node: Node): Value {
  return { kind: 'object', cell: trace.store.create({ kind: 'vector', node }) };
}
