import type { Node } from './node.ts';

/** All nodes that the roots need, operands before users. */
export function reachable(roots: readonly Node[]): readonly Node[] {
  const seen = new Set<Node>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.args);
  }
  return [...seen].toSorted((a, b) => a.id - b.id);
}

/** Whether the roots need no more than so many nodes. */
export function isWithin(roots: readonly Node[], most: number): boolean {
  const seen = new Set<Node>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined && seen.size <= most; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.args);
  }
  return seen.size <= most;
}
