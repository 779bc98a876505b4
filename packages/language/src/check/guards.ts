import type { Node } from '../ir/node.ts';
import type { Sources } from './sources.ts';

/** `Number.isFinite(x)` and `Number.isNaN(x)` as the graph has them: they ask what became of a value, and use it no further. */
function asksForNumber(user: Node): boolean {
  if (user.op !== 'binary') return false;
  const [a, b] = user.args;
  if (user.operator === '===' || user.operator === '!==') return a === b;
  return user.operator === '<' && b?.op === 'constant' && b.value === Number.POSITIVE_INFINITY;
}

/**
 * Whether `wanted` counts for one of the roots without passing the arm of a condition on what `culprit` depends on: a
 * quotient in `gap > 0 ? 1 / gap : 0` does not, nor one that only a test for finite numbers looks at. `blocks` ends the search at operands through which nothing gets on.
 */
export function isUnguarded(
  roots: readonly Node[],
  wanted: Node,
  culprit: Node,
  sources: Sources,
  blocks: (user: Node, index: number) => boolean = () => false,
): boolean {
  const seen = new Set<Node>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === wanted) return true;
    if (seen.has(node) || node.id < wanted.id) continue;
    seen.add(node);
    if (asksForNumber(node)) continue;
    const [test] = node.args;
    const guards =
      (node.op === 'select' || (node.op === 'binary' && (node.operator === '&&' || node.operator === '||'))) &&
      test !== undefined &&
      sources.meet(test, culprit);
    for (const [index, arg] of node.args.entries()) {
      if (!(guards && index > 0) && !blocks(node, index)) stack.push(arg);
    }
  }
  return false;
}
