import type { Node } from '../ir/node.ts';
import { decider, Facts } from './facts.ts';
import { constantNode } from './named-numbers.ts';
import { look, type Trace } from './trace.ts';
import { contents, type Value } from './values.ts';

/** Alternatives of one value that are looked at. */
const MOST = 256;

type Choice = Value & { kind: 'choice' };

/**
 * A value without the alternatives in which it is missing, as far as what is known where the code stands excludes them:
 * `best` is a number in `best === null || x < best`.
 */
export function reachable(trace: Trace, value: Choice): Value {
  if (trace.known.isEmpty) return value;
  const count = () => look(trace);
  const path = new Facts(count);
  let looked = 0;
  const visit = (each: Value): Value | null => {
    const now = contents(each);
    looked += 1;
    if (looked > MOST) return each;
    if (now.kind === 'undefined') return isExcluded(trace, path) ? null : each;
    if (now.kind !== 'choice') return each;
    const yes = path.with(now.test, true, () => visit(now.yes));
    const no = path.with(now.test, false, () => visit(now.no));
    if (yes === null) return no;
    if (no === null) return yes;
    return yes === now.yes && no === now.no ? each : joined(trace, now.test, yes, no);
  };
  return contents(visit(value) ?? value);
}

function isExcluded(trace: Trace, path: Facts): boolean {
  const decided = decider(path, () => look(trace));
  for (const [test, holds] of trace.known) if (decided(test) === !holds) return true;
  return false;
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
