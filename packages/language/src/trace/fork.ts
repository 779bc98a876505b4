import type { Node } from '../ir/node.ts';
import { branch, unless } from './branch.ts';
import { type Exit, type Flow, mergedReturns, taken, underTest } from './exits.ts';
import type { Trace } from './trace.ts';
import { not } from './truth.ts';

/** Runs the two arms of a condition and joins what they lead to. */
export function fork(trace: Trace, test: Node, then: () => Flow, otherwise: () => Flow): Flow {
  const gone = (flow: Flow): number | null => (flow.open ? null : Math.max(...flow.exits.map((exit) => exit.born)));
  const both = branch(trace, test, then, otherwise, gone);
  const merged = mergedReturns(trace, test, both.yes, both.no, both.merge);
  if (merged !== null) return merged;
  const first: Exit[] = underTest(trace, test, both.yes.exits);
  const open = both.yes.open || both.no.open;
  const second = both.yes.open ? underTest(trace, not(trace, test), both.no.exits) : both.no.exits;
  return { open, exits: [...first, ...second] };
}

/** Goes on after a conditional exit. */
export function after(trace: Trace, flow: Flow, rest: () => Flow): Flow {
  const left = taken(trace, flow.exits);
  if (left === null) return { exits: flow.exits, open: false };
  const born = Math.max(...flow.exits.map((exit) => exit.born));
  const following = unless(trace, left, born, rest);
  return { exits: [...flow.exits, ...following.exits], open: following.open };
}
