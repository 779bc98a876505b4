import type { Expression } from 'acorn';
import type { Node } from '../ir/node.ts';
import { branch } from './branch.ts';
import { merge } from './merge.ts';
import { withDefault } from './pattern.ts';
import { asValue } from './scalars.ts';
import type { Scope } from './store.ts';
import { placeOf, type Trace } from './trace.ts';
import { not, truth, truthNode } from './truth.ts';
import { contents, type Place, poison, type Value } from './values.ts';

/** After a refused condition what depends on it is still read, so that its own faults are told too. */
export function logical(
  trace: Trace,
  operator: string,
  a: Value,
  right: Expression,
  scope: Scope,
  place: Place,
): Value {
  if (operator === '??' && a.kind !== 'poison') return withDefault(trace, a, right, scope, '??');
  const test = truth(trace, a, place);
  if (test === null) {
    trace.evaluate(right, scope);
    return poison;
  }
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
    if (first === null) {
      condition(trace, syntax.right, scope);
      return null;
    }
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

export function conditional(trace: Trace, syntax: Expression & { type: 'ConditionalExpression' }, scope: Scope): Value {
  const test = condition(trace, syntax.test, scope);
  if (test === null) {
    trace.evaluate(syntax.consequent, scope);
    trace.evaluate(syntax.alternate, scope);
    return poison;
  }
  if (typeof test === 'boolean') return trace.evaluate(test ? syntax.consequent : syntax.alternate, scope);
  const both = branch(
    trace,
    test,
    () => trace.evaluate(syntax.consequent, scope),
    () => trace.evaluate(syntax.alternate, scope),
  );
  return merge(trace, test, both.yes, both.no, both.merge);
}
