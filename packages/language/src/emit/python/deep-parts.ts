import type { Node } from '../../ir/node.ts';

/** Choices inside one another in one expression, at most: a reader is lost in more. */
const DEEPEST = 4;

/** Operations inside one another: each is written with a bracket or two, of which Python reads 200 inside one another. */
const OPERATIONS = 60;

/**
 * Values that get a line of their own because too many choices or operations would stand inside one another without it.
 * `nodes` have operands before their users; `lines` are those that have a line anyway. With `flatElse` a chain of `else`
 * is laid out flat, so that what stands there is no deeper.
 */
export function deepParts(nodes: readonly Node[], lines: ReadonlySet<Node>, flatElse: boolean): readonly Node[] {
  const choices = new Map<Node, number>();
  const operations = new Map<Node, number>();
  const found: Node[] = [];
  for (const node of nodes) {
    const isFlat = (index: number): boolean => node.op === 'select' && flatElse && index === 2;
    for (const [index, arg] of node.args.entries()) {
      const isChosen = node.op === 'select' && !isFlat(index) && choices.get(arg) === DEEPEST;
      if (!isChosen && operations.get(arg) !== OPERATIONS) continue;
      found.push(arg);
      choices.set(arg, 0);
      operations.set(arg, 0);
    }
    const depth = (of: ReadonlyMap<Node, number>, isDeeper: boolean): number =>
      lines.has(node)
        ? 0
        : node.args.reduce(
            (most, arg, index) => Math.max(most, (of.get(arg) ?? 0) + (isDeeper && !isFlat(index) ? 1 : 0)),
            0,
          );
    choices.set(node, depth(choices, node.op === 'select'));
    operations.set(node, depth(operations, true));
  }
  return found;
}
