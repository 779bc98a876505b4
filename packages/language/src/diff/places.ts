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
  // A list, not a descent: a loop makes formulas of thousands of parts inside one another. The first comes last.
  const open: (readonly [Node, Node])[] = [[before, after]];
  for (let next = open.pop(); next !== undefined && found.length < most; next = open.pop()) {
    const [a, b] = next;
    const key = `${a.id} ${b.id}`;
    if (seen.has(key) || forms.before(a) === forms.after(b)) continue;
    seen.add(key);
    const pairs = head(a) === head(b) ? paired(a, b, forms) : null;
    if (pairs === null || a.args.length === 0) found.push({ before: a, after: b });
    else for (const pair of pairs.toReversed()) open.push(pair);
  }
  return found;
}

/** Operands by place; where they commute, alike ones first. Null when there are more on one side. */
function paired(a: Node, b: Node, forms: Forms): readonly (readonly [Node, Node])[] | null {
  if (a.args.length !== b.args.length) return null;
  if (!commutes(a))
    return a.args.flatMap((arg, index): [Node, Node][] => (b.args[index] ? [[arg, b.args[index]]] : []));
  const unmatched = without(a.args.map(forms.before), b.args.map(forms.after)).flatMap((index) => a.args[index] ?? []);
  const rest = without(b.args.map(forms.after), a.args.map(forms.before)).flatMap((index) => b.args[index] ?? []);
  return unmatched.flatMap((arg, index): [Node, Node][] => (rest[index] ? [[arg, rest[index]]] : []));
}

/** The places of the forms that are left when each of the others has taken away one of its like. */
function without(own: readonly string[], others: readonly string[]): readonly number[] {
  const left = new Map<string, number>();
  for (const form of others) left.set(form, (left.get(form) ?? 0) + 1);
  return [...own.keys()].filter((index) => {
    const form = own[index] ?? '';
    const count = left.get(form) ?? 0;
    left.set(form, count - 1);
    return count <= 0;
  });
}
