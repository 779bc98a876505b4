import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { limits } from '../limits.ts';

/** A construct that has no exact counterpart in the reward language, with what to write in its place. */
export class Untranslatable extends Error {
  readonly at: number;
  readonly advice: string;

  constructor(node: Pick<SyntaxNode, 'from'>, message: string, advice: string) {
    super(message);
    this.at = node.from;
    this.advice = advice;
  }
}

const plain =
  'Write it with numbers, vectors, comparisons and calls of math or NumPy, or in the reward language itself.';

/** Says that a construct is not translated. */
export function refuse(node: Pick<SyntaxNode, 'from'>, message: string, advice = plain): never {
  throw new Untranslatable(node, message, advice);
}

/** The children of a node, without the comments among them. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** Splits nodes at those of a name: the arguments of a call at its commas. */
export function splitAt(nodes: readonly SyntaxNode[], name: string): readonly (readonly SyntaxNode[])[] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === name) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts.filter((part) => part.length > 0);
}

/** The tree of a module. The parser reads on behind a fault; here a fault is refused. */
export function parseModule(text: string): SyntaxNode {
  const tree = parser.parse(text);
  let depth = 0;
  tree.iterate({
    enter: (node) => {
      depth += 1;
      if (node.type.isError) refuse(node, 'This is no Python that could be read.', '');
      if (depth > limits.pythonNesting)
        refuse(node, 'This is nested too deeply.', 'Give its parts names of their own.');
    },
    leave: () => {
      depth -= 1;
    },
  });
  return tree.topNode;
}
