import { alternative, narrowed, overChoice } from './known.ts';
import { asked } from './look-up.ts';
import { joined } from './merge.ts';
import { asValue, scalarNode } from './scalars.ts';
import { type Trace, warn } from './trace.ts';
import { not } from './truth.ts';
import { booleanValue, contents, describe, type Place, poison, primitive, type Value } from './values.ts';

export type EqualityOperator = '===' | '!==' | '==' | '!=';

export const isEquality = (operator: string): operator is EqualityOperator =>
  operator === '===' || operator === '!==' || operator === '==' || operator === '!=';

/** `a operator b` as JavaScript compares them. */
export function equality(trace: Trace, operator: EqualityOperator, a: Value, b: Value, place: Place): Value {
  const left = narrowed(trace, a);
  const right = narrowed(trace, b);
  if (left.kind === 'poison' || right.kind === 'poison') return poison;
  if (right.kind === 'undefined') return isMissing(trace, operator, a, right, place);
  if (left.kind === 'undefined') return isMissing(trace, operator, b, left, place);
  return compared(trace, operator, left, right, place);
}

/** `x === undefined`, `x == null` and their opposites. */
function isMissing(
  trace: Trace,
  operator: EqualityOperator,
  value: Value,
  wanted: Value & { kind: 'undefined' },
  place: Place,
): Value {
  const positive = operator.startsWith('=');
  const loose = operator.length === 2;
  const same = (one: Value): Value => {
    const absent = asked(trace, one);
    if (absent !== undefined) {
      if (!loose && wanted.isNull === true) return booleanValue(!positive);
      return asValue(positive ? absent : not(trace, absent));
    }
    const now = contents(one);
    if (now.kind === 'poison') return poison;
    const equal = now.kind === 'undefined' && (loose || now.isNull === wanted.isNull);
    return booleanValue(equal === positive);
  };
  return trace.absent.has(value) ? same(value) : overChoice(narrowed(trace, value), same, joined(trace, place));
}

function primitiveType(value: Value): string | null {
  const now = contents(value);
  if (now.kind === 'scalar') return now.node.type.element;
  return now.kind === 'number' || now.kind === 'boolean' || now.kind === 'string' ? now.kind : null;
}

const isAlike = (a: Value, b: Value): boolean => primitiveType(a) !== null && primitiveType(a) === primitiveType(b);

function compared(trace: Trace, operator: EqualityOperator, left: Value, right: Value, place: Place): Value {
  const strict = operator.length === 3;
  const wanted = operator.startsWith('=');
  const answer = (same: boolean): Value => booleanValue(same === wanted);
  if (left.kind === 'choice' || right.kind === 'choice') {
    const join = joined(trace, place);
    // Alternatives of different types are fair game where others are of the same: `far && 'reach'` is compared with text.
    const isSameType =
      alternative(trace, left, (one) => alternative(trace, right, (other) => isAlike(one, other)) !== null) !== null;
    const same = (one: Value, other: Value): Value => {
      const never = isSameType && primitiveType(one) !== null && primitiveType(other) !== null && !isAlike(one, other);
      const isText = primitiveType(one) === 'string' || primitiveType(other) === 'string';
      return never && (strict || isText) ? answer(false) : equality(trace, operator, one, other, place);
    };
    return overChoice(left, (one) => overChoice(right, (other) => same(one, other), join), join);
  }
  const x = primitive(left);
  const y = primitive(right);
  if (x !== null && y !== null)
    return answer(
      strict ? x === y : typeof x === 'string' || typeof y === 'string' ? x === y : Number(x) === Number(y),
    );
  if (left.kind === 'string' || right.kind === 'string') {
    warn(
      trace,
      place,
      'mixed-comparison',
      `${describe(left)} is compared with ${describe(right)}: that is never equal.`,
      'Compare numbers with numbers; a discrete action is a number.',
    );
    return answer(false);
  }
  const first = scalarNode(trace, left, place, 'The left side');
  const second = scalarNode(trace, right, place, 'The right side');
  if (first === null || second === null) return poison;
  if (first.type.element !== second.type.element) {
    if (strict) {
      warn(
        trace,
        place,
        'mixed-comparison',
        'A boolean is compared with a number by ===: that is never equal.',
        'Use the boolean itself as the condition, or compare Number(flag).',
      );
      return answer(false);
    }
    const { graph } = trace;
    return asValue(graph.binary(wanted ? '===' : '!==', graph.unary('number', first), graph.unary('number', second)));
  }
  return asValue(trace.graph.binary(wanted ? '===' : '!==', first, second));
}
