import type { Node } from '../ir/node.ts';
import { consequences, decided } from './facts.ts';
import { constantNode } from './named-numbers.ts';
import type { Trace } from './trace.ts';
import { contents, type Value } from './values.ts';

/** Alternatives of one value that are looked at. */
const MOST = 256;

type Choice = Value & { kind: 'choice' };

/**
 * A value without the alternatives in which it is missing, as far as what is known where the code stands excludes them:
 * `best` is a number in `best === null || x < best`.
 */
export function reachable(trace: Trace, value: Choice): Value {
  if (trace.known.length === 0) return value;
  let looked = 0;
  const visit = (each: Value, path: ReadonlyMap<Node, boolean>): Value | null => {
    const now = contents(each);
    looked += 1;
    if (looked > MOST) return each;
    if (now.kind === 'undefined') return isExcluded(trace, path) ? null : each;
    if (now.kind !== 'choice') return each;
    const yes = visit(now.yes, under(path, now.test, true));
    const no = visit(now.no, under(path, now.test, false));
    if (yes === null) return no;
    if (no === null) return yes;
    return yes === now.yes && no === now.no ? each : joined(trace, now.test, yes, no);
  };
  return contents(visit(value, new Map()) ?? value);
}

function under(path: ReadonlyMap<Node, boolean>, test: Node, holds: boolean): ReadonlyMap<Node, boolean> {
  return new Map([...path, ...consequences(test, holds).map((fact): [Node, boolean] => [fact.test, fact.holds])]);
}

function isExcluded(trace: Trace, path: ReadonlyMap<Node, boolean>): boolean {
  return trace.known.some(({ test, holds }) => decided(test, path) === !holds);
}

function joined(trace: Trace, test: Node, yes: Value, no: Value): Value {
  const [a, b] = [scalar(trace, yes), scalar(trace, no)];
  if (a === null || b === null || a.type.element !== b.type.element) return { kind: 'choice', test, yes, no };
  return { kind: 'scalar', node: trace.graph.select(test, a, b, trace.merges++) };
}

function scalar(trace: Trace, value: Value): Node | null {
  if (value.kind === 'number') return constantNode(trace.graph, value);
  if (value.kind === 'boolean') return trace.graph.constant(value.value);
  return value.kind === 'scalar' ? value.node : null;
}
