import type { Expression, ObjectExpression, SpreadElement, Super, TemplateLiteral } from 'acorn';
import type { BinaryOperator, Node } from '../ir/node.ts';
import { asValue, binary, not, numberNode, truth, truthNode } from './arithmetic.ts';
import { branch, refuseSyntax } from './branch.ts';
import { itemsOf } from './items.ts';
import { keyOf, member } from './member.ts';
import { merge } from './merge.ts';
import { identifier } from './names.ts';
import { annotate, assign, withDefault } from './pattern.ts';
import type { Scope } from './store.ts';
import { placeOf, refuse, spend, type Trace } from './trace.ts';
import {
  contents,
  describe,
  type Field,
  numberValue,
  type Place,
  poison,
  stringValue,
  undefinedValue,
  type Value,
} from './values.ts';

/** Evaluates an expression over the symbolic inputs. */
export function evaluate(trace: Trace, syntax: Expression, scope: Scope): Value {
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
      return logical(trace, syntax.operator, syntax.left, syntax.right, scope);
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
      return refuseSyntax(trace, place, '`new`', 'Use array and record literals.');
    }
    case 'AssignmentExpression': {
      const value = assigned(trace, syntax, scope, place);
      assign(trace, syntax.left, value, scope);
      return value;
    }
    case 'UpdateExpression': {
      const before = trace.evaluate(syntax.argument, scope);
      const after = binary(trace, syntax.operator === '++' ? '+' : '-', before, numberValue(1), place);
      if (syntax.argument.type === 'Identifier' || syntax.argument.type === 'MemberExpression') {
        assign(trace, syntax.argument, after, scope);
      }
      return syntax.prefix ? after : before;
    }
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
  if (value === null) return undefinedValue;
  return refuseSyntax(trace, place, 'This literal', 'Use numbers.');
}

function template(trace: Trace, syntax: TemplateLiteral, scope: Scope): Value {
  let text = syntax.quasis[0]?.value.cooked ?? '';
  for (const [index, expression] of syntax.expressions.entries()) {
    const value = contents(trace.evaluate(expression, scope));
    if (value.kind === 'poison') return poison;
    if (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'boolean') {
      return refuse(
        trace,
        placeOf(expression),
        'text',
        'Text cannot hold a value of the step.',
        'Components are numbers: drop the text.',
      );
    }
    text += `${value.value}${syntax.quasis[index + 1]?.value.cooked ?? ''}`;
  }
  return stringValue(text);
}

function array(trace: Trace, elements: readonly (Expression | SpreadElement | null)[], scope: Scope): Value {
  const items: Value[] = [];
  for (const element of elements) {
    if (element === null) items.push(undefinedValue);
    else if (element.type === 'SpreadElement') {
      const spread = trace.evaluate(element.argument, scope);
      const whole = contents(spread);
      if (elements.length === 1 && (whole.kind === 'masked' || whole.kind === 'maskedVector')) return whole;
      items.push(...(itemsOf(trace, spread, placeOf(element)) ?? [poison]));
    } else items.push(trace.evaluate(element, scope));
  }
  return { kind: 'object', cell: trace.store.create({ kind: 'array', items }) };
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
    if (key === null) continue;
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
  if (operator === 'typeof') return typeOf(contents(value));
  if (operator === 'void') return undefinedValue;
  return refuseSyntax(
    trace,
    place,
    `\`${operator}\``,
    operator === '~' ? 'Use Math.trunc or Math.floor.' : 'Leave it out.',
  );
}

function typeOf(value: Value): Value {
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
  const integer = ['|', '&', '^', '<<', '>>', '>>>'].includes(operator);
  return refuseSyntax(
    trace,
    place,
    `The operator \`${operator}\``,
    integer
      ? 'Use Math.trunc(x) for x | 0, && and || for flags, arithmetic for the rest.'
      : 'Use arithmetic and comparison.',
  );
}

function logical(trace: Trace, operator: string, left: Expression, right: Expression, scope: Scope): Value {
  const a = trace.evaluate(left, scope);
  const place = placeOf(left);
  if (operator === '??') return withDefault(trace, a, right, scope);
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
  if (syntax.optional && holder.kind === 'undefined') return undefinedValue;
  const key = syntax.computed
    ? contents(trace.evaluate(syntax.property, scope))
    : stringValue(syntax.property.type === 'Identifier' ? syntax.property.name : '');
  return member(trace, holder, key, placeOf(syntax.computed ? syntax : syntax.property));
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
    if (method.kind === 'builtin' && method.name.startsWith('[].'))
      return trace.invoke(method, [holder, ...values], place);
    return trace.invoke(method, values, place);
  }
  const target = trace.evaluate(callee, scope);
  return trace.invoke(target, args(trace, syntax.arguments, scope), place);
}

function assigned(
  trace: Trace,
  syntax: Expression & { type: 'AssignmentExpression' },
  scope: Scope,
  place: Place,
): Value {
  const { operator } = syntax;
  if (operator === '=') return trace.evaluate(syntax.right, scope);
  const before = trace.evaluate(syntax.left as Expression, scope);
  const simple = operator.slice(0, -1);
  if (isOperator(simple)) return binary(trace, simple, before, trace.evaluate(syntax.right, scope), place);
  if (simple === '??') return withDefault(trace, before, syntax.right, scope);
  if (simple === '&&' || simple === '||') return logical(trace, simple, syntax.left as Expression, syntax.right, scope);
  return refuseSyntax(trace, place, `The operator \`${operator}\``, 'Use arithmetic.');
}
