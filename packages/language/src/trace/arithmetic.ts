import { applyBinary } from '../ir/fold.ts';
import type { BinaryOperator } from '../ir/node.ts';
import { type EqualityOperator, equality, isEquality } from './equality.ts';
import { mayBeText, narrowed, overChoice } from './known.ts';
import { joined } from './merge.ts';
import { combined } from './named-numbers.ts';
import { asValue, numberNode } from './scalars.ts';
import { lookThrough, refuse, type Trace } from './trace.ts';
import { booleanValue, numberValue, type Place, poison, primitive, stringValue, type Value } from './values.ts';

/** How undefined and null read in text. */
export const nothing = (value: Value): string =>
  value.kind === 'undefined' && value.isNull === true ? 'null' : 'undefined';

/** A text that was joined: one that is joined to itself again and again is soon longer than this process can hold. */
function joinedText(trace: Trace, place: Place, left: string, right: string): Value {
  const length = left.length + right.length;
  lookThrough(trace, { length });
  if (length <= trace.limits.arrayLength) return stringValue(left + right);
  return refuse(
    trace,
    place,
    'program-too-large',
    `A text that is joined may have ${trace.limits.arrayLength} characters.`,
    'Components are numbers: drop the text.',
  );
}

/** `a operator b` as JavaScript computes it. */
export function binary(
  trace: Trace,
  operator: BinaryOperator | EqualityOperator,
  a: Value,
  b: Value,
  place: Place,
): Value {
  if (isEquality(operator)) return equality(trace, operator, a, b, place);
  const left = narrowed(trace, a);
  const right = narrowed(trace, b);
  if (left.kind === 'poison' || right.kind === 'poison') return poison;
  if (
    operator === '+' &&
    (mayBeText(trace, left) || mayBeText(trace, right)) &&
    (left.kind === 'choice' || right.kind === 'choice')
  ) {
    const join = joined(trace, place);
    return overChoice(left, (one) => overChoice(right, (other) => binary(trace, '+', one, other, place), join), join);
  }
  const x = primitive(left);
  const y = primitive(right);
  if (operator === '+' && (typeof x === 'string' || typeof y === 'string')) {
    if (left.kind === 'undefined' || right.kind === 'undefined')
      return joinedText(trace, place, String(x ?? nothing(left)), String(y ?? nothing(right)));
    if (x === null || y === null) {
      return refuse(
        trace,
        place,
        'text',
        'Text cannot hold a value of the step.',
        'Components are numbers: drop the text.',
      );
    }
    return joinedText(trace, place, String(x), String(y));
  }
  if (x !== null && y !== null && typeof x !== 'string' && typeof y !== 'string') {
    const value = applyBinary(operator, x, y);
    if (typeof value === 'boolean') return booleanValue(value);
    return left.kind === 'number' && right.kind === 'number'
      ? combined(operator, value, [left, right])
      : numberValue(value);
  }
  const first = numberNode(trace, left, place, 'The left side');
  const second = numberNode(trace, right, place, 'The right side');
  return first === null || second === null ? poison : asValue(trace.graph.binary(operator, first, second));
}
