import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { limits } from '../limits.ts';
import { cut } from '../model/cut.ts';

/** A construct that has no exact counterpart in the reward language, with what to write in its place. */
export class Untranslatable extends Error {
  readonly at: number;
  readonly advice: string;

  constructor(node: Pick<SyntaxNode, 'from'>, message: string, advice: string) {
    // What it quotes of the program may be all of it.
    super(cut(message, limits.findingLength));
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

const strict = parser.configure({ strict: true });

/**
 * The tree of a text up to its first fault, and where that is: the parser is made to read on behind faults, which costs more than all else
 * that is done with a program.
 */
function parsed(text: string): { readonly tree: Tree; readonly fault?: number } {
  const parse = strict.startParse(text);
  try {
    for (;;) {
      const tree = parse.advance();
      if (tree !== null) return { tree };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const fault = parse.parsedPos;
    return { tree: parser.parse(text.slice(0, fault)), fault };
  }
}

/** The tree of a module. A fault is refused, and what is nested deeply: the parser itself gives up in it. */
export function parseModule(text: string): SyntaxNode {
  const { tree, fault } = parsed(text);
  let depth = 0;
  tree.iterate({
    enter: (node) => {
      depth += 1;
      if (depth > limits.pythonNesting)
        refuse(node, 'This is nested too deeply.', 'Give its parts names of their own.');
    },
    leave: () => {
      depth -= 1;
    },
  });
  if (fault !== undefined) refuse({ from: fault }, 'This is no Python that could be read.', '');
  return tree.topNode;
}
