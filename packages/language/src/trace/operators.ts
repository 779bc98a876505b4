import type { Expression } from 'acorn';
import type { BinaryOperator } from '../ir/node.ts';
import { binary } from './arithmetic.ts';
import { bitwise } from './bits.ts';
import { refuseSyntax } from './branch.ts';
import { narrowed, overChoice } from './known.ts';
import { asked } from './look-up.ts';
import { joined, merge } from './merge.ts';
import { combined } from './named-numbers.ts';
import { hasField } from './objects.ts';
import { asValue, numberNode } from './scalars.ts';
import type { Scope } from './store.ts';
import type { Trace } from './trace.ts';
import { not, truth } from './truth.ts';
import { contents, numberValue, type Place, poison, stringValue, undefinedValue, type Value } from './values.ts';

export function unary(trace: Trace, operator: string, value: Value, place: Place): Value {
  if (value.kind === 'poison') return poison;
  if (operator === '!') {
    const test = truth(trace, value, place);
    if (test === null) return poison;
    return typeof test === 'boolean' ? { kind: 'boolean', value: !test } : asValue(not(trace, test));
  }
  if (operator === '-' || operator === '+') {
    if (operator === '-' && value.kind === 'number') return combined('-', -value.value, [value]);
    const node = numberNode(trace, value, place);
    return node === null ? poison : asValue(operator === '-' ? trace.graph.unary('-', node) : node);
  }
  if (operator === 'typeof') {
    const one = (each: Value): Value => {
      const type = typeOf(contents(each));
      const absent = asked(trace, each);
      return absent === undefined ? type : merge(trace, absent, stringValue('undefined'), type);
    };
    return trace.absent.has(value) ? one(value) : overChoice(narrowed(trace, value), one, joined(trace, place));
  }
  if (operator === 'void') return undefinedValue;
  if (operator === '~') return bitwise(trace, '^', value, numberValue(-1), place);
  return refuseSyntax(trace, place, `\`${operator}\``, 'Leave it out.');
}

function typeOf(value: Value): Value {
  if (value.kind === 'undefined' && value.isNull === true) return stringValue('object');
  if (value.kind === 'scalar') return stringValue(value.node.type.element);
  if (value.kind === 'function' || value.kind === 'builtin') return stringValue('function');
  if (value.kind === 'number' || value.kind === 'boolean' || value.kind === 'string' || value.kind === 'undefined')
    return stringValue(value.kind);
  return value.kind === 'poison' ? poison : stringValue('object');
}

const operators: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<',
  '<=',
  '>',
  '>=',
  '===',
  '!==',
  '==',
  '!=',
]);

export const bitOperators: ReadonlySet<string> = new Set(['|', '&', '^', '<<', '>>', '>>>']);

export const isOperator = (text: string): text is BinaryOperator | '==' | '!=' => operators.has(text);

export function binaryExpression(
  trace: Trace,
  operator: string,
  left: unknown,
  right: Expression,
  scope: Scope,
  place: Place,
): Value {
  const a = trace.evaluate(left as Expression, scope);
  const b = trace.evaluate(right, scope);
  if (isOperator(operator)) return binary(trace, operator, a, b, place);
  if (operator === 'in') {
    return a.kind === 'poison' || b.kind === 'poison' ? poison : hasField(trace, b, a, place);
  }
  if (bitOperators.has(operator)) return bitwise(trace, operator, a, b, place);
  return refuseSyntax(trace, place, `The operator \`${operator}\``, 'Use arithmetic and comparison.');
}
