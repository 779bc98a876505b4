import type { Expression, UpdateExpression } from 'acorn';
import { binary } from './arithmetic.ts';
import { assign, type Slot, slotOf, writeSlot } from './assign.ts';
import { bitwise } from './bits.ts';
import { refuseSyntax } from './branch.ts';
import { logical } from './condition.ts';
import { member } from './member.ts';
import { bitOperators, isOperator } from './operators.ts';
import { withDefault } from './pattern.ts';
import { asValue, numberNode } from './scalars.ts';
import type { Scope } from './store.ts';
import { placeOf, type Trace } from './trace.ts';
import { numberValue, type Place, poison, type Value } from './values.ts';

export function assignment(
  trace: Trace,
  syntax: Expression & { type: 'AssignmentExpression' },
  scope: Scope,
  place: Place,
): Value {
  const { left, operator } = syntax;
  // Where it goes is looked up first, then what.
  const slot = left.type === 'MemberExpression' ? slotOf(trace, left, scope) : null;
  if (operator === '=') {
    const value = trace.evaluate(syntax.right, scope);
    if (slot !== null) writeSlot(trace, slot, value, scope);
    else if (left.type !== 'MemberExpression') assign(trace, left, value, scope);
    return value;
  }
  const before = slot === null ? trace.evaluate(left as Expression, scope) : readSlot(trace, slot);
  const value = compounded(trace, operator.slice(0, -1), before, syntax.right, scope, place);
  if (slot === null) assign(trace, left, value, scope);
  else writeSlot(trace, slot, value, scope);
  return value;
}

const readSlot = (trace: Trace, { holder, key, target }: Slot): Value =>
  member(trace, holder, key, placeOf(target.computed ? target : target.property));

function compounded(
  trace: Trace,
  operator: string,
  before: Value,
  right: Expression,
  scope: Scope,
  place: Place,
): Value {
  if (isOperator(operator)) return binary(trace, operator, before, trace.evaluate(right, scope), place);
  if (bitOperators.has(operator)) return bitwise(trace, operator, before, trace.evaluate(right, scope), place);
  if (operator === '??') return withDefault(trace, before, right, scope, '??');
  if (operator === '&&' || operator === '||') return logical(trace, operator, before, right, scope, place);
  return refuseSyntax(trace, place, `The operator \`${operator}=\``, 'Use arithmetic.');
}

export function update(trace: Trace, syntax: UpdateExpression, scope: Scope, place: Place): Value {
  const { argument } = syntax;
  const slot = argument.type === 'MemberExpression' ? slotOf(trace, argument, scope) : null;
  const before = slot === null ? trace.evaluate(argument, scope) : readSlot(trace, slot);
  const after = binary(trace, syntax.operator === '++' ? '+' : '-', before, numberValue(1), place);
  if (slot !== null) writeSlot(trace, slot, after, scope);
  else if (argument.type === 'Identifier') assign(trace, argument, after, scope);
  if (syntax.prefix) return after;
  const number = numberNode(trace, before, place);
  return number === null ? poison : asValue(number);
}
