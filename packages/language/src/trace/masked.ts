import type { Node } from '../ir/node.ts';
import { asValue, truth, truthNode } from './arithmetic.ts';
import { unless } from './branch.ts';
import { itemsOf } from './items.ts';
import { mapLane, testLane } from './lanes.ts';
import { merge } from './merge.ts';
import { list } from './objects.ts';
import { refuse, type Trace } from './trace.ts';
import { numberValue, type Place, poison, undefinedValue, type Value } from './values.ts';

type Masked = Value & { kind: 'masked' | 'maskedVector' };

/** `filter`: the entries that stay, where that is known; else the entries with a mask over them. */
export function filter(trace: Trace, value: Value, callback: Value, place: Place): Value {
  if (value.kind === 'vector' && trace.lane === null) {
    const mask = testLane(trace, value, callback, place);
    if (mask !== null && mask.op !== 'constant') return { kind: 'maskedVector', node: value.node, mask };
  }
  const items = itemsOf(trace, value, place);
  if (items === null) return poison;
  return mask(trace, items, callback, null, place);
}

function mask(
  trace: Trace,
  items: readonly Value[],
  callback: Value,
  given: readonly Node[] | null,
  place: Place,
): Value {
  const kept: Value[] = [];
  const tests: Node[] = [];
  let open = given !== null;
  for (const [index, item] of items.entries()) {
    const args = callback.kind === 'builtin' || given !== null ? [item] : [item, numberValue(index)];
    const known = truth(trace, trace.invoke(callback, args, place), place);
    if (known === null) return poison;
    if (known === false) continue;
    if (known !== true) open = true;
    const test = known === true ? trace.graph.constant(true) : known;
    const before = given?.[index];
    kept.push(item);
    tests.push(before === undefined ? test : trace.graph.binary('&&', before, test));
  }
  return open ? { kind: 'masked', items: kept, mask: tests } : list(trace, kept);
}

/** The items of a filtered vector, one by one, each with the condition under which it is there. */
function parts(trace: Trace, value: Masked, place: Place): { items: readonly Value[]; mask: readonly Node[] } {
  if (value.kind === 'masked') return value;
  const items = itemsOf(trace, { kind: 'vector', node: value.node }, place) ?? [];
  return { items, mask: items.map((_, index) => trace.graph.take(value.mask, index)) };
}

/** The methods that make sense when it is only known at run time which entries are there. */
export function callMaskedMethod(
  trace: Trace,
  name: string,
  value: Masked,
  args: readonly Value[],
  place: Place,
): Value {
  const { graph } = trace;
  const [callback = undefinedValue, start] = args;
  if (name === 'map') {
    if (value.kind === 'maskedVector' && trace.lane === null) {
      const mapped = mapLane(trace, { kind: 'vector', node: value.node }, callback, place);
      if (mapped?.kind === 'vector') return { ...value, node: mapped.node };
    }
    const { items, mask: tests } = parts(trace, value, place);
    return { kind: 'masked', items: items.map((item) => trace.invoke(callback, [item], place)), mask: tests };
  }
  const { items, mask: tests } = parts(trace, value, place);
  switch (name) {
    case 'filter':
      return mask(trace, items, callback, tests, place);
    case 'every':
    case 'some': {
      let all = graph.constant(name === 'every');
      for (const [index, item] of items.entries()) {
        const test = truthNode(trace, trace.invoke(callback, [item], place), place);
        const there = tests[index];
        if (test === null || there === undefined) return poison;
        all =
          name === 'every'
            ? graph.binary('&&', all, graph.binary('||', graph.unary('!', there), test))
            : graph.binary('||', all, graph.binary('&&', there, test));
      }
      return asValue(all);
    }
    case 'reduce':
      return reduce(trace, items, tests, callback, start, place);
    case 'forEach':
      for (const [index, item] of items.entries()) {
        const there = tests[index];
        if (there !== undefined) {
          unless(trace, graph.unary('!', there), trace.store.now, () => trace.invoke(callback, [item], place));
        }
      }
      return undefinedValue;
    default:
      return refuse(
        trace,
        place,
        'filtered-vector',
        `\`${name}\` needs to know which entries filter keeps, and that is only known at run time.`,
        'Reduce the filtered vector (length, map, reduce, some, every), or use v.map((x) => (test ? x : 0)).',
      );
  }
}

function reduce(
  trace: Trace,
  items: readonly Value[],
  tests: readonly Node[],
  callback: Value,
  start: Value | undefined,
  place: Place,
): Value {
  if (start === undefined) {
    return refuse(
      trace,
      place,
      'empty-vector',
      'A filtered vector may be empty, and reduce then has nothing to start from.',
      'Give reduce a second argument, such as 0.',
    );
  }
  return items.reduce<Value>((running, item, index) => {
    const there = tests[index];
    if (there === undefined) return poison;
    return merge(trace, there, trace.invoke(callback, [running, item], place), running);
  }, start);
}
