import type { Node } from '../ir/node.ts';
import { reachable } from './reachable.ts';
import { look, type Trace } from './trace.ts';
import { contents, type Value } from './values.ts';

/** Runs `body` for the rows in which the condition holds, or does not. */
export function assuming<R>(trace: Trace, test: Node, holds: boolean, body: () => R): R {
  return trace.known.with(test, holds, body);
}

/** The value without the alternatives that cannot be where the code stands: `x === undefined ? 0 : x` has a number `x`. */
export function narrowed(trace: Trace, value: Value): Value {
  let now = contents(value);
  while (now.kind === 'choice') {
    const { test } = now;
    look(trace);
    const negated = test.op === 'unary' && test.operator === '!' ? test.args[0] : undefined;
    const opposite = negated && trace.known.get(negated);
    const holds = trace.known.get(test) ?? (opposite === undefined ? undefined : !opposite);
    if (holds === undefined) return reachable(trace, now);
    now = contents(holds ? now.yes : now.no);
  }
  return now;
}

/**
 * Applies a function to each alternative of a value that depends on a condition; to a shared one once. `view` says which of
 * them count: all, or those that what is known where the code stands leaves.
 */
export function overChoice(
  value: Value,
  apply: (value: Value) => Value,
  join: (test: Node, yes: Value, no: Value) => Value,
  view: (value: Value) => Value = contents,
): Value {
  const done = new Map<Value, Value>();
  const visit = (each: Value): Value => {
    const known = done.get(each);
    if (known !== undefined) return known;
    const now = view(each);
    const result = now.kind === 'choice' ? join(now.test, visit(now.yes), visit(now.no)) : apply(each);
    done.set(each, result);
    return result;
  };
  return visit(value);
}

/** What remembering an alternative costs, in nodes that are only looked at. */
const ALTERNATIVE_LOOKS = 4;

/** The first alternative of a value that a test holds for. */
export function alternative(trace: Trace, value: Value, test: (value: Value) => boolean): Value | null {
  const seen = new Set<Value>();
  const stack = [value];
  for (let each = stack.pop(); each !== undefined; each = stack.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    const now = contents(each);
    if (now.kind === 'choice') {
      look(trace, ALTERNATIVE_LOOKS);
      stack.push(now.no, now.yes);
    } else if (test(now)) return now;
  }
  return null;
}

/** Whether one alternative of a value is text. */
export const mayBeText = (trace: Trace, value: Value): boolean =>
  alternative(trace, value, ({ kind }) => kind === 'string') !== null;
