import type { AssignmentProperty, Property } from 'acorn';
import type { ErrorCode } from '../codes.ts';
import type { Node } from '../ir/node.ts';
import { arrayProperty } from './array-property.ts';
import { LaneStop } from './branch.ts';
import { alternative, narrowed, overChoice } from './known.ts';
import { lookUp } from './look-up.ts';
import { isMasked, maskedEntry } from './masked.ts';
import { joined, packed } from './merge.ts';
import { arrayMethods } from './methods.ts';
import { namespaceMember } from './namespace-member.ts';
import { asValue, reportMissing, scalarNode } from './scalars.ts';
import type { Scope } from './store.ts';
import { look, lookThrough, placeOf, refuse, said, suggested, type Trace } from './trace.ts';
import {
  booleanValue,
  contents,
  describe,
  FIELD_ENTRIES,
  type Field,
  numberValue,
  type Place,
  poison,
  type Reason,
  undefinedValue,
  type Value,
  type Words,
} from './values.ts';

/** The name of a property in a literal or pattern; null after reporting that it is not known. */
export function keyOf(trace: Trace, property: Property | AssignmentProperty, scope: Scope): string | null {
  if (!property.computed) {
    const name =
      property.key.type === 'Identifier'
        ? property.key.name
        : property.key.type === 'Literal'
          ? String(property.key.value)
          : null;
    if (name === '__proto__') return prototypeKey(trace, placeOf(property));
    if (name !== null) return name;
  }
  const key = contents(trace.evaluate(property.key, scope));
  if (key.kind === 'string' || key.kind === 'number') return String(key.value);
  if (key.kind !== 'poison') dynamicKey(trace, placeOf(property));
  return null;
}

/** In JavaScript this is no field: it sets what the record inherits from. */
function prototypeKey(trace: Trace, place: Place): null {
  refuse(trace, place, 'unsupported-syntax', '`__proto__` is not a name for a field.', 'Choose another name.');
  return null;
}

function dynamicKey(trace: Trace, place: Place): Value {
  return refuse(
    trace,
    place,
    'dynamic-key',
    'A field is chosen by a value of the step.',
    'Use fixed names, or a vector and an index.',
  );
}

/** `value[key]` or `value.key`. */
export function member(trace: Trace, value: Value, key: Value, place: Place): Value {
  const now = narrowed(trace, value);
  if (now.kind === 'poison' || key.kind === 'poison') return poison;
  if (now.kind === 'choice') {
    const one = (each: Value): Value => member(trace, each, key, place);
    return overChoice(now, one, joined(trace, place), (each) => narrowed(trace, each));
  }
  const chosen = narrowed(trace, key);
  if (chosen.kind === 'choice') return memberOfChoice(trace, value, chosen, place);
  if (now.kind === 'undefined') {
    reportMissing(trace, now, place);
    return poison;
  }
  if (key.kind === 'undefined') {
    const what = key.isNull === true ? 'null' : 'undefined';
    return missing(
      'unknown-property',
      `A field is looked up by ${what}.`,
      'Give the name a value on every path.',
      place,
    );
  }
  if (key.kind === 'string') lookThrough(trace, key.value);
  const name = key.kind === 'string' || key.kind === 'number' || key.kind === 'boolean' ? String(key.value) : null;
  if (name === null && now.kind === 'record') return fieldAtRunTime(trace, now, key, place);
  if (now.kind === 'record') {
    const field = now.fields.get(name ?? '');
    if (field !== undefined) return field.value;
    if (now.owner !== undefined) return unknownField(trace, now.owner, name ?? '', now.fields, place);
    return missing(
      'unknown-property',
      `The record has no property \`${name}\`.`,
      suggested(trace, name ?? '', () => now.fields.keys()),
      place,
    );
  }
  if (now.kind === 'namespace') return namespaceMember(trace, now.name, name ?? '', place);
  if (
    now.kind === 'vector' ||
    now.kind === 'array' ||
    now.kind === 'masked' ||
    now.kind === 'maskedVector' ||
    now.kind === 'string'
  ) {
    if (name === 'length' || (key.kind === 'string' && arrayMethods.has(key.value)))
      return arrayProperty(trace, now, name ?? '');
    if (key.kind === 'string' && !/^\d+$/.test(key.value)) {
      return vectorProperty(trace, now, key.value, place);
    }
    return entry(trace, now, key, place);
  }
  if (now.kind === 'scalar' || now.kind === 'number' || now.kind === 'boolean') {
    const indexed = key.kind !== 'string';
    if (name === 'toFixed' || name === 'toPrecision' || name === 'toString') {
      return refuse(
        trace,
        place,
        'text',
        `\`${name}\` makes text of a number.`,
        'Use the number itself; to round it, write Math.round(x * 100) / 100.',
      );
    }
    return refuse(
      trace,
      place,
      'not-a-vector',
      indexed
        ? `This is ${describe(now)}: it has no entries to index.`
        : `This is ${describe(now)}: it has no property \`${name}\`.`,
      'Use the scalar itself, without an index.',
    );
  }
  if ((now.kind === 'builtin' || now.kind === 'function') && (name === 'apply' || name === 'call')) {
    return { kind: 'builtin', name };
  }
  return refuse(trace, place, 'unknown-property', `${describe(now)} has no property \`${name}\`.`, 'Call it instead.');
}

/** A field or entry whose name depends on the step: nothing where the name is undefined, as text looked up may be. */
function memberOfChoice(trace: Trace, value: Value, key: Value, place: Place): Value {
  const join = joined(trace, place);
  if (alternative(trace, key, ({ kind }) => kind === 'undefined') === null)
    return overChoice(key, (one) => member(trace, value, contents(one), place), join);
  const isNamed = overChoice(key, (one) => booleanValue(contents(one).kind !== 'undefined'), join);
  const named = isNamed.kind === 'scalar' ? isNamed.node : trace.graph.constant(true);
  const done = new Map<Value, Value | null>();
  const visit = (each: Value): Value | null => {
    const now = contents(each);
    if (now.kind === 'undefined') return null;
    if (now.kind !== 'choice') return member(trace, value, now, place);
    const yes = within(now.yes);
    const no = within(now.no);
    return yes === null || no === null ? (yes ?? no) : join(now.test, yes, no);
  };
  const within = (each: Value): Value | null => {
    const known = done.get(each);
    if (known !== undefined) return known;
    const found = visit(each);
    done.set(each, found);
    return found;
  };
  return lookUp(trace, [{ here: named, item: within(key) ?? undefinedValue }]);
}

function missing(code: ErrorCode, message: string, advice: Words, place: Place): Value {
  const reason: Reason = { code, message, advice, place };
  return { kind: 'undefined', reason };
}

const holders: Readonly<Record<string, readonly [what: string, code: ErrorCode]>> = {
  params: ['param', 'unknown-param'],
  memory: ['entry', 'unknown-memory'],
  env: ['constant', 'unknown-constant'],
};

function unknownField(
  trace: Trace,
  owner: string,
  name: string,
  fields: ReadonlyMap<string, Field>,
  place: Place,
): Value {
  const advice = (): string => elsewhere(trace, owner, name) ?? said(suggested(trace, name, () => fields.keys()));
  if (owner === 'the argument of reward') {
    return refuse(trace, place, 'unknown-input', `There is no input \`${name}\`.`, advice);
  }
  const [what, code] = holders[/^[^.]*/.exec(owner)?.[0] ?? ''] ?? (['field', 'unknown-field'] as const);
  return refuse(trace, place, code, `\`${owner}\` has no ${what} \`${name}\`.`, advice);
}

/** Where among the inputs a name is found, when it is looked for in the wrong record. */
function elsewhere(trace: Trace, owner: string, name: string): string | null {
  const inputs = trace.inputs;
  if (inputs?.kind !== 'record') return null;
  for (const holder of ['next', 'env', 'params', 'memory']) {
    const held = contents(inputs.fields.get(holder)?.value ?? poison);
    if (holder === owner || held.kind !== 'record' || !held.fields.has(name)) continue;
    return holder === 'next'
      ? `Write next.${name}, or obs.${name} for the state before the action.`
      : `Write ${holder}.${name}.`;
  }
  return inputs.fields.has(name) ? `\`${name}\` is an input of its own: reward({ ${name}, … }).` : null;
}

function vectorProperty(trace: Trace, value: Value, name: string, place: Place): Value {
  const parts: ReadonlyMap<string, number> = new Map([
    ['x', 0],
    ['y', 1],
    ['z', 2],
    ['w', 3],
  ]);
  const index = parts.get(name);
  const advice =
    index === undefined
      ? suggested(trace, name, () => ['length', ...arrayMethods])
      : `A vector's entries are numbered from 0: use [${index}]${name === 'w' ? ' (quaternions are w, x, y, z: [0])' : ''}.`;
  return refuse(trace, place, 'unknown-property', `${describe(value)} has no property \`${name}\`.`, advice);
}

/** One entry, at a fixed index or at one that is only known at run time. */
function entry(trace: Trace, value: Value, key: Value, place: Place): Value {
  if (isMasked(value)) {
    const index = scalarNode(trace, key.kind === 'string' ? numberValue(Number(key.value)) : key, place, 'The index');
    return index === null ? poison : maskedEntry(trace, value, index, place);
  }
  const length =
    value.kind === 'vector'
      ? (value.node.type.length ?? 0)
      : value.kind === 'array'
        ? value.items.length
        : value.kind === 'string'
          ? value.value.length
          : 0;
  if (key.kind === 'number' || key.kind === 'string') {
    const index = Number(key.value);
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      const last = length === 0 ? 'The vector is empty.' : `Use an index from 0 to ${length - 1}.`;
      return missing(
        'index-out-of-range',
        `Index ${key.value} is outside the vector, which has ${length} entries.`,
        last,
        place,
      );
    }
    if (value.kind === 'array') return value.items[index] ?? poison;
    if (value.kind === 'string') return { kind: 'string', value: value.value[index] ?? '' };
    return value.kind === 'vector' ? asValue(trace.graph.take(value.node, index)) : poison;
  }
  const index = scalarNode(trace, key, place, 'The index');
  if (index === null) return poison;
  return index.type.length === null ? entryAtRunTime(trace, value, index, place) : entriesOfLane(trace, value, index);
}

/** In a callback over a whole vector the index is a vector of known numbers: one entry for each. */
function entriesOfLane(trace: Trace, value: Value, index: Node): Value {
  const source = packed(trace, value);
  if (source === null || index.op !== 'constant' || !Array.isArray(index.value)) throw new LaneStop();
  const indices = index.value.map(Number);
  if (!indices.every((at) => Number.isInteger(at) && at >= 0 && at < (source.type.length ?? 0))) throw new LaneStop();
  return { kind: 'scalar', node: trace.graph.takeMany(source, indices) };
}

/** A table look-up: outside the table it is undefined, which is not a number. */
function entryAtRunTime(trace: Trace, value: Value, index: Node, place: Place): Value {
  const { graph } = trace;
  const items =
    value.kind === 'array'
      ? value.items
      : value.kind === 'vector'
        ? Array.from({ length: value.node.type.length ?? 0 }, (_, at) => asValue(graph.take(value.node, at)))
        : null;
  if (items === null || items.length === 0) {
    return refuse(
      trace,
      place,
      'unsupported-index',
      'This cannot be indexed by a value of the step.',
      'Use a fixed index.',
    );
  }
  const number = graph.unary('number', index);
  return lookUp(
    trace,
    items.map((item, at) => ({ here: graph.binary('===', number, graph.constant(at)), item })),
  );
}

/** A field of a record whose names are numbers or truth values: `{ 0: a, 1: b }[action]`. */
function fieldAtRunTime(trace: Trace, value: Value & { kind: 'record' }, key: Value, place: Place): Value {
  const { graph } = trace;
  if (key.kind !== 'scalar' || key.node.type.length !== null) return dynamicKey(trace, place);
  const { node } = key;
  look(trace, value.fields.size * FIELD_ENTRIES);
  const cases = [...value.fields].flatMap(([name, field]) => {
    if (node.type.element === 'boolean') {
      if (name !== 'true' && name !== 'false') return [];
      return [{ here: name === 'true' ? node : graph.unary('!', node), item: field.value }];
    }
    const at = Number(name);
    return String(at) === name ? [{ here: graph.binary('===', node, graph.constant(at)), item: field.value }] : [];
  });
  return cases.length === 0 ? dynamicKey(trace, place) : lookUp(trace, cases);
}
