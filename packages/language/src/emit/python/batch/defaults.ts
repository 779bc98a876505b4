import { applyBinary, applyUnary } from '../../../ir/fold.ts';
import type { Node } from '../../../ir/node.ts';
import { operandsFirst } from '../../../ir/operands-first.ts';
import { evaluateCall } from '../../../library/evaluate.ts';

type Value = number | boolean | null;

/** The value of a scalar that depends on nothing but numbers and parameters, at the parameters' defaults; else null. */
export function defaultValues(params: ReadonlyMap<string, number>): (node: Node) => Value {
  const known = new Map<Node, Value>();
  return (root) => {
    operandsFirst(
      root,
      (node) => known.has(node),
      (node) => {
        known.set(
          node,
          atDefaults(
            node,
            params,
            node.args.map((arg) => known.get(arg) ?? null),
          ),
        );
      },
    );
    return known.get(root) ?? null;
  };
}

function atDefaults(node: Node, params: ReadonlyMap<string, number>, args: readonly Value[]): Value {
  if (node.type.length !== null) return null;
  if (node.op === 'constant') return Array.isArray(node.value) ? null : (node.value as number | boolean);
  if (node.op === 'param') return params.get(node.name) ?? null;
  const values = args.filter((value) => value !== null);
  if (values.length < args.length) return null;
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = values;
  switch (node.op) {
    case 'unary':
      return applyUnary(node.operator, a);
    case 'binary':
      return applyBinary(node.operator, a, b);
    case 'select':
      return a ? b : c;
    case 'call':
      return evaluateCall(node.callee, values.map(Number), node.option);
    default:
      return null;
  }
}
