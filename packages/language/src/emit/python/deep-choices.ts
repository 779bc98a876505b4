import type { Node } from '../../ir/node.ts';

/** Choices inside one another in one expression, at most: a reader is lost in more. */
const DEEPEST = 4;

/**
 * Values that get a line of their own because too many choices would stand inside one another without it. `nodes` have
 * operands before their users; `lines` are those that have a line anyway. With
 * `flatElse` a chain of `else` is laid out flat, so that what stands there is no deeper.
 */
export function deepChoices(nodes: readonly Node[], lines: ReadonlySet<Node>, flatElse: boolean): readonly Node[] {
  const depths = new Map<Node, number>();
  const found: Node[] = [];
  for (const node of nodes) {
    if (node.op === 'select') {
      for (const arg of flatElse ? node.args.slice(0, 2) : node.args) {
        if (depths.get(arg) !== DEEPEST) continue;
        found.push(arg);
        depths.set(arg, 0);
      }
    }
    const inner = node.args.map((arg, index) => {
      const isDeeper = node.op === 'select' && !(flatElse && index === 2);
      return (depths.get(arg) ?? 0) + (isDeeper ? 1 : 0);
    });
    depths.set(node, lines.has(node) ? 0 : Math.max(0, ...inner));
  }
  return found;
}
