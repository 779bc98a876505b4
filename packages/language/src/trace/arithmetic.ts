import { applyBinary } from '../ir/fold.ts';
import type { BinaryOperator, Node } from '../ir/node.ts';
import { heldFault, nullAsZero } from './held.ts';
import { alternative, mayBeText, narrowed, overChoice } from './known.ts';
import { asked } from './look-up.ts';
import { merge } from './merge.ts';
import { combined, constantNode, knownNumber } from './named-numbers.ts';
import { refuse, spend, type Trace, warn } from './trace.ts';
import {
  booleanValue,
  contents,
  describe,
  numberValue,
  type Place,
  poison,
  stringValue,
  type Value,
} from './values.ts';

/** A scalar node for a number or truth value; null after reporting what it is instead. */
export function scalarNode(trace: Trace, value: Value, place: Place, what = 'This'): Node | null {
  const now = narrowed(trace, value);
  switch (now.kind) {
    case 'number':
      return constantNode(trace.graph, now);
    case 'boolean':
      return trace.graph.constant(now.value);
    case 'scalar':
      return now.node;
    case 'poison':
      return null;
    case 'undefined':
      reportMissing(trace, now, place);
      return null;
    case 'choice':
      reportChoice(trace, now, place);
      return null;
    case 'vector':
    case 'array':
      refuse(
        trace,
        place,
        'vector-as-number',
        `${what} is ${describe(now)}, and a number is needed.`,
        'Take an entry by its index, or reduce the vector: norm(v), sum(v), dot(a, b), v.map((x) => …).',
      );
      return null;
    default:
      refuse(
        trace,
        place,
        'not-a-number',
        `${what} is ${describe(now)}, and a number is needed.`,
        'Use a number or a boolean here.',
      );
      return null;
  }
}

export function reportMissing(trace: Trace, value: Value & { kind: 'undefined' }, place: Place): void {
  const { reason } = value;
  if (reason !== undefined) refuse(trace, reason.place, reason.code, reason.message, reason.advice);
  else if (value.unset !== undefined) {
    const advice = `Begin the record with \`${value.unset}: 0\`.`;
    refuse(trace, place, 'undefined-value', `\`${value.unset}\` is missing on some paths.`, advice);
  } else
    refuse(
      trace,
      place,
      'undefined-value',
      'The value is undefined here.',
      'Give it a value on every path before using it.',
    );
}

function reportChoice(trace: Trace, value: Value & { kind: 'choice' }, place: Place): void {
  const missing = alternative(value, ({ kind }) => kind === 'undefined');
  const held = heldFault(value);
  if (held !== null) {
    refuse(trace, place, missing === null ? 'shapes-differ' : 'undefined-value', held.message, held.advice);
    return;
  }
  if (missing?.kind === 'undefined') {
    reportMissing(trace, missing, place);
    return;
  }
  refuse(
    trace,
    place,
    'shapes-differ',
    `The value is ${describe(value.yes)} or ${describe(value.no)}, depending on a condition.`,
    'Make both branches give the same kind of value, with the same length.',
  );
}

/** The number that a value counts for in arithmetic: true is 1, false is 0. */
export function numberNode(trace: Trace, value: Value, place: Place, what?: string): Node | null {
  const node = scalarNode(trace, nullAsZero(trace, value), place, what);
  return node === null ? null : trace.graph.unary('number', node);
}

/** Whether a value counts as true: not 0, not NaN, not undefined, not the empty string. */
export function truth(trace: Trace, value: Value, place: Place): Node | boolean | null {
  const now = narrowed(trace, value);
  const absent = asked(trace, value);
  if (absent !== undefined && now.kind !== 'scalar') return not(trace, absent);
  switch (now.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return Boolean(now.value);
    case 'undefined':
      return false;
    case 'scalar': {
      const node = trace.graph.unary('truth', now.node);
      return node.op === 'constant' && typeof node.value === 'boolean' ? node.value : node;
    }
    case 'poison':
      return null;
    case 'choice': {
      const one = (each: Value): Value => {
        const test = truthNode(trace, each, place);
        return test === null ? poison : asValue(test);
      };
      const both = overChoice(now, one, joined(trace, place));
      return both.kind === 'scalar' ? both.node : both.kind === 'boolean' ? both.value : null;
    }
    case 'record':
      // `if (!next) …` guards against what cannot happen, and does no harm.
      if (now.owner === undefined) warnAlwaysTrue(trace, now, place);
      return true;
    default:
      warnAlwaysTrue(trace, now, place);
      return true;
  }
}

function warnAlwaysTrue(trace: Trace, now: Value, place: Place): void {
  warn(
    trace,
    place,
    'always-true',
    `The condition is ${describe(now)}, which always counts as true.`,
    'Compare an entry or the length instead.',
  );
}

export function truthNode(trace: Trace, value: Value, place: Place): Node | null {
  const known = truth(trace, value, place);
  return typeof known === 'boolean' ? trace.graph.constant(known) : known;
}

export function not(trace: Trace, node: Node): Node {
  return trace.graph.unary('!', node);
}

/** A node as a value again; known ones become plain numbers and truth values. */
export function asValue(node: Node): Value {
  if (node.op === 'constant' && node.type.length === null) {
    if (typeof node.value === 'number') return knownNumber(node);
    if (typeof node.value === 'boolean') return booleanValue(node.value);
  }
  return { kind: 'scalar', node };
}

/** How undefined and null read in text. */
export const nothing = (value: Value): string =>
  value.kind === 'undefined' && value.isNull === true ? 'null' : 'undefined';

const primitive = (value: Value): number | boolean | string | null =>
  value.kind === 'number' || value.kind === 'boolean' || value.kind === 'string' ? value.value : null;

/** `a operator b` as JavaScript computes it. */
export function binary(trace: Trace, operator: BinaryOperator | '==' | '!=', a: Value, b: Value, place: Place): Value {
  const left = narrowed(trace, a);
  const right = narrowed(trace, b);
  if (left.kind === 'poison' || right.kind === 'poison') return poison;
  if (operator === '===' || operator === '!==' || operator === '==' || operator === '!=') {
    if (right.kind === 'undefined') return isMissing(trace, operator, a, right, place);
    if (left.kind === 'undefined') return isMissing(trace, operator, b, left, place);
    return equality(trace, operator, left, right, place);
  }
  if (
    operator === '+' &&
    (mayBeText(left) || mayBeText(right)) &&
    (left.kind === 'choice' || right.kind === 'choice')
  ) {
    const join = joined(trace, place);
    return overChoice(left, (one) => overChoice(right, (other) => binary(trace, '+', one, other, place), join), join);
  }
  const x = primitive(left);
  const y = primitive(right);
  if (operator === '+' && (typeof x === 'string' || typeof y === 'string')) {
    if (left.kind === 'undefined' || right.kind === 'undefined')
      return stringValue(`${x ?? nothing(left)}${y ?? nothing(right)}`);
    if (x === null || y === null) {
      return refuse(
        trace,
        place,
        'text',
        'Text cannot hold a value of the step.',
        'Components are numbers: drop the text.',
      );
    }
    return stringValue(`${x}${y}`);
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

/** Merges the two sides of an alternative, and counts the work. */
export function joined(trace: Trace, place: Place): (test: Node, yes: Value, no: Value) => Value {
  return (test, yes, no) => {
    spend(trace, place);
    return merge(trace, test, yes, no);
  };
}

/** `x === undefined`, `x == null` and their opposites. */
function isMissing(
  trace: Trace,
  operator: '===' | '!==' | '==' | '!=',
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

function equality(trace: Trace, operator: '===' | '!==' | '==' | '!=', left: Value, right: Value, place: Place): Value {
  const strict = operator.length === 3;
  const wanted = operator.startsWith('=');
  const answer = (same: boolean): Value => booleanValue(same === wanted);
  if (left.kind === 'choice' || right.kind === 'choice') {
    const join = joined(trace, place);
    // Alternatives of different types are fair game where others are of the same: `far && 'reach'` is compared with text.
    const isSameType = alternative(left, (one) => alternative(right, (other) => isAlike(one, other)) !== null) !== null;
    const same = (one: Value, other: Value): Value => {
      const never = isSameType && primitiveType(one) !== null && primitiveType(other) !== null && !isAlike(one, other);
      const isText = primitiveType(one) === 'string' || primitiveType(other) === 'string';
      return never && (strict || isText) ? answer(false) : binary(trace, operator, one, other, place);
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
