import { contains, type Interval } from '../check/interval.ts';
import type { Ranges } from '../check/ranges.ts';
import type { Node } from '../ir/node.ts';
import type { ScalarProgram } from '../ir/scalarise.ts';

/**
 * The nodes that can be NaN at some step, fields that hold anything given. `ranges` are those of the values that are
 * numbers.
 */
export function nanNodes(
  program: ScalarProgram,
  ranges: Ranges,
  initial: ReadonlyMap<string, number>,
  nodes: readonly Node[],
): ReadonlySet<Node> {
  const memory = new Set([...initial].filter(([, value]) => Number.isNaN(value)).map(([name]) => name));
  for (;;) {
    const found = new Set<Node>();
    for (const node of nodes) if (mayBeNaN(node, found, memory, ranges)) found.add(node);
    const grown = program.memory.filter(({ name, node }) => found.has(node) && !memory.has(name));
    if (grown.length === 0) return found;
    for (const { name } of grown) memory.add(name);
  }
}

const isInfinite = ({ low, high }: Interval): boolean =>
  low === Number.NEGATIVE_INFINITY || high === Number.POSITIVE_INFINITY;

/** Functions that are NaN for NaN alone. */
const total =
  /^(clamp|Math\.(abs|asinh|atan|cbrt|ceil|cosh|exp|expm1|floor|fround|max|min|round|sign|sinh|tanh|trunc|hypot|atan2))$/;

function mayBeNaN(node: Node, found: ReadonlySet<Node>, memory: ReadonlySet<string>, ranges: Ranges): boolean {
  if (node.type.element === 'boolean') return false;
  const [a, b, c] = node.args;
  switch (node.op) {
    case 'constant':
      return Number.isNaN(node.value);
    case 'input':
      return node.role !== 'action' || !isChoice(node, ranges);
    case 'param':
      return false;
    case 'memory':
      return memory.has(node.name);
    case 'take':
      return true;
    case 'select':
      return [b, c].some((arm) => arm !== undefined && found.has(arm));
    case 'unary':
      return a !== undefined && found.has(a);
    case 'binary': {
      if (a === undefined || b === undefined || found.has(a) || found.has(b)) return true;
      const [x, y] = [ranges.of(a), ranges.of(b)];
      if (node.operator === '+' || node.operator === '-') return isInfinite(x) && isInfinite(y);
      const [zeroX, zeroY] = [contains(x, 0), contains(y, 0)];
      if (node.operator === '*') return (zeroX && isInfinite(y)) || (zeroY && isInfinite(x));
      if (node.operator === '/') return (zeroX && zeroY) || (isInfinite(x) && isInfinite(y));
      return true;
    }
    case 'call':
      return !total.test(node.callee) || node.args.some((arg) => found.has(arg));
    default:
      return true;
  }
}

/** Whether an action is one of a few whole numbers. */
function isChoice(node: Node, ranges: Ranges): boolean {
  return !isInfinite(ranges.of(node));
}
