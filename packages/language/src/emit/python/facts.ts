import type { Node } from '../../ir/node.ts';
import { operandsFirst } from '../../ir/operands-first.ts';

const constantOf = (node: Node | undefined): number | null =>
  node?.op === 'constant' && typeof node.value === 'number' ? node.value : null;

/** Each value is looked at once: values that share their parts would be gone through once for each way to them. */
function remembered(look: (node: Node) => boolean): (node: Node) => boolean {
  const known = new WeakMap<Node, boolean>();
  return (root) => {
    operandsFirst(
      root,
      (node) => known.has(node),
      (node) => known.set(node, look(node)),
    );
    return known.get(root) ?? false;
  };
}

/** Whether a value can never be below zero, nor the negative zero; NaN it may be. */
export const neverNegative: (node: Node) => boolean = remembered(isNeverNegative);

/** Whether a value can never be zero of either sign; NaN and infinities it may be. */
export const neverZero: (node: Node) => boolean = remembered(isNeverZero);

function isNeverNegative(node: Node): boolean {
  const [a, b, c] = node.args;
  switch (node.op) {
    case 'constant': {
      const values: readonly (number | boolean)[] = Array.isArray(node.value)
        ? node.value
        : [node.value as number | boolean];
      return values.every((value) => Number(value) > 0 || Object.is(Number(value), 0));
    }
    case 'unary':
      return node.operator === 'number';
    case 'binary': {
      if (node.operator === '*' && a === b) return true;
      if (node.operator === '**') return Number(constantOf(b)) % 2 === 0;
      return (
        ['+', '*', '/'].includes(node.operator) &&
        a !== undefined &&
        b !== undefined &&
        neverNegative(a) &&
        neverNegative(b)
      );
    }
    case 'select':
      return b !== undefined && c !== undefined && neverNegative(b) && neverNegative(c);
    case 'fold':
      return node.operator === '+' && node.args.every(neverNegative);
    case 'call':
      if (node.callee === 'Math.max')
        return node.args.some((arg) => (constantOf(arg) ?? -1) >= 0 && neverNegative(arg));
      if (node.callee === 'Math.sqrt') return a !== undefined && neverNegative(a);
      return ['Math.abs', 'Math.exp', 'Math.hypot', 'norm', 'distance', 'quatAngle', 'tolerance', 'Math.cosh'].includes(
        node.callee,
      );
    default:
      return false;
  }
}

function isNeverZero(node: Node): boolean {
  const [a, b, c] = node.args;
  switch (node.op) {
    case 'constant':
      return typeof node.value === 'number'
        ? node.value !== 0
        : Array.isArray(node.value) && node.value.every((value) => Number(value) !== 0);
    case 'unary':
      return node.operator === '-' && a !== undefined && neverZero(a);
    case 'binary':
      if (node.operator !== '+' || a === undefined || b === undefined) return false;
      return neverNegative(a) && neverNegative(b) && (neverZero(a) || neverZero(b));
    case 'select':
      return b !== undefined && c !== undefined && neverZero(b) && neverZero(c);
    case 'call':
      return node.callee === 'Math.max' && node.args.some((arg) => (constantOf(arg) ?? 0) > 0);
    default:
      return false;
  }
}
