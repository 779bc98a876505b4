import type { Node } from '../ir/node.ts';
import { branch, write } from './branch.ts';
import { itemsOf, list } from './items.ts';
import { narrowed } from './known.ts';
import { mapLane, testLane } from './lanes.ts';
import { lookUp } from './look-up.ts';
import { merge } from './merge.ts';
import { asValue } from './scalars.ts';
import { same } from './search.ts';
import { refuse, spend, type Trace } from './trace.ts';
import { truth, truthNode } from './truth.ts';
import { contents, type Place, poison, undefinedValue, type Value } from './values.ts';

export type Masked = Value & { kind: 'masked' | 'maskedVector' };

/** One item of an array, and where it is there. */
export interface Part {
  readonly item: Value;
  /** Holds where the item is there. */
  readonly there: Node;
}

export const isMasked = (value: Value): value is Masked => value.kind === 'masked' || value.kind === 'maskedVector';

/** `filter`: the entries that stay, where that is known; else the entries with a mask over them. */
export function filter(trace: Trace, value: Value, callback: Value, place: Place): Value {
  if (value.kind === 'vector' && trace.lane === null) {
    const mask = testLane(trace, value, callback, place);
    if (mask !== null && mask.op !== 'constant') return fresh(trace, { kind: 'maskedVector', node: value.node, mask });
  }
  const items = itemsOf(trace, value, place);
  if (items === null) return poison;
  const always = trace.graph.constant(true);
  return kept(
    trace,
    items.map((item) => ({ item, there: always })),
    callback,
    value,
    place,
  );
}

const fresh = (trace: Trace, value: Value): Value => ({ kind: 'object', cell: trace.store.create(value) });

/** The parts for which the callback holds: an array where that is known for all of them. */
function kept(trace: Trace, parts: readonly Part[], callback: Value, whole: Value, place: Place): Value {
  const stay: Part[] = [];
  for (const [index, { item, there }] of parts.entries()) {
    const known = truth(trace, invoked(trace, callback, parts, index, whole, place), place);
    if (known === null) return poison;
    if (known === false) continue;
    const test = known === true ? trace.graph.constant(true) : known;
    const both = trace.graph.binary('&&', there, test);
    stay.push({ item, there: both });
  }
  return listOf(trace, stay);
}

/** A new array of the parts: filtered, where one of them may be missing. */
export function listOf(trace: Trace, parts: readonly Part[]): Value {
  const sure = parts.every(({ there }) => there.op === 'constant');
  const items = parts.filter(({ there }) => there.op !== 'constant' || there.value === true);
  if (sure)
    return list(
      trace,
      items.map(({ item }) => item),
    );
  return fresh(trace, masked(items));
}

const masked = (parts: readonly Part[]): Value => ({
  kind: 'masked',
  items: parts.map(({ item }) => item),
  mask: parts.map(({ there }) => there),
});

/** The items of a filtered vector, one by one, each with the condition under which it is there. */
export function partsOf(trace: Trace, value: Value, place: Place): readonly Part[] {
  const now = contents(value);
  const { graph } = trace;
  if (now.kind === 'masked')
    return now.items.map((item, at) => ({ item, there: now.mask[at] ?? graph.constant(true) }));
  if (now.kind === 'maskedVector') {
    const items = itemsOf(trace, { kind: 'vector', node: now.node }, place) ?? [];
    return items.map((item, at) => ({ item, there: graph.take(now.mask, at) }));
  }
  return (itemsOf(trace, now, place) ?? []).map((item) => ({ item, there: graph.constant(true) }));
}

/** How many items stand before one of them. */
function countBefore(trace: Trace, parts: readonly Part[], index: number): Node {
  const { graph } = trace;
  return parts
    .slice(0, index)
    .map(({ there }) => graph.unary('number', there))
    .reduce((a, b) => graph.binary('+', a, b), graph.constant(0));
}

/** What a callback gives for one item; what it changes outside itself counts only where the item is there. */
function invoked(
  trace: Trace,
  callback: Value,
  parts: readonly Part[],
  index: number,
  whole: Value,
  place: Place,
  running?: Value,
): Value {
  const { item, there } = parts[index] ?? { item: poison, there: trace.graph.constant(false) };
  const wanted = callback.kind === 'function' ? callback.syntax.params.length : 1;
  const first = running === undefined ? [item] : [running, item];
  const position = wanted > first.length ? [asValue(countBefore(trace, parts, index)), whole] : [];
  const call = (): Value => trace.invoke(callback, [...first, ...position], place);
  if (there.op === 'constant') return call();
  return branch(trace, there, call, () => undefinedValue).yes;
}

/** One entry of a filtered vector, counted from its start; undefined past its end. */
export function maskedEntry(trace: Trace, value: Masked, index: Node, place: Place): Value {
  const { graph } = trace;
  const parts = partsOf(trace, value, place);
  if (parts.length === 0) return undefinedValue;
  const number = graph.unary('number', index);
  return lookUp(
    trace,
    parts.map(({ item, there }, at) => ({
      here: graph.binary('&&', there, graph.binary('===', countBefore(trace, parts, at), number)),
      item,
    })),
  );
}

/** The methods of arrays whose length is only known at run time. */
export function callMaskedMethod(
  trace: Trace,
  name: string,
  holder: Value,
  args: readonly Value[],
  place: Place,
): Value {
  const { graph } = trace;
  const value = contents(holder);
  const [callback = undefinedValue, start] = args;
  if (name === 'map' && value.kind === 'maskedVector' && trace.lane === null && takesEntryAlone(callback)) {
    const mapped = mapLane(trace, { kind: 'vector', node: value.node }, callback, place);
    if (mapped?.kind === 'vector') return fresh(trace, { ...value, node: mapped.node });
  }
  const parts = partsOf(trace, value, place);
  const call = (index: number, running?: Value): Value => invoked(trace, callback, parts, index, value, place, running);
  switch (name) {
    case 'map':
      return listOf(
        trace,
        parts.map(({ there }, index) => ({ item: call(index), there })),
      );
    case 'filter':
      return kept(trace, parts, callback, value, place);
    case 'every':
    case 'some': {
      let all = graph.constant(name === 'every');
      for (const [index, { there }] of parts.entries()) {
        const test = truthNode(trace, call(index), place);
        if (test === null) return poison;
        all =
          name === 'every'
            ? graph.binary('&&', all, graph.binary('||', graph.unary('!', there), test))
            : graph.binary('||', all, graph.binary('&&', there, test));
      }
      return asValue(all);
    }
    case 'reduce':
      return reduce(trace, parts, start, call, place);
    case 'forEach':
      parts.forEach((_, index) => {
        call(index);
      });
      return undefinedValue;
    case 'find':
    case 'includes':
      if (name === 'includes' && args.length > 1) return unknownLength(trace, name, place);
      return found(trace, name, parts, callback, call, place);
    case 'at':
      if (callback.kind === 'number') {
        const index = Math.trunc(callback.value) || 0;
        const back = index < 0;
        const order = masked(back ? parts.toReversed() : parts);
        return maskedEntry(trace, order as Masked, graph.constant(back ? -1 - index : index), place);
      }
      return unknownLength(trace, name, place);
    case 'concat':
      return listOf(trace, [...parts, ...args.flatMap((arg) => appended(trace, arg, place))]);
    case 'slice':
      return args.length === 0 ? listOf(trace, parts) : unknownLength(trace, name, place);
    case 'reverse':
      if (holder.kind !== 'object') return unknownLength(trace, name, place);
      write(trace, holder.cell, masked(parts.toReversed()), place);
      return holder;
    case 'toReversed':
      return listOf(trace, parts.toReversed());
    case 'flatMap':
      return listOf(
        trace,
        parts.flatMap(({ there: outer }, index) =>
          appended(trace, call(index), place).map(({ item, there }) => ({
            item,
            there: graph.binary('&&', outer, there),
          })),
        ),
      );
    case 'push': {
      if (holder.kind !== 'object') return unknownLength(trace, name, place);
      const always = graph.constant(true);
      write(trace, holder.cell, masked([...parts, ...args.map((item) => ({ item, there: always }))]), place);
      return asValue(graph.binary('+', countBefore(trace, parts, parts.length), graph.constant(args.length)));
    }
    default:
      return unknownLength(trace, name, place);
  }
}

const takesEntryAlone = (callback: Value): boolean => callback.kind !== 'function' || callback.syntax.params.length < 2;

/** What a value adds to an array that it is put into: its own entries, if it is an array. */
export function appended(trace: Trace, arg: Value, place: Place): readonly Part[] {
  const now = narrowed(trace, arg);
  if (now.kind === 'choice') {
    spend(trace, place);
    const side = (value: Value, holds: Node): Part[] =>
      appended(trace, value, place).map(({ item, there }) => ({ item, there: trace.graph.binary('&&', holds, there) }));
    return [...side(now.yes, now.test), ...side(now.no, trace.graph.unary('!', now.test))];
  }
  const isArray = now.kind === 'array' || now.kind === 'vector' || isMasked(now);
  return isArray ? partsOf(trace, now, place) : [{ item: arg, there: trace.graph.constant(true) }];
}

function unknownLength(trace: Trace, name: string, place: Place): Value {
  return refuse(
    trace,
    place,
    'filtered-vector',
    `\`${name}\` needs to know how many entries there are, and that depends on values of the step.`,
    'Reduce the filtered vector (length, map, reduce, some, every), or use v.map((x) => (test ? x : 0)).',
  );
}

function found(
  trace: Trace,
  name: string,
  parts: readonly Part[],
  wanted: Value,
  call: (index: number) => Value,
  place: Place,
): Value {
  const { graph } = trace;
  const cases: { here: Node; item: Value }[] = [];
  for (const [index, { item, there }] of parts.entries()) {
    const test = truthNode(trace, name === 'find' ? call(index) : same(trace, name, item, wanted, place), place);
    if (test === null) return poison;
    cases.push({ here: graph.binary('&&', there, test), item });
  }
  if (name === 'find') return cases.length === 0 ? undefinedValue : lookUp(trace, cases);
  return asValue(cases.map(({ here }) => here).reduce((a, b) => graph.binary('||', a, b), graph.constant(false)));
}

function reduce(
  trace: Trace,
  parts: readonly Part[],
  start: Value | undefined,
  call: (index: number, running: Value) => Value,
  place: Place,
): Value {
  const [first] = parts;
  const sure = first?.there.op === 'constant' ? first.item : undefined;
  const initial = start ?? sure;
  if (initial === undefined) {
    return refuse(
      trace,
      place,
      'empty-vector',
      'A filtered vector may be empty, and reduce then has nothing to start from.',
      'Give reduce a second argument, such as 0.',
    );
  }
  return parts.reduce<Value>((running, { there }, index) => {
    if (start === undefined && index === 0) return running;
    return merge(trace, there, call(index, running), running);
  }, initial);
}
