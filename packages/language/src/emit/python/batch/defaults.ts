import { applyBinary, applyUnary } from '../../../ir/fold.ts';
import type { Node } from '../../../ir/node.ts';
import { evaluateCall } from '../../../library/evaluate.ts';

/** The value of a scalar that depends on nothing but numbers and parameters, at the parameters' defaults; else null. */
export function defaultValue(node: Node, params: ReadonlyMap<string, number>): number | boolean | null {
  if (node.type.length !== null) return null;
  if (node.op === 'constant') return Array.isArray(node.value) ? null : (node.value as number | boolean);
  if (node.op === 'param') return params.get(node.name) ?? null;
  if (node.op !== 'unary' && node.op !== 'binary' && node.op !== 'select' && node.op !== 'call') return null;
  const values: (number | boolean)[] = [];
  for (const arg of node.args) {
    const value = defaultValue(arg, params);
    if (value === null) return null;
    values.push(value);
  }
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = values;
  if (node.op === 'unary') return applyUnary(node.operator, a);
  if (node.op === 'binary') return applyBinary(node.operator, a, b);
  if (node.op === 'select') return a ? b : c;
  return evaluateCall(node.callee.replace('Math.', ''), values.map(Number), node.option);
}
