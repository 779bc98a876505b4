import type { Expression, ObjectExpression, SpreadElement, TemplateLiteral } from 'acorn';
import type { Node } from '../ir/node.ts';
import { binary, nothing } from './arithmetic.ts';
import { refuseSyntax } from './branch.ts';
import { overlay } from './fields.ts';
import { itemsOf } from './items.ts';
import { narrowed, overChoice } from './known.ts';
import { isMasked, partsOf } from './masked.ts';
import { keyOf } from './member.ts';
import { joined, merge } from './merge.ts';
import { annotate } from './pattern.ts';
import { asValue } from './scalars.ts';
import type { Scope } from './store.ts';
import { placeOf, refuse, spend, type Trace } from './trace.ts';
import {
  contents,
  describe,
  type Field,
  nullValue,
  numberValue,
  type Place,
  poison,
  stringValue,
  undefinedValue,
  type Value,
} from './values.ts';

export function literal(trace: Trace, value: unknown, place: Place): Value {
  if (typeof value === 'number') return numberValue(value);
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return stringValue(value);
  if (value === null) return nullValue;
  if (typeof value === 'bigint') return refuseSyntax(trace, place, 'A BigInt', 'Write a plain number, without n.');
  return refuseSyntax(trace, place, 'A regular expression', 'Compare numbers.');
}

export function template(trace: Trace, syntax: TemplateLiteral, scope: Scope): Value {
  let text: Value = stringValue(syntax.quasis[0]?.value.cooked ?? '');
  for (const [index, expression] of syntax.expressions.entries()) {
    const place = placeOf(expression);
    const part = asText(trace, trace.evaluate(expression, scope), place);
    if (part.kind === 'poison') return poison;
    const rest = stringValue(syntax.quasis[index + 1]?.value.cooked ?? '');
    text = binary(trace, '+', binary(trace, '+', text, part, place), rest, place);
  }
  return text;
}

/** A value as text, where all that it can be is known: `${done ? 1 : 0}`. */
function asText(trace: Trace, value: Value, place: Place, done = new Map<Node, Value>()): Value {
  const now = narrowed(trace, value);
  if (now.kind !== 'scalar') return textOf(trace, now, place, done);
  const known = done.get(now.node) ?? textOf(trace, now, place, done);
  done.set(now.node, known);
  return known;
}

function textOf(trace: Trace, now: Value, place: Place, done: Map<Node, Value>): Value {
  const join = joined(trace, place);
  if (now.kind === 'choice') return overChoice(now, (one) => asText(trace, one, place, done), join);
  if (now.kind === 'string' || now.kind === 'poison') return now;
  if (now.kind === 'number' || now.kind === 'boolean') return stringValue(String(now.value));
  if (now.kind === 'undefined' && now.reason === undefined) return stringValue(nothing(now));
  if (now.kind === 'scalar' && now.node.type.length === null) {
    const { node } = now;
    const [test, yes, no] = node.args;
    if (node.op === 'select' && test && yes && no) {
      return join(test, asText(trace, asValue(yes), place, done), asText(trace, asValue(no), place, done));
    }
    if (node.type.element === 'boolean') return join(node, stringValue('true'), stringValue('false'));
  }
  return refuse(
    trace,
    place,
    'text',
    'Text cannot hold a value of the step.',
    'Components are numbers: drop the text.',
  );
}

export function array(trace: Trace, elements: readonly (Expression | SpreadElement | null)[], scope: Scope): Value {
  const items: Value[] = [];
  for (const element of elements) {
    if (element === null) items.push(undefinedValue);
    else if (element.type === 'SpreadElement') {
      const spread = trace.evaluate(element.argument, scope);
      const whole = contents(spread);
      if (elements.length === 1 && whole.kind === 'maskedVector')
        return { kind: 'object', cell: trace.store.create(whole) };
      if (isMasked(whole)) return arrayWithMask(trace, elements, scope);
      items.push(...(itemsOf(trace, spread, placeOf(element)) ?? [poison]));
    } else items.push(trace.evaluate(element, scope));
  }
  return { kind: 'object', cell: trace.store.create({ kind: 'array', items }) };
}

/** An array literal that spreads an array whose length is only known at run time. */
function arrayWithMask(trace: Trace, elements: readonly (Expression | SpreadElement | null)[], scope: Scope): Value {
  const parts = elements.flatMap((element) => {
    if (element?.type === 'SpreadElement')
      return partsOf(trace, trace.evaluate(element.argument, scope), placeOf(element));
    const item = element === null ? undefinedValue : trace.evaluate(element, scope);
    return [{ item, there: trace.graph.constant(true) }];
  });
  const items = parts.map(({ item }) => item);
  return { kind: 'object', cell: trace.store.create({ kind: 'masked', items, mask: parts.map(({ there }) => there) }) };
}

export function record(trace: Trace, syntax: ObjectExpression, scope: Scope): Value {
  const fields = new Map<string, Field>();
  for (const property of syntax.properties) {
    const place = placeOf(property);
    if (property.type === 'SpreadElement') {
      spread(trace, trace.evaluate(property.argument, scope), fields, place);
      continue;
    }
    const key = keyOf(trace, property, scope);
    if (key === null) return poison;
    if (property.kind !== 'init') {
      refuseSyntax(trace, place, 'A getter or setter', 'Write the value itself.');
      continue;
    }
    const value = trace.evaluate(property.value, scope);
    annotate(trace, key, value, property, trace.comments.around(property), false);
    fields.set(key, { value, place });
  }
  return { kind: 'object', cell: trace.store.create({ kind: 'record', fields }) };
}

function spread(trace: Trace, value: Value, fields: Map<string, Field>, place: Place): void {
  const now = contents(value);
  if (now.kind === 'record') for (const [name, field] of now.fields) overlay(trace, fields, name, field);
  else if (now.kind === 'array')
    for (const [index, item] of now.items.entries()) fields.set(String(index), { value: item, place });
  else if (now.kind === 'choice') {
    spend(trace, place);
    const then = new Map(fields);
    const otherwise = new Map(fields);
    spread(trace, now.yes, then, place);
    spread(trace, now.no, otherwise, place);
    const both = contents(
      merge(trace, now.test, { kind: 'record', fields: then }, { kind: 'record', fields: otherwise }),
    );
    if (both.kind === 'record') for (const [name, field] of both.fields) fields.set(name, field);
  } else if (!['undefined', 'poison', 'boolean', 'number', 'scalar'].includes(now.kind)) {
    refuse(trace, place, 'not-a-record', `${describe(now)} is spread into a record.`, 'Spread a record here.');
  }
}
