import type { Node } from './node.ts';

/**
 * Visits what a value is made of and is not `done` yet, operands before users. `visit` has to make its node done. Without
 * recursion: a program's loops make chains of operations that are longer than the stack is deep.
 */
export function operandsFirst(root: Node, done: (node: Node) => boolean, visit: (node: Node) => void): void {
  const stack = [root];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const open = done(node) ? [] : node.args.filter((arg) => !done(arg));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (!done(node)) visit(node);
  }
}
