import type { Node } from '../../ir/node.ts';

/** A question that Python has a function for. */
export interface Asked {
  readonly test: 'isnan' | 'isfinite';
  readonly of: Node;
  /** Whether the answer is yes where the node holds. */
  readonly holds: boolean;
}

/**
 * `x !== x` and `Math.abs(x) < Infinity`, which `Number.isNaN` and `Number.isFinite` stand for; null for all else, and for a size
 * that has a line of its own.
 */
export function askedOf(node: Node & { op: 'binary' }, lines: ReadonlySet<Node>): Asked | null {
  const [a, b] = node.args;
  if (a === undefined || b === undefined || a.type.element !== 'number') return null;
  if (a === b && (node.operator === '!==' || node.operator === '===')) {
    return { test: 'isnan', of: a, holds: node.operator === '!==' };
  }
  const [size] = a.args;
  const isSize = !lines.has(a) && a.op === 'call' && a.callee === 'Math.abs' && size !== undefined;
  const isEndless = b.op === 'constant' && b.value === Number.POSITIVE_INFINITY;
  return isSize && isEndless && node.operator === '<' ? { test: 'isfinite', of: size, holds: true } : null;
}
