import { number } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { freshVector, list } from './items.ts';
import { lookUp } from './look-up.ts';
import { merge } from './merge.ts';
import { numberNode } from './scalars.ts';
import type { Trace } from './trace.ts';
import { not } from './truth.ts';
import { contents, type Place, poison, undefinedValue, type Value } from './values.ts';

/**
 * `slice`: the entries between two bounds, each counted from the end where it is negative. Bounds that depend on the step or
 * on params leave the entries with a mask over them, as `filter` does.
 */
export function slice(
  trace: Trace,
  value: Value,
  items: readonly Value[],
  args: readonly Value[],
  place: Place,
): Value {
  const { graph } = trace;
  const [from, to] = args.map((arg) => contents(arg));
  const first = bound(trace, from, 0, items.length, place);
  const last = bound(trace, to, items.length, items.length, place);
  if (first === null || last === null) return poison;
  const start = typeof first === 'number' ? first : 0;
  const places = items.map((_, at) => at).slice(start, typeof last === 'number' ? last : undefined);
  if (places.length === 0) return list(trace, []);
  const inside = (at: Node): Node => {
    const behind = typeof first === 'number' ? graph.constant(true) : not(trace, graph.binary('<', at, first));
    return typeof last === 'number' ? behind : graph.binary('&&', behind, graph.binary('<', at, last));
  };
  const isKnown = typeof first === 'number' && typeof last === 'number';
  if (value.kind === 'vector') {
    const node = graph.takeMany(value.node, places);
    return isKnown ? freshVector(trace, node) : { kind: 'maskedVector', node, mask: inside(graph.constant(places)) };
  }
  const kept = places.flatMap((at) => items[at] ?? []);
  return isKnown
    ? list(trace, kept)
    : { kind: 'masked', items: kept, mask: places.map((at) => inside(graph.constant(at))) };
}

/** Where the entries that a method is to work on begin or end; null after a refusal. */
export function bound(
  trace: Trace,
  value: Value | undefined,
  missing: number,
  length: number,
  place: Place,
): number | Node | null {
  if (value === undefined || value.kind === 'undefined') return missing;
  if (value.kind === 'number') {
    const whole = Math.trunc(value.value) || 0;
    return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
  }
  const node = numberNode(trace, value, place, 'The bound');
  if (node === null) return null;
  const { graph } = trace;
  const whole = graph.call('Math.trunc', [node], number());
  const fromEnd = graph.binary('+', whole, graph.constant(length));
  return graph.select(graph.binary('<', whole, graph.constant(0)), fromEnd, whole, trace.merges++);
}

/** `fill`: the items with a value in place of those between two bounds; null after a refusal. */
export function filled(
  trace: Trace,
  items: readonly Value[],
  [value = undefinedValue, from, to]: readonly Value[],
  place: Place,
): readonly Value[] | null {
  const { graph } = trace;
  const ends = [bound(trace, from && contents(from), 0, items.length, place)];
  ends.push(bound(trace, to && contents(to), items.length, items.length, place));
  const [first, last] = ends.map((end) => (typeof end === 'number' ? graph.constant(end) : end));
  if (!first || !last) return null;
  return items.map((item, index) => {
    const at = graph.constant(index);
    const inside = graph.binary('&&', not(trace, graph.binary('<', at, first)), graph.binary('<', at, last));
    return merge(trace, inside, value, item);
  });
}

/** `at`: a whole index from the end where it is negative; undefined outside. */
export function entryAt(trace: Trace, items: readonly Value[], index: Value, place: Place): Value {
  const { graph } = trace;
  const now = contents(index);
  if (now.kind === 'number' || now.kind === 'undefined') {
    const whole = now.kind === 'number' ? Math.trunc(now.value) || 0 : 0;
    const message = `Index ${whole} is outside the vector, which has ${items.length} entries.`;
    const advice = `Use an index from ${-items.length} to ${items.length - 1}.`;
    return items.at(whole) ?? { kind: 'undefined', reason: { code: 'index-out-of-range', message, advice, place } };
  }
  const node = numberNode(trace, now, place, 'The index');
  if (node === null || items.length === 0) return node === null ? poison : undefinedValue;
  const whole = graph.select(
    graph.binary('===', node, node),
    graph.call('Math.trunc', [node], number()),
    graph.constant(0),
    trace.merges++,
  );
  const is = (at: number): Node => graph.binary('===', whole, graph.constant(at));
  return lookUp(
    trace,
    items.map((item, at) => ({ here: graph.binary('||', is(at), is(at - items.length)), item })),
  );
}
