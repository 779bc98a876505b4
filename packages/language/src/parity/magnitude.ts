import type { Node } from '../ir/node.ts';
import type { Values } from './evaluate.ts';

/**
 * How large the terms are that a value is the sum of. Where they cancel, the value is small and its error is not: each
 * term is off by a share of itself.
 */
export function magnitude(node: Node, values: Values, known = new Map<Node, number>()): number {
  const found = known.get(node);
  if (found !== undefined) return found;
  const of = (part: Node): number => magnitude(part, values, known);
  const size = (part: Node): number => Math.abs(Number(values.get(part)));
  const terms = termsOf(node, values, of, size);
  const own = size(node);
  const largest = Math.max(own, terms);
  const result = Number.isFinite(largest) ? largest : own;
  known.set(node, result);
  return result;
}

function termsOf(node: Node, values: Values, of: (part: Node) => number, size: (part: Node) => number): number {
  const [a, b, c] = node.args;
  if (a === undefined) return 0;
  if (node.op === 'unary') return of(a);
  if (node.op === 'select') return b && c ? of(values.get(a) ? b : c) : 0;
  if (node.op === 'binary' && b !== undefined) {
    if (node.operator === '+' || node.operator === '-') return Math.max(of(a), of(b));
    if (node.operator === '*') return Math.max(of(a) * size(b), size(a) * of(b));
    if (node.operator === '/') return Math.max(of(a) / size(b), (size(a) * of(b)) / size(b) ** 2);
  }
  if (node.op !== 'call') return 0;
  if (node.callee === 'potential' && b && c) return Math.max(of(a) * size(c), of(b));
  if (node.callee === 'Math.abs') return of(a);
  if (node.callee !== 'clamp' && node.callee !== 'Math.max' && node.callee !== 'Math.min') return 0;
  const value = values.get(node);
  return Math.max(0, ...node.args.filter((arg) => values.get(arg) === value).map(of));
}
