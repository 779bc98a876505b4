import type { Expression, SpreadElement, Super } from 'acorn';
import { refuseSyntax } from './branch.ts';
import { itemsOf } from './items.ts';
import { narrowed, overChoice } from './known.ts';
import { asked, lookUp, needed } from './look-up.ts';
import { member } from './member.ts';
import { joined } from './merge.ts';
import type { Scope } from './store.ts';
import { placeOf, type Trace } from './trace.ts';
import { not } from './truth.ts';
import { contents, type Place, poison, stringValue, undefinedValue, type Value } from './values.ts';

export function memberExpression(trace: Trace, syntax: Expression & { type: 'MemberExpression' }, scope: Scope): Value {
  if (syntax.object.type === 'Super' || syntax.property.type === 'PrivateIdentifier') {
    return refuseSyntax(trace, placeOf(syntax), 'A class', 'Write plain functions.');
  }
  const holder = trace.evaluate(syntax.object, scope);
  const key = syntax.computed
    ? contents(trace.evaluate(syntax.property, scope))
    : stringValue(syntax.property.type === 'Identifier' ? syntax.property.name : '');
  const place = placeOf(syntax.computed ? syntax : syntax.property);
  if (!syntax.optional) {
    needed(trace, holder);
    return member(trace, holder, key, place);
  }
  const absent = asked(trace, holder);
  if (absent !== undefined) {
    const there = member(trace, holder, key, place);
    return lookUp(trace, [{ here: not(trace, absent), item: there }]);
  }
  const one = (held: Value): Value =>
    contents(held).kind === 'undefined' ? undefinedValue : member(trace, held, key, place);
  return overChoice(narrowed(trace, holder), one, joined(trace, place));
}

/** Arguments of a call; a spread vector counts as its entries. */
export function args(trace: Trace, list: readonly (Expression | SpreadElement)[], scope: Scope): Value[] {
  return list.flatMap((arg) => {
    if (arg.type !== 'SpreadElement') return [trace.evaluate(arg, scope)];
    const spread = contents(trace.evaluate(arg.argument, scope));
    if (spread.kind === 'masked' || spread.kind === 'maskedVector' || spread.kind === 'vector')
      return [{ kind: 'spread', value: spread }];
    return [...(itemsOf(trace, spread, placeOf(arg)) ?? [poison])];
  });
}

export function call(trace: Trace, syntax: Expression & { type: 'CallExpression' }, scope: Scope, place: Place): Value {
  const callee: Expression | Super = syntax.callee;
  if (callee.type === 'Super') return refuseSyntax(trace, place, '`super`', 'Write plain functions.');
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const holder = trace.evaluate(callee.object, scope);
    if (holder.kind === 'poison') {
      args(trace, syntax.arguments, scope);
      return poison;
    }
    if (callee.optional && holder.kind === 'undefined') return undefinedValue;
    const key = callee.computed
      ? contents(trace.evaluate(callee.property as Expression, scope))
      : stringValue(callee.property.type === 'Identifier' ? callee.property.name : '');
    const method = member(trace, holder, key, placeOf(callee.property));
    const values = args(trace, syntax.arguments, scope);
    if (
      method.kind === 'builtin' &&
      (method.name.startsWith('[].') || method.name === 'apply' || method.name === 'call')
    )
      return trace.invoke(method, [holder, ...values], place);
    return trace.invoke(method, values, place);
  }
  const target = trace.evaluate(callee, scope);
  return trace.invoke(target, args(trace, syntax.arguments, scope), place);
}
