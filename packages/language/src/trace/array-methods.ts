import { write } from './branch.ts';
import { callbackArgs } from './callback.ts';
import { freshVector, itemsOf, list, tooLong } from './items.ts';
import { mapLane, reduceLane, testLane } from './lanes.ts';
import { appended, callMaskedMethod, filter, isMasked, listOf, type Part, partsOf } from './masked.ts';
import { arrayMethods } from './methods.ts';
import { asValue } from './scalars.ts';
import { search, sorted } from './search.ts';
import { entryAt, filled, slice } from './slice.ts';
import { refuse, suggested, type Trace } from './trace.ts';
import { truthNode } from './truth.ts';
import { contents, describe, numberValue, type Place, poison, undefinedValue, type Value } from './values.ts';

/** Calls a method of a vector, an array or a filtered one. */
export function callMethod(trace: Trace, name: string, holder: Value, args: readonly Value[], place: Place): Value {
  const now = contents(holder);
  if (isMasked(now)) return callMaskedMethod(trace, name, holder, args, place);
  const [first = undefinedValue, second] = args;
  switch (name) {
    case 'map':
      return map(trace, now, first, place);
    case 'filter':
      return filter(trace, now, first, place);
    case 'reduce':
    case 'reduceRight':
      return reduce(trace, name, now, first, second, place);
    case 'every':
    case 'some':
      return everyOrSome(trace, name, now, first, place);
    default:
      return callItemMethod(trace, name, holder, args, place);
  }
}

function map(trace: Trace, value: Value, callback: Value, place: Place): Value {
  if (value.kind === 'vector' && trace.lane === null) {
    const whole = mapLane(trace, value, callback, place);
    if (whole !== null) return freshVector(trace, whole.node);
  }
  const items = itemsOf(trace, value, place);
  if (items === null) return poison;
  return list(
    trace,
    items.map((item, index) => trace.invoke(callback, callbackArgs(callback, item, index, value), place)),
  );
}

function reduce(
  trace: Trace,
  name: string,
  value: Value,
  callback: Value,
  start: Value | undefined,
  place: Place,
): Value {
  const items = itemsOf(trace, value, place);
  if (items === null) return poison;
  const order =
    name === 'reduce'
      ? items.map((item, index) => ({ item, index }))
      : items.map((item, index) => ({ item, index })).toReversed();
  if (start === undefined && order[0] === undefined) {
    return refuse(
      trace,
      place,
      'empty-vector',
      'An empty array is reduced without a value to start from.',
      'Give reduce a second argument, such as 0.',
    );
  }
  if (value.kind === 'vector' && trace.lane === null && name === 'reduce') {
    const folded = reduceVector(trace, value, callback, start, place);
    if (folded !== null) return folded;
  }
  const rest = start === undefined ? order.slice(1) : order;
  let running = start ?? order[0]?.item ?? undefinedValue;
  for (const { item, index } of rest) {
    running = trace.invoke(
      callback,
      [running, item, numberValue(index), value].slice(0, callback.kind === 'builtin' ? 2 : 4),
      place,
    );
  }
  return running;
}

function reduceVector(
  trace: Trace,
  value: Value & { kind: 'vector' },
  callback: Value,
  start: Value | undefined,
  place: Place,
): Value | null {
  if (callback.kind === 'builtin') return null;
  if (start !== undefined) return reduceLane(trace, value, callback, start, place);
  const zero = reduceLane(trace, value, callback, numberValue(0), place);
  if (zero?.kind !== 'scalar' || zero.node.op !== 'fold') return null;
  const [entries] = zero.node.args;
  // Without a start the first entry is taken as it is, so only a fold of the entries themselves is the same.
  return entries === value.node ? asValue(trace.graph.fold(zero.node.operator, entries, null)) : null;
}

function everyOrSome(trace: Trace, name: 'every' | 'some', value: Value, callback: Value, place: Place): Value {
  const { graph } = trace;
  const operator = name === 'every' ? '&&' : '||';
  if (value.kind === 'vector' && trace.lane === null) {
    const tests = testLane(trace, value, callback, place);
    if (tests !== null) return asValue(graph.fold(operator, tests, null));
  }
  const items = itemsOf(trace, value, place);
  if (items === null) return poison;
  let all = graph.constant(name === 'every');
  for (const [index, item] of items.entries()) {
    const test = truthNode(trace, trace.invoke(callback, callbackArgs(callback, item, index, value), place), place);
    if (test === null) return poison;
    all = graph.binary(operator, all, test);
  }
  return asValue(all);
}

/** Methods that look at a few entries, however many there are. */
const atEnds: ReadonlySet<string> = new Set(['at', 'pop', 'push', 'shift', 'unshift']);

/** The methods that need each entry on its own. */
function callItemMethod(trace: Trace, name: string, holder: Value, args: readonly Value[], place: Place): Value {
  const now = contents(holder);
  const [first = undefinedValue, second] = args;
  const items = now.kind === 'array' && atEnds.has(name) ? now.items : itemsOf(trace, now, place);
  if (items === null) return poison;
  const each = (callback: Value): Value[] =>
    items.map((item, index) => trace.invoke(callback, callbackArgs(callback, item, index, now), place));
  switch (name) {
    case 'forEach':
      each(first);
      return undefinedValue;
    case 'flatMap':
    case 'flat': {
      if (name === 'flat' && first.kind !== 'number' && first.kind !== 'undefined')
        return refuse(trace, place, 'wrong-arguments', 'The depth of `flat` depends on the step.', 'Write flat(1).');
      const depth = name === 'flat' && first.kind === 'number' ? first.value : 1;
      return listOf(trace, flattened(trace, name === 'flat' ? items : each(first), depth, place));
    }
    case 'slice':
      return slice(trace, now, items, args, place);
    case 'concat':
      return listOf(trace, [
        ...partsOf(trace, list(trace, items), place),
        ...args.flatMap((arg) => appended(trace, arg, place)),
      ]);
    case 'entries':
      return list(
        trace,
        items.map((item, index) => list(trace, [numberValue(index), item])),
      );
    case 'keys':
      return list(
        trace,
        items.map((_, index) => numberValue(index)),
      );
    case 'values':
      return list(trace, items);
    case 'at':
      return entryAt(trace, items, first, place);
    case 'reverse':
      return change(trace, holder, items.toReversed(), place, holder);
    case 'toReversed':
      return list(trace, items.toReversed());
    case 'fill': {
      const full = filled(trace, items, args, place);
      return full === null ? poison : change(trace, holder, full, place, holder);
    }
    case 'push':
      return change(trace, holder, [...items, ...args], place, numberValue(items.length + args.length));
    case 'unshift':
      return change(trace, holder, [...args, ...items], place, numberValue(items.length + args.length));
    case 'pop':
    case 'shift': {
      const left = name === 'pop' ? items.slice(0, -1) : items.slice(1);
      return change(trace, holder, left, place, items.at(name === 'pop' ? -1 : 0) ?? undefinedValue);
    }
    case 'with':
      return replaced(trace, items, first, second ?? undefinedValue, place);
    case 'includes':
    case 'indexOf':
    case 'find':
    case 'findIndex':
    case 'findLast':
    case 'findLastIndex':
    case 'lastIndexOf':
      return search(trace, name, items, args, now, place);
    case 'sort': {
      const row = sorted(trace, items, first, place);
      return row === null ? poison : change(trace, holder, row, place, holder);
    }
    case 'toSorted': {
      const row = sorted(trace, items, first, place);
      return row === null ? poison : list(trace, row);
    }
    default:
      return refuse(
        trace,
        place,
        'unknown-function',
        `Vectors have no method \`${name}\`.`,
        suggested(trace, name, () => arrayMethods),
      );
  }
}

/** `with`: a copy with another entry; plain JavaScript throws where the index is outside. */
function replaced(trace: Trace, items: readonly Value[], index: Value, value: Value, place: Place): Value {
  const at = index.kind === 'number' ? Math.trunc(index.value) || 0 : Number.NaN;
  const advice = 'Write v.map((x, i) => (i === k ? value : x)).';
  if (index.kind === 'number' && at >= -items.length && at < items.length) return list(trace, items.with(at, value));
  if (index.kind === 'poison') return poison;
  return index.kind === 'number'
    ? refuse(trace, place, 'index-out-of-range', `\`with\` replaces entry ${at} of ${items.length}.`, advice)
    : refuse(trace, place, 'unsupported-index', 'The index of `with` depends on the step.', advice);
}

/** `flat`: the entries of the arrays inside, as deep as it is told. */
function flattened(trace: Trace, items: readonly Value[], depth: number, place: Place): readonly Part[] {
  const { graph } = trace;
  const open = (parts: readonly Part[], left: number): readonly Part[] =>
    parts.flatMap(({ item, there: outer }) => {
      const { kind } = contents(item);
      if (!(left >= 1) || ['number', 'boolean', 'scalar', 'string'].includes(kind)) return [{ item, there: outer }];
      const inner = appended(trace, item, place);
      const isArray = inner.length !== 1 || inner[0]?.item !== item;
      const parts = inner.map((part) => ({ ...part, there: graph.binary('&&', outer, part.there) }));
      return isArray ? open(parts, left - 1) : parts;
    });
  return open(
    items.map((item) => ({ item, there: graph.constant(true) })),
    depth,
  );
}

function change(trace: Trace, holder: Value, items: readonly Value[], place: Place, result: Value): Value {
  if (holder.kind !== 'object') {
    return refuse(
      trace,
      place,
      'input-mutation',
      `${describe(holder)} is changed in place, and it is read-only.`,
      'Build a new array: const changed = v.map((x) => …).',
    );
  }
  const refused = tooLong(trace, items.length, place);
  if (refused !== null) return refused;
  write(trace, holder.cell, { kind: 'array', items }, place);
  return result;
}
