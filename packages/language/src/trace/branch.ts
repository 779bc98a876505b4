import type { Node } from '../ir/node.ts';
import { assuming } from './known.ts';
import { called, merge } from './merge.ts';
import type { Cell } from './store.ts';
import { refuse, type Trace } from './trace.ts';
import type { Place, Value } from './values.ts';

/** Raised when a callback cannot be traced once for a whole vector; the caller then goes entry by entry. */
export class LaneStop extends Error {}

/** Writes a place; while a callback stands for all entries of a vector at once, only its own places may change. */
export function write(trace: Trace, cell: Cell, value: Value, place: Place): void {
  if (cell.born < trace.moduleEnd) {
    refuse(
      trace,
      place,
      'global-state',
      'An array or record at module level is changed from step to step.',
      'Declare `export const memory = { … }` and return the new values as `memory`.',
    );
    return;
  }
  if (trace.lane !== null && cell.born < trace.lane.born) throw new LaneStop();
  trace.store.write(cell, value);
}

/**
 * Evaluates both arms of a condition and keeps, in every place that one of them wrote, the value of the arm that holds.
 * `onlyThen` and `onlyOtherwise` say how old a place must be for the value of an arm that was left early to matter.
 */
export function branch<R>(
  trace: Trace,
  test: Node,
  then: () => R,
  otherwise: () => R,
  left: (result: R) => number | null = () => null,
): { yes: R; no: R; merge: number } {
  const a = trace.store.attempt(() => assuming(trace, test, true, then));
  const b = trace.store.attempt(() => assuming(trace, test, false, otherwise));
  const id = trace.merges++;
  const leftThen = left(a.result);
  const leftOtherwise = left(b.result);
  for (const cell of new Set([...a.writes.keys(), ...b.writes.keys()])) {
    const first = a.writes.get(cell) ?? cell.current;
    const second = b.writes.get(cell) ?? cell.current;
    if (leftThen !== null && cell.born >= leftThen) trace.store.write(cell, second);
    else if (leftOtherwise !== null && cell.born >= leftOtherwise) trace.store.write(cell, first);
    else trace.store.write(cell, called(trace, cell.label, merge(trace, test, first, second, id)));
  }
  return { yes: a.result, no: b.result, merge: id };
}

/** Evaluates `body` for the rows where `skipped` does not hold; older places keep their value where it does. */
export function unless<R>(trace: Trace, skipped: Node, born: number, body: () => R): R {
  const { result, writes } = trace.store.attempt(() => assuming(trace, skipped, false, body));
  const id = trace.merges++;
  for (const [cell, value] of writes) {
    const merged = cell.born >= born ? value : merge(trace, skipped, cell.current, value, id);
    trace.store.write(cell, called(trace, cell.label, merged));
  }
  return result;
}

export function refuseSyntax(trace: Trace, place: Place, what: string, advice: string): Value {
  return refuse(trace, place, 'unsupported-syntax', `${what} is not part of the reward language.`, advice);
}
