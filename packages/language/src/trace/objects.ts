import type { Node } from '../ir/node.ts';
import { nothing } from './arithmetic.ts';
import { write } from './branch.ts';
import { fieldsThere, overlay, whereSet } from './fields.ts';
import { itemsOf, list, tooLong } from './items.ts';
import { narrowed, overChoice } from './known.ts';
import { listOf, partsOf } from './masked.ts';
import { joined, merge } from './merge.ts';
import { testNumber } from './number-tests.ts';
import { asValue } from './scalars.ts';
import { look, lookThrough, refuse, type Trace } from './trace.ts';
import {
  booleanValue,
  contents,
  describe,
  FIELD_ENTRIES,
  type Field,
  numberValue,
  type Place,
  poison,
  stringValue,
  undefinedValue,
  type Value,
} from './values.ts';

/** `Object.keys`, `Array.from`, `Number.isFinite` and their like. */
export function callNamespace(trace: Trace, name: string, args: readonly Value[], place: Place): Value {
  const [first = undefinedValue, second = undefinedValue] = args;
  switch (name) {
    case 'Object.freeze':
      return first;
    case 'Object.keys':
    case 'Object.values':
    case 'Object.entries':
      return entries(trace, name, first, place);
    case 'Object.fromEntries':
      return fromEntries(trace, first, place);
    case 'Object.assign':
      return assignAll(trace, args, place);
    case 'Object.hasOwn':
      return hasField(trace, first, second, place);
    case 'Array.isArray': {
      const one = (each: Value): Value =>
        booleanValue(['array', 'vector', 'masked', 'maskedVector'].includes(contents(each).kind));
      return overChoice(narrowed(trace, first), one, joined(trace, place));
    }
    case 'Array.of':
      return list(trace, args);
    case 'Array.from':
      return arrayFrom(trace, first, second, place);
    case 'Array':
      return newArray(trace, args, place);
    default:
      return testNumber(trace, name, first, place);
  }
}

function fieldsOf(trace: Trace, value: Value, place: Place): ReadonlyMap<string, Field> | null {
  const now = contents(value);
  if (now.kind === 'record') return now.fields;
  if (now.kind === 'array' || now.kind === 'vector') {
    const items = itemsOf(trace, now, place) ?? [];
    look(trace, items.length * FIELD_ENTRIES);
    return new Map(items.map((item, index): [string, Field] => [String(index), { value: item, place }]));
  }
  refuse(trace, place, 'not-a-record', `This is ${describe(now)}, not a record.`, 'Use a record here.');
  return null;
}

function entries(trace: Trace, name: string, value: Value, place: Place): Value {
  const fields = fieldsOf(trace, value, place);
  if (fields === null) return poison;
  const there = fieldsThere(trace, fields, place);
  if (there === null) return poison;
  const parts = there.map(({ name: key, there, value: held }) => {
    if (name === 'Object.keys') return { there, item: stringValue(key) };
    return { there, item: name === 'Object.values' ? held : list(trace, [stringValue(key), held]) };
  });
  return listOf(trace, parts);
}

/** `key in record` and `Object.hasOwn(record, key)`. */
export function hasField(trace: Trace, holder: Value, key: Value, place: Place): Value {
  const fields = fieldsOf(trace, holder, place);
  if (fields === null) return poison;
  const one = (each: Value): Value => {
    const now = contents(each);
    if (now.kind === 'poison') return poison;
    if (now.kind === 'scalar' && now.node.type.element === 'number') return asValue(placeIn(trace, fields, now.node));
    if (now.kind === 'string') lookThrough(trace, now.value);
    const name = now.kind === 'undefined' ? nothing(now) : 'value' in now ? String(now.value) : null;
    if (name === null)
      return refuse(trace, place, 'dynamic-key', 'A field is asked for by a value of the step.', 'Use fixed names.');
    const field = fields.get(name);
    return field === undefined ? booleanValue(false) : asValue(whereSet(trace, field.value));
  };
  return overChoice(narrowed(trace, key), one, joined(trace, place));
}

/** Where a number of the step names one of the fields. */
function placeIn(trace: Trace, fields: ReadonlyMap<string, Field>, key: Node): Node {
  const { graph } = trace;
  return [...fields].reduce<Node>((found, [name, { value }]) => {
    if (String(Number(name)) !== name) return found;
    const here = graph.binary('===', key, graph.constant(Number(name)));
    return graph.binary('||', found, graph.binary('&&', here, whereSet(trace, value)));
  }, graph.constant(false));
}

function fromEntries(trace: Trace, value: Value, place: Place): Value {
  const fields = new Map<string, Field>();
  if (!['array', 'masked', 'vector'].includes(contents(value).kind) && itemsOf(trace, value, place) === null)
    return poison;
  for (const { item: pair, there } of partsOf(trace, value, place)) {
    const [key, item] = itemsOf(trace, pair, place) ?? [];
    const name = key === undefined ? undefinedValue : contents(key);
    if (name.kind === 'string' || name.kind === 'number') {
      const before = fields.get(String(name.value))?.value ?? { kind: 'undefined', unset: String(name.value) };
      fields.set(String(name.value), { value: merge(trace, there, item ?? undefinedValue, before), place });
    } else return refuse(trace, place, 'dynamic-key', 'A field is named by a value of the step.', 'Use fixed names.');
  }
  return { kind: 'object', cell: trace.store.create({ kind: 'record', fields }) };
}

function assignAll(trace: Trace, args: readonly Value[], place: Place): Value {
  const [target, ...sources] = args;
  if (target?.kind !== 'object') {
    return refuse(
      trace,
      place,
      'input-mutation',
      'The first argument of Object.assign is overwritten.',
      'Write { ...a, ...b }.',
    );
  }
  const base = fieldsOf(trace, target, place);
  const more = sources.map((source) => fieldsOf(trace, source, place));
  if (base === null || more.some((fields) => fields === null)) return poison;
  look(trace, base.size * FIELD_ENTRIES);
  const fields = new Map(base);
  for (const source of more) for (const [name, field] of source ?? []) overlay(trace, fields, name, field);
  write(trace, target.cell, { kind: 'record', fields }, place);
  return target;
}

function arrayFrom(trace: Trace, source: Value, each: Value, place: Place): Value {
  const now = contents(source);
  let items: readonly Value[] | null;
  if (now.kind === 'record') {
    const length = contents(now.fields.get('length')?.value ?? numberValue(0));
    if (length.kind !== 'number') return poisonLength(trace, length, place);
    const refused = tooLong(trace, length.value, place);
    if (refused !== null) return refused;
    items = unset(length.value);
  } else items = itemsOf(trace, now, place);
  if (items === null) return poison;
  if (each.kind === 'undefined') return list(trace, items);
  return list(
    trace,
    items.map((item, index) => trace.invoke(each, [item, numberValue(index)], place)),
  );
}

function newArray(trace: Trace, args: readonly Value[], place: Place): Value {
  const [length] = args;
  if (args.length !== 1 || length === undefined) return list(trace, args);
  if (length.kind === 'vector' || length.kind === 'object' || length.kind === 'array')
    return list(trace, itemsOf(trace, length, place) ?? []);
  if (length.kind !== 'number') return poisonLength(trace, length, place);
  const refused = tooLong(trace, length.value, place);
  if (refused !== null) return refused;
  return list(trace, unset(length.value));
}

/** The entries of an array of which only the length is said, which `Array.from` would make one by one. */
function unset(length: number): readonly Value[] {
  const whole = Math.max(0, Math.trunc(length) || 0);
  return new Array<Value>(whole).fill(undefinedValue);
}

function poisonLength(trace: Trace, length: Value, place: Place): Value {
  if (length.kind === 'poison') return poison;
  return refuse(
    trace,
    place,
    'unbounded-loop',
    'The length of the array depends on a value of the step.',
    'Use a fixed length.',
  );
}
