import type { Expression, ObjectExpression, SpreadElement, Super, TemplateLiteral, UpdateExpression } from 'acorn';
import type { BinaryOperator, Node } from '../ir/node.ts';
import { asValue, binary, joined, not, numberNode, truth, truthNode } from './arithmetic.ts';
import { bitwise } from './bits.ts';
import { branch, refuseSyntax } from './branch.ts';
import { itemsOf } from './items.ts';
import { narrowed, overChoice } from './known.ts';
import { lookUp } from './look-up.ts';
import { isMasked, partsOf } from './masked.ts';
import { keyOf, member } from './member.ts';
import { merge } from './merge.ts';
import { identifier } from './names.ts';
import { annotate, assign, type Slot, slotOf, withDefault, writeSlot } from './pattern.ts';
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

/** Evaluates an expression over the symbolic inputs, and remembers where each node comes from. */
export function evaluate(trace: Trace, syntax: Expression, scope: Scope): Value {
  const value = computed(trace, syntax, scope);
  const now = contents(value);
  if ((now.kind === 'scalar' || now.kind === 'vector') && !trace.places.has(now.node)) {
    trace.places.set(now.node, placeOf(syntax));
    const outermost = trace.calls[1];
    if (outermost !== undefined) trace.callPlaces.set(now.node, outermost.place);
  }
  return value;
}

function computed(trace: Trace, syntax: Expression, scope: Scope): Value {
  const place = placeOf(syntax);
  spend(trace, place);
  switch (syntax.type) {
    case 'Literal':
      return literal(trace, syntax.value, place);
    case 'Identifier':
      return identifier(trace, syntax.name, scope, place);
    case 'TemplateLiteral':
      return template(trace, syntax, scope);
    case 'ParenthesizedExpression':
      return trace.evaluate(syntax.expression, scope);
    case 'ArrayExpression':
      return array(trace, syntax.elements, scope);
    case 'ObjectExpression':
      return record(trace, syntax, scope);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      if (syntax.async === true || syntax.generator === true) {
        return refuseSyntax(trace, place, 'An async function or a generator', 'Write a plain function.');
      }
      return { kind: 'function', syntax, scope, name: syntax.id?.name ?? 'function' };
    case 'UnaryExpression':
      return unary(trace, syntax.operator, trace.evaluate(syntax.argument, scope), place);
    case 'BinaryExpression':
      return binaryExpression(trace, syntax.operator, syntax.left, syntax.right, scope, place);
    case 'LogicalExpression':
      return logical(
        trace,
        syntax.operator,
        trace.evaluate(syntax.left, scope),
        syntax.right,
        scope,
        placeOf(syntax.left),
      );
    case 'ConditionalExpression':
      return conditional(trace, syntax, scope);
    case 'MemberExpression':
      return memberExpression(trace, syntax, scope);
    case 'ChainExpression':
      return trace.evaluate(syntax.expression, scope);
    case 'CallExpression':
      return call(trace, syntax, scope, place);
    case 'NewExpression': {
      const callee = syntax.callee;
      if (
        callee.type === 'Identifier' &&
        /^(Array|Float64Array|Float32Array)$/.test(callee.name) &&
        scope.find(callee.name) === null
      ) {
        return trace.invoke({ kind: 'builtin', name: 'Array' }, args(trace, syntax.arguments, scope), place);
      }
      if (callee.type === 'Identifier' && callee.name === 'Date') return identifier(trace, 'Date', scope, place);
      const collection = callee.type === 'Identifier' && /^(Weak)?(Set|Map)$/.test(callee.name);
      return refuseSyntax(
        trace,
        place,
        callee.type === 'Identifier' ? `\`new ${callee.name}\`` : '`new`',
        collection ? 'Use an array and includes(x), or a record with fixed names.' : 'Use array and record literals.',
      );
    }
    case 'AssignmentExpression':
      return assignment(trace, syntax, scope, place);
    case 'UpdateExpression':
      return update(trace, syntax, scope, place);
    case 'ThisExpression':
      return refuse(trace, place, 'global-state', '`this` does not exist here.', 'Use the inputs of `reward` alone.');
    case 'ClassExpression':
      return refuseSyntax(trace, place, 'A class', 'Write plain functions and records.');
    case 'TaggedTemplateExpression':
      return refuseSyntax(trace, place, 'A tagged template', 'Call a function with numbers.');
    case 'SequenceExpression':
      return syntax.expressions.map((expression) => trace.evaluate(expression, scope)).at(-1) ?? undefinedValue;
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'ImportExpression':
      return refuseSyntax(
        trace,
        place,
        '`await`, `yield` and `import`',
        'A reward is computed from one step, at once.',
      );
    default:
      return wrapped(trace, syntax, scope, place);
  }
}

/** TypeScript's `x as T`, `x!` and the like stand for `x`; everything else that reaches this is refused. */
function wrapped(trace: Trace, syntax: Expression, scope: Scope, place: Place): Value {
  if (syntax.type.startsWith('TS') && 'expression' in syntax)
    return trace.evaluate(syntax.expression as Expression, scope);
  return refuseSyntax(
    trace,
    place,
    `\`${syntax.type}\``,
    'Use arithmetic, comparison, records, arrays and plain functions.',
  );
}

function literal(trace: Trace, value: unknown, place: Place): Value {
  if (typeof value === 'number') return numberValue(value);
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return stringValue(value);
  if (value === null) return nullValue;
  if (typeof value === 'bigint') return refuseSyntax(trace, place, 'A BigInt', 'Write a plain number, without n.');
  return refuseSyntax(trace, place, 'A regular expression', 'Compare numbers.');
}

function template(trace: Trace, syntax: TemplateLiteral, scope: Scope): Value {
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
function asText(trace: Trace, value: Value, place: Place): Value {
  const now = narrowed(trace, value);
  const join = joined(trace, place);
  if (now.kind === 'choice') return overChoice(now, (one) => asText(trace, one, place), join);
  if (now.kind === 'string' || now.kind === 'poison') return now;
  if (now.kind === 'number' || now.kind === 'boolean') return stringValue(String(now.value));
  if (now.kind === 'scalar' && now.node.type.length === null) {
    const { node } = now;
    const [test, yes, no] = node.args;
    if (node.op === 'select' && test && yes && no) {
      return join(test, asText(trace, asValue(yes), place), asText(trace, asValue(no), place));
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

function array(trace: Trace, elements: readonly (Expression | SpreadElement | null)[], scope: Scope): Value {
  const items: Value[] = [];
  for (const element of elements) {
    if (element === null) items.push(undefinedValue);
    else if (element.type === 'SpreadElement') {
      const spread = trace.evaluate(element.argument, scope);
      const whole = contents(spread);
      if (elements.length === 1 && whole.kind === 'maskedVector') return whole;
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

function record(trace: Trace, syntax: ObjectExpression, scope: Scope): Value {
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
  if (now.kind === 'record') for (const [name, field] of now.fields) fields.set(name, field);
  else if (now.kind === 'array')
    for (const [index, item] of now.items.entries()) fields.set(String(index), { value: item, place });
  else if (now.kind === 'choice') {
    const then = new Map(fields);
    const otherwise = new Map(fields);
    spread(trace, now.yes, then, place);
    spread(trace, now.no, otherwise, place);
    const both = contents(
      merge(trace, now.test, { kind: 'record', fields: then }, { kind: 'record', fields: otherwise }),
    );
    if (both.kind === 'record') for (const [name, field] of both.fields) fields.set(name, field);
  } else if (now.kind !== 'undefined' && now.kind !== 'poison' && now.kind !== 'boolean') {
    refuse(trace, place, 'not-a-record', `${describe(now)} is spread into a record.`, 'Spread a record here.');
  }
}

function unary(trace: Trace, operator: string, value: Value, place: Place): Value {
  if (value.kind === 'poison') return poison;
  if (operator === '!') {
    const test = truth(trace, value, place);
    if (test === null) return poison;
    return typeof test === 'boolean' ? { kind: 'boolean', value: !test } : asValue(not(trace, test));
  }
  if (operator === '-' || operator === '+') {
    if (operator === '-' && value.kind === 'number') return numberValue(-value.value);
    const node = numberNode(trace, value, place);
    return node === null ? poison : asValue(operator === '-' ? trace.graph.unary('-', node) : node);
  }
  if (operator === 'typeof') {
    return overChoice(narrowed(trace, value), (one) => typeOf(contents(one)), joined(trace, place));
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
const bitOperators: ReadonlySet<string> = new Set(['|', '&', '^', '<<', '>>', '>>>']);
const isOperator = (text: string): text is BinaryOperator | '==' | '!=' => operators.has(text);

function binaryExpression(
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
    const holder = contents(b);
    const key = contents(a);
    if (holder.kind === 'record' && (key.kind === 'string' || key.kind === 'number')) {
      return { kind: 'boolean', value: holder.fields.has(String(key.value)) };
    }
  }
  if (bitOperators.has(operator)) return bitwise(trace, operator, a, b, place);
  return refuseSyntax(trace, place, `The operator \`${operator}\``, 'Use arithmetic and comparison.');
}

function logical(trace: Trace, operator: string, a: Value, right: Expression, scope: Scope, place: Place): Value {
  if (operator === '??') return withDefault(trace, a, right, scope, '??');
  const test = truth(trace, a, place);
  if (test === null) return poison;
  const and = operator === '&&';
  if (typeof test === 'boolean') return test === and ? trace.evaluate(right, scope) : a;
  let b: Value = poison;
  const nothing = (): void => {};
  const something = (): void => {
    b = trace.evaluate(right, scope);
  };
  const { merge: id } = branch(trace, test, and ? something : nothing, and ? nothing : something);
  const other = contents(b);
  const isTruth = (value: Value): boolean =>
    value.kind === 'boolean' || (value.kind === 'scalar' && value.node.type.element === 'boolean');
  if (isTruth(contents(a)) && isTruth(other)) {
    const second = truthNode(trace, other, place);
    return second === null ? poison : asValue(trace.graph.binary(and ? '&&' : '||', test, second));
  }
  return and ? merge(trace, test, b, a, id) : merge(trace, test, a, b, id);
}

/** The truth of an expression that is only used as a condition: `a && b` need not give one of its sides there. */
export function condition(trace: Trace, syntax: Expression, scope: Scope): Node | boolean | null {
  if (syntax.type === 'ParenthesizedExpression') return condition(trace, syntax.expression, scope);
  if (syntax.type === 'UnaryExpression' && syntax.operator === '!') {
    const test = condition(trace, syntax.argument, scope);
    return test === null ? null : typeof test === 'boolean' ? !test : not(trace, test);
  }
  if (syntax.type === 'LogicalExpression' && syntax.operator !== '??') {
    const and = syntax.operator === '&&';
    const first = condition(trace, syntax.left, scope);
    if (first === null) return null;
    if (typeof first === 'boolean') return first === and ? condition(trace, syntax.right, scope) : first;
    let second: Node | boolean | null = null;
    const nothing = (): void => {};
    const something = (): void => {
      second = condition(trace, syntax.right, scope);
    };
    branch(trace, first, and ? something : nothing, and ? nothing : something);
    if (second === null) return null;
    const node = typeof second === 'boolean' ? trace.graph.constant(second) : second;
    const both = trace.graph.binary(and ? '&&' : '||', first, node);
    return both.op === 'constant' && typeof both.value === 'boolean' ? both.value : both;
  }
  return truth(trace, trace.evaluate(syntax, scope), placeOf(syntax));
}

function conditional(trace: Trace, syntax: Expression & { type: 'ConditionalExpression' }, scope: Scope): Value {
  const test = condition(trace, syntax.test, scope);
  if (test === null) return poison;
  if (typeof test === 'boolean') return trace.evaluate(test ? syntax.consequent : syntax.alternate, scope);
  const both = branch(
    trace,
    test,
    () => trace.evaluate(syntax.consequent, scope),
    () => trace.evaluate(syntax.alternate, scope),
  );
  return merge(trace, test, both.yes, both.no, both.merge);
}

function memberExpression(trace: Trace, syntax: Expression & { type: 'MemberExpression' }, scope: Scope): Value {
  if (syntax.object.type === 'Super' || syntax.property.type === 'PrivateIdentifier') {
    return refuseSyntax(trace, placeOf(syntax), 'A class', 'Write plain functions.');
  }
  const holder = trace.evaluate(syntax.object, scope);
  const key = syntax.computed
    ? contents(trace.evaluate(syntax.property, scope))
    : stringValue(syntax.property.type === 'Identifier' ? syntax.property.name : '');
  const place = placeOf(syntax.computed ? syntax : syntax.property);
  if (!syntax.optional) return member(trace, holder, key, place);
  const absent = trace.absent.get(holder);
  if (absent !== undefined) {
    const there = member(trace, holder, key, place);
    return lookUp(trace, [{ here: not(trace, absent), item: there }]);
  }
  const one = (held: Value): Value =>
    contents(held).kind === 'undefined' ? undefinedValue : member(trace, held, key, place);
  return overChoice(narrowed(trace, holder), one, joined(trace, place));
}

/** Arguments of a call; a spread vector counts as its entries. */
function args(trace: Trace, list: readonly (Expression | SpreadElement)[], scope: Scope): Value[] {
  return list.flatMap((arg) => {
    if (arg.type !== 'SpreadElement') return [trace.evaluate(arg, scope)];
    const spread = contents(trace.evaluate(arg.argument, scope));
    if (spread.kind === 'masked' || spread.kind === 'maskedVector' || spread.kind === 'vector')
      return [{ kind: 'spread', value: spread }];
    return [...(itemsOf(trace, spread, placeOf(arg)) ?? [poison])];
  });
}

function call(trace: Trace, syntax: Expression & { type: 'CallExpression' }, scope: Scope, place: Place): Value {
  const callee: Expression | Super = syntax.callee;
  if (callee.type === 'Super') return refuseSyntax(trace, place, '`super`', 'Write plain functions.');
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const holder = trace.evaluate(callee.object, scope);
    if (holder.kind === 'poison') return poison;
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

function assignment(
  trace: Trace,
  syntax: Expression & { type: 'AssignmentExpression' },
  scope: Scope,
  place: Place,
): Value {
  const { left, operator } = syntax;
  if (operator === '=') {
    const value = trace.evaluate(syntax.right, scope);
    assign(trace, left, value, scope);
    return value;
  }
  const slot = left.type === 'MemberExpression' ? slotOf(trace, left, scope) : null;
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

function update(trace: Trace, syntax: UpdateExpression, scope: Scope, place: Place): Value {
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
