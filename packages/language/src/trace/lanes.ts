import { boolean, number } from '../ir/graph.ts';
import type { FoldOperator, Node } from '../ir/node.ts';
import { LaneStop } from './branch.ts';
import { asValue } from './scalars.ts';
import { look, type Trace } from './trace.ts';
import { truthNode } from './truth.ts';
import { contents, foldNeutral, type Place, poison, type Value } from './values.ts';

/**
 * Tries to trace a callback once for all entries of a vector: the entry is the whole vector, the index the vector
 * 0, 1, 2, … Gives null where the callback treats entries differently; it is then traced entry by entry.
 */
export function overLane(trace: Trace, length: number, body: (index: Value) => Value): Value | null {
  if (trace.lane !== null) throw new LaneStop();
  const faults = trace.findings.length;
  trace.lane = { length, born: trace.store.now };
  const index: Value = { kind: 'scalar', node: trace.graph.constant(Array.from({ length }, (_, at) => at)) };
  try {
    const { result } = trace.store.attempt(() => body(index));
    if (!trace.findings.slice(faults).some((finding) => finding.severity === 'error')) return result;
  } catch (stop) {
    if (!(stop instanceof LaneStop)) throw stop;
  } finally {
    trace.lane = null;
  }
  trace.findings.length = faults;
  return null;
}

/** A lane has one entry for each entry of the vector; anything else is the same for all. */
export function laneNode(value: Value): Node | null {
  return value.kind === 'scalar' && value.node.type.length !== null ? value.node : null;
}

/** `v.map(f)`; null where it must be traced entry by entry. */
export function mapLane(
  trace: Trace,
  vector: Value & { kind: 'vector' },
  callback: Value,
  place: Place,
): (Value & { kind: 'vector' }) | null {
  const length = vector.node.type.length ?? 0;
  const entry: Value = { kind: 'scalar', node: vector.node };
  const result = overLane(trace, length, (index) => trace.invoke(callback, [entry, index, vector], place));
  if (result === null) return null;
  const node = laneNode(result);
  if (node !== null) return { kind: 'vector', node };
  if (result.kind === 'number')
    return { kind: 'vector', node: trace.graph.constant(Array.from({ length }, () => result.value)) };
  if (result.kind === 'boolean')
    return { kind: 'vector', node: trace.graph.constant(Array.from({ length }, () => result.value)) };
  return null;
}

/** The truth of a callback for every entry; null where it must be traced entry by entry. */
export function testLane(trace: Trace, vector: Value & { kind: 'vector' }, callback: Value, place: Place): Node | null {
  const entry: Value = { kind: 'scalar', node: vector.node };
  const result = overLane(trace, vector.node.type.length ?? 0, (index) => {
    const test = truthNode(trace, trace.invoke(callback, [entry, index, vector], place), place);
    return test === null ? poison : { kind: 'scalar', node: test };
  });
  return result === null ? null : laneNode(result);
}

/** `v.reduce(f, start)` as one fold, where `f` combines the running value with something of the entry alone. */
export function reduceLane(
  trace: Trace,
  vector: Value & { kind: 'vector' },
  callback: Value,
  start: Value,
  place: Place,
): Value | null {
  const first = contents(start);
  const known =
    first.kind === 'number'
      ? trace.graph.constant(first.value, first.label ?? null)
      : first.kind === 'boolean'
        ? trace.graph.constant(first.value)
        : first.kind === 'scalar'
          ? first.node
          : null;
  if (known === null || known.type.length !== null) return null;
  const hole = trace.graph.hole(known.type.element === 'boolean' ? boolean() : number());
  const running: Value = { kind: 'scalar', node: hole };
  const entry: Value = { kind: 'scalar', node: vector.node };
  const length = vector.node.type.length ?? 0;
  const result = overLane(trace, length, (index) => trace.invoke(callback, [running, entry, index, vector], place));
  if (result?.kind !== 'scalar') return null;
  const fold = recognise(trace, result.node, hole);
  return fold === null || fold.entries.type.length !== length
    ? null
    : asValue(trace.graph.fold(fold.operator, fold.entries, known));
}

interface Recognised {
  readonly operator: FoldOperator;
  readonly entries: Node;
}

/** Reads `running + f(x)`, `Math.max(running, f(x))`, `test ? running + f(x) : running` and the like. */
export function recognise(trace: Trace, node: Node, hole: Node, without = new Set<Node>()): Recognised | null {
  const { graph } = trace;
  const [a, b, c] = node.args;
  if (node.op === 'select' && a && b && c && !contains(trace, a, hole, without)) {
    const kept = b === hole ? c : c === hole ? b : null;
    const inner = kept === null ? null : recognise(trace, kept, hole, without);
    if (inner === null) return null;
    const neutral = graph.constant(foldNeutral[inner.operator]);
    const entries =
      b === hole
        ? graph.select(a, neutral, inner.entries, trace.merges++)
        : graph.select(a, inner.entries, neutral, trace.merges++);
    return { operator: inner.operator, entries };
  }
  if (node.args.length !== 2 || !a || !b) return null;
  const other = a === hole ? b : b === hole ? a : null;
  if (other === null || contains(trace, other, hole, without)) return null;
  if (node.op === 'call' && node.callee === 'Math.max') return { operator: 'max', entries: other };
  if (node.op === 'call' && node.callee === 'Math.min') return { operator: 'min', entries: other };
  if (node.op !== 'binary') return null;
  if (node.operator === '-' && a === hole) return { operator: '+', entries: graph.unary('-', b) };
  if (node.operator === '+' || node.operator === '*' || node.operator === '&&' || node.operator === '||') {
    return { operator: node.operator, entries: other };
  }
  return null;
}

/** Whether a node is made of another; `without` gathers those that are not. */
function contains(trace: Trace, node: Node, wanted: Node, without: Set<Node>): boolean {
  const visit = (at: Node): boolean => {
    if (at === wanted) return true;
    if (without.has(at) || at.id < wanted.id) return false;
    look(trace);
    without.add(at);
    return at.args.some(visit);
  };
  return visit(node);
}
