import type { Node } from '../ir/node.ts';

/** A place where two formulas part: what stood there, and what stands there now. */
export interface Parting {
  readonly before: Node;
  readonly after: Node;
}

interface Forms {
  readonly before: (node: Node) => string;
  readonly after: (node: Node) => string;
}

/** What two operands of the same operation have in common besides their operands. */
function head(node: Node): string {
  switch (node.op) {
    case 'binary':
    case 'unary':
    case 'fold':
      return `${node.op} ${node.operator}`;
    case 'call':
      return `call ${node.callee} ${node.option}`;
    case 'take':
      return `take ${node.indices.join(' ')}`;
    default:
      return node.op;
  }
}

const commutes = (node: Node): boolean =>
  (node.op === 'binary' && ['+', '*', '&&', '||', '===', '!=='].includes(node.operator)) ||
  (node.op === 'call' && (node.callee === 'Math.max' || node.callee === 'Math.min'));

/** The smallest parts in which two formulas differ, at most `most` of them. */
export function partings(before: Node, after: Node, forms: Forms, most: number): readonly Parting[] {
  const found: Parting[] = [];
  const seen = new Set<string>();
  const visit = (a: Node, b: Node): void => {
    const key = `${a.id} ${b.id}`;
    if (found.length >= most || seen.has(key) || forms.before(a) === forms.after(b)) return;
    seen.add(key);
    const pairs = head(a) === head(b) ? paired(a, b, forms) : null;
    if (pairs === null || a.args.length === 0) found.push({ before: a, after: b });
    else for (const [x, y] of pairs) visit(x, y);
  };
  visit(before, after);
  return found;
}

/** Operands by place; where they commute, alike ones first. Null when there are more on one side. */
function paired(a: Node, b: Node, forms: Forms): readonly (readonly [Node, Node])[] | null {
  if (a.args.length !== b.args.length) return null;
  if (!commutes(a))
    return a.args.flatMap((arg, index): [Node, Node][] => (b.args[index] ? [[arg, b.args[index]]] : []));
  const rest = [...b.args];
  const unmatched = a.args.filter((arg) => {
    const at = rest.findIndex((other) => forms.after(other) === forms.before(arg));
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
  return unmatched.flatMap((arg, index): [Node, Node][] => (rest[index] ? [[arg, rest[index]]] : []));
}
