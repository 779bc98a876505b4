import type { Expression } from 'acorn';
import { assignment, update } from './assignment.ts';
import { refuseSyntax } from './branch.ts';
import { args, call, memberExpression } from './call.ts';
import { conditional, logical } from './condition.ts';
import { array, literal, record, template } from './literal.ts';
import { identifier } from './names.ts';
import { binaryExpression, unary } from './operators.ts';
import type { Scope } from './store.ts';
import { placeOf, refuse, spend, type Trace } from './trace.ts';
import { contents, type Place, undefinedValue, type Value } from './values.ts';

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
