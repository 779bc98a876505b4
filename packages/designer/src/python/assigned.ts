import type { SyntaxNode } from '@lezer/common';
import type { Scope } from './scope.ts';

/** The names that a function's statements assign, without those that only a loop binds. */
export interface Assigned {
  /** How often each is assigned. */
  readonly counts: ReadonlyMap<string, number>;
  /** Those whose first assignment is a statement of the body itself, and not of a block in it. */
  readonly direct: ReadonlySet<string>;
}

function targets(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const end = node.name === 'UpdateStatement' ? 'UpdateOp' : 'AssignOp';
  for (let child = node.firstChild; child !== null && child.name !== end; child = child.nextSibling) {
    if (child.name === 'VariableName') found.push(child);
    if (child.name === 'TupleExpression')
      for (let each = child.firstChild; each !== null; each = each.nextSibling)
        if (each.name === 'VariableName') found.push(each);
  }
  return found;
}

/** Gathers the assignments of a body and of the blocks in it; those of functions in it are their own. */
export function assignedIn(body: SyntaxNode, scope: Scope): Assigned {
  const counts = new Map<string, number>();
  const direct = new Set<string>();
  const visit = (node: SyntaxNode, depth: number): void => {
    if (node.name === 'FunctionDefinition' || node.name === 'LambdaExpression') return;
    if (node.name === 'AssignStatement' || node.name === 'UpdateStatement') {
      for (const target of targets(node)) {
        const name = scope.text(target);
        if (!counts.has(name) && depth === 0) direct.add(name);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    const inner = node.name === 'Body' ? depth + 1 : depth;
    for (let child = node.firstChild; child !== null; child = child.nextSibling) visit(child, inner);
  };
  for (let child = body.firstChild; child !== null; child = child.nextSibling) visit(child, 0);
  return { counts, direct };
}
