import type { Node as Syntax } from 'acorn';

export type Fields = Syntax & Readonly<Record<string, unknown>>;

export const isSyntax = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string';

/**
 * Visits every node of a tree with the nodes around it, outermost first, a list that changes as the visit goes on; `key` is
 * the field of the parent it stands in.
 */
export function walk(node: Fields, visit: (node: Fields, parents: readonly Fields[], key: string) => void): void {
  const parents: Fields[] = [];
  const descend = (inner: Fields, key: string): void => {
    visit(inner, parents, key);
    parents.push(inner);
    for (const [name, value] of Object.entries(inner)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isSyntax(child)) descend(child, name);
    }
    parents.pop();
  };
  descend(node, '');
}

/** A replacement of the text between two offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function edited(source: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(source.slice(at, start), text);
    at = end;
  }
  return `${parts.join('')}${source.slice(at)}`;
}

/** The record literal that a module declares as `params`, also inside `Object.freeze(…)`; null when there is none. */
export function paramsLiteral(program: Fields): Fields | null {
  let found: Fields | null = null;
  walk(program, (node, parents) => {
    const id = node['id'];
    if (node.type !== 'VariableDeclarator' || parents.length > 3 || !isSyntax(id) || id['name'] !== 'params') return;
    let value = node['init'];
    while (isSyntax(value) && value.type !== 'ObjectExpression') {
      const args = value['arguments'];
      value = Array.isArray(args) ? args[0] : value['expression'];
    }
    if (isSyntax(value)) found ??= value;
  });
  return found;
}

/** A finite number as source text. */
export const spelled = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
