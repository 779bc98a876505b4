import type { Node as Syntax } from 'acorn';

export type Fields = Syntax & Readonly<Record<string, unknown>>;

export const isSyntax = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string';

/** Visits every node of a tree with the nodes around it, outermost first; `key` is the field of the parent it stands in. */
export function walk(
  node: Fields,
  visit: (node: Fields, parents: readonly Fields[], key: string) => void,
  parents: readonly Fields[] = [],
  key = '',
): void {
  visit(node, parents, key);
  const inner = [...parents, node];
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isSyntax(child)) walk(child, visit, inner, name);
  }
}

/** A replacement of the text between two offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function edited(source: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), source);
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
