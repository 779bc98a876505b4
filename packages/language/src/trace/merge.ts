import type { Node } from '../ir/node.ts';
import { assuming, narrowed } from './known.ts';
import { constantNode } from './named-numbers.ts';
import type { Cell } from './store.ts';
import { look, spend, type Trace } from './trace.ts';
import { contents, type Field, type Place, poison, type Value } from './values.ts';

const asScalar = (trace: Trace, value: Value): Node | null => {
  if (value.kind === 'number') return constantNode(trace.graph, value);
  if (value.kind === 'boolean') return trace.graph.constant(value.value);
  return value.kind === 'scalar' ? value.node : null;
};

/** A vector node for a vector, or for an array whose items are all numbers or truth values. */
export function packed(trace: Trace, value: Value): Node | null {
  const now = contents(value);
  if (now.kind === 'vector') return now.node;
  if (now.kind !== 'array' || now.items.length === 0) return null;
  look(trace, now.items.length);
  const items = now.items.map((item) => asScalar(trace, contents(item)));
  if (!items.every((item) => item !== null && item.type.length === null)) return null;
  const nodes = items.filter((item) => item !== null);
  const mixed = nodes.some((node) => node.type.element !== nodes[0]?.type.element);
  const node = trace.graph.pack(mixed ? nodes.map((each) => trace.graph.unary('number', each)) : nodes);
  const name = value.kind === 'object' ? trace.cellNames.get(value.cell) : undefined;
  if (name !== undefined && node.op === 'pack' && !trace.annotations.has(node)) {
    trace.annotations.set(node, { name, declared: true, comment: [], start: 0 });
  }
  return node;
}

/** A choice between what two paths give has the name of the variable or field that they give it to. */
export function called(trace: Trace, name: string | null, value: Value): Value {
  const now = contents(value);
  const node = now.kind === 'scalar' || now.kind === 'vector' ? now.node : null;
  if (name !== null && node?.op === 'select' && !trace.annotations.has(node)) {
    trace.annotations.set(node, { name, declared: false, comment: [], start: 0 });
  }
  return value;
}

/** Arrays and records that were merged already, and what with. */
type Pairs = Map<Value | Cell, Map<Value | Cell, Value>>;

/** What two mentions of one array or record have in common. */
const identity = (value: Value): Value | Cell => (value.kind === 'object' ? value.cell : value);

/** Two arrays or records that several others hold are merged once: as a tree they may be larger than any machine. */
function mergedOnce(pairs: Pairs, a: Value, b: Value, merged: () => Value): Value {
  if (!['array', 'record', 'object'].includes(a.kind) || a.kind !== b.kind) return merged();
  const [first, second] = [identity(a), identity(b)];
  const others = pairs.get(first) ?? new Map<Value | Cell, Value>();
  pairs.set(first, others);
  const value = others.get(second) ?? merged();
  others.set(second, value);
  return value;
}

/** The value that holds `a` where the test holds and `b` elsewhere. */
export function merge(
  trace: Trace,
  test: Node,
  a: Value,
  b: Value,
  id: number = trace.merges++,
  pairs: Pairs | null = null,
): Value {
  if (a === b || (a.kind === 'object' && b.kind === 'object' && a.cell === b.cell)) return a;
  if (test.op === 'constant' && typeof test.value === 'boolean') return test.value ? a : b;
  look(trace);
  const yes = under(trace, test, true, a);
  const no = under(trace, test, false, b);
  if (yes.kind === 'poison' || no.kind === 'poison') return poison;
  if ((yes.kind === 'number' || yes.kind === 'boolean' || yes.kind === 'string') && yes.kind === no.kind) {
    if (Object.is(yes.value, no.value)) return yes;
  }
  if (yes.kind === 'undefined' && no.kind === 'undefined' && (yes.unset === undefined) === (no.unset === undefined))
    return yes;
  const x = asScalar(trace, yes);
  const y = asScalar(trace, no);
  if (x !== null && y !== null) {
    const merged: Value = { kind: 'scalar', node: select(trace, test, x, y, id) };
    const [first, second] = [trace.absent.get(a), trace.absent.get(b)];
    if (first !== undefined || second !== undefined) {
      const never = trace.graph.constant(false);
      trace.absent.set(merged, trace.graph.select(test, first ?? never, second ?? never, id));
    }
    return merged;
  }
  if (test.type.length === null) {
    if (yes.kind === 'vector' || no.kind === 'vector') {
      const first = packed(trace, yes);
      const second = packed(trace, no);
      if (first !== null && second !== null && first.type.length === second.type.length) {
        return fresh(trace, a, b, { kind: 'vector', node: select(trace, test, first, second, id) });
      }
    }
  }
  const within: Pairs = pairs ?? new Map();
  const inside = (first: Value, second: Value): Value =>
    mergedOnce(within, first, second, () => merge(trace, test, first, second, id, within));
  if (yes.kind === 'array' && no.kind === 'array' && yes.items.length === no.items.length) {
    const other = no.items;
    const items = yes.items.map((item, index) => inside(item, other[index] ?? poison));
    return fresh(trace, a, b, { kind: 'array', items });
  }
  const lists = [asList(trace, yes), asList(trace, no)];
  if (lists[0] && lists[1]) return fresh(trace, a, b, unionOf(trace, test, lists[0], lists[1], id));
  if (yes.kind === 'record' && no.kind === 'record') {
    const names = new Set([...yes.fields.keys(), ...no.fields.keys()]);
    const isAlike = isAlikeOrdered(names, no.fields);
    const fields = [...names].map((name): [string, Field] => {
      const first = yes.fields.get(name);
      const second = no.fields.get(name);
      const place = (first ?? second)?.place ?? { start: 0, line: 1, column: 1 };
      const missing: Value = { kind: 'undefined', unset: name };
      const value = called(trace, name, inside(first?.value ?? missing, second?.value ?? missing));
      const moves = first?.moves === true || second?.moves === true || !isAlike;
      return [name, moves ? { place, value, moves } : { place, value }];
    });
    return fresh(trace, a, b, { kind: 'record', fields: new Map(fields) });
  }
  return {
    kind: 'choice',
    test,
    yes: yes.kind === contents(a).kind ? a : yes,
    no: no.kind === contents(b).kind ? b : no,
  };
}

/** Whether the fields of the second record stand in the order of all. */
function isAlikeOrdered(names: ReadonlySet<string>, second: ReadonlyMap<string, Field>): boolean {
  const own = [...second.keys()];
  return [...names].filter((name) => second.has(name)).every((name, place) => own[place] === name);
}

/** What a value can be where the test holds, or does not: `x || 1` has no undefined `x`. What can be changed stays whole. */
function under(trace: Trace, test: Node, holds: boolean, value: Value): Value {
  const now = contents(value);
  if (now.kind !== 'choice') return now;
  const left = assuming(trace, test, holds, () => narrowed(trace, now));
  return left.kind === 'scalar' || left.kind === 'number' || left.kind === 'boolean' || left.kind === 'string'
    ? left
    : now;
}

type List = Value & { kind: 'array' | 'masked' };

/** An array with its items one by one; a plain vector is left whole. */
function asList(trace: Trace, value: Value): List | null {
  if (value.kind === 'array' || value.kind === 'masked') return value;
  if (value.kind !== 'maskedVector') return null;
  const places = Array.from({ length: value.node.type.length ?? 0 }, (_, index) => index);
  const items = places.map((index): Value => ({ kind: 'scalar', node: trace.graph.take(value.node, index) }));
  return { kind: 'masked', items, mask: places.map((index) => trace.graph.take(value.mask, index)) };
}

/** Two arrays of different lengths: what they begin with alike, then the rest of each under its condition. */
function unionOf(trace: Trace, test: Node, a: List, b: List, id: number): Value {
  const { graph } = trace;
  const always = graph.constant(true);
  const mask = (list: List, index: number): Node => (list.kind === 'masked' ? list.mask[index] : undefined) ?? always;
  const shorter = Math.min(a.items.length, b.items.length);
  let shared = 0;
  while (shared < shorter && mask(a, shared) === mask(b, shared)) shared += 1;
  const common = a.items.slice(0, shared).map((item, index) => merge(trace, test, item, b.items[index] ?? poison, id));
  const rest = (list: List, holds: Node) =>
    list.items
      .slice(shared)
      .map((item, index) => ({ item, mask: graph.binary('&&', holds, mask(list, shared + index)) }));
  const tail = [...rest(a, test), ...rest(b, graph.unary('!', test))];
  return {
    kind: 'masked',
    items: [...common, ...tail.map(({ item }) => item)],
    mask: [...common.map((_, index) => mask(a, index)), ...tail.map((each) => each.mask)],
  };
}

/** A merged array or record can be changed when both of its sides could. */
function fresh(trace: Trace, a: Value, b: Value, merged: Value): Value {
  // A value of a few records, each of which holds the one before it twice, is a tree of millions to merge.
  const entries = merged.kind === 'record' ? merged.fields.size : 'items' in merged ? merged.items.length : 0;
  spend(trace, trace.running, 1 + entries / 4);
  return a.kind === 'object' || b.kind === 'object' ? { kind: 'object', cell: trace.store.create(merged) } : merged;
}

function select(trace: Trace, test: Node, a: Node, b: Node, id: number): Node {
  const { graph } = trace;
  if (a.type.element === b.type.element) return graph.select(test, a, b, id);
  return graph.select(test, graph.unary('number', a), graph.unary('number', b), id);
}

/** Merges the two sides of an alternative, and counts the work. */
export function joined(trace: Trace, place: Place): (test: Node, yes: Value, no: Value) => Value {
  return (test, yes, no) => {
    spend(trace, place);
    return merge(trace, test, yes, no);
  };
}
