import type { Finding } from '@rewardsmith/contracts';
import type { Program, Node as Syntax } from 'acorn';

interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  /** What stands there in JavaScript; nothing where it is left out. */
  readonly instead?: string;
}

/**
 * The program without TypeScript's annotations, which are blanked out, and a note when there were any. A parameter `this` is
 * taken from the syntax tree, too.
 */
export function javascriptText(program: Program, text: string): { text: string; notes: readonly Finding[] } {
  const spans: Span[] = [];
  collect(program, text, spans);
  const inOrder = spans.toSorted((a, b) => a.start - b.start);
  const [first] = inOrder;
  if (first === undefined) return { text, notes: [] };
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, instead } of inOrder) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    parts.push(text.slice(at, from), instead ?? text.slice(from, end).replace(/[^\n]/g, ' '));
    at = end;
  }
  const plain = `${parts.join('')}${text.slice(at)}`;
  const note: Finding = {
    code: 'typescript-annotations',
    severity: 'note',
    message: 'TypeScript annotations were taken off.',
    advice: 'Write plain JavaScript.',
    line: first.line,
    column: first.column,
  };
  return { text: plain, notes: [note] };
}

const isSyntax = (value: unknown): value is Syntax & Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;

function collect(node: Syntax & object, text: string, spans: Span[]): void {
  const span = (start: number, end: number): Span => ({
    start,
    end,
    line: node.loc?.start.line ?? 1,
    column: (node.loc?.start.column ?? 0) + 1,
  });
  const numbers = enumNumbers(node);
  if (numbers !== null && 'id' in node && isSyntax(node.id)) {
    const entries = [...numbers].map(([name, value]) => `${name}: ${value}`);
    const instead = `const ${text.slice(node.id.start, node.id.end)} = { ${entries.join(', ')} };`;
    spans.push({ ...span(node.start, node.end), instead });
    return;
  }
  if ('importKind' in node && node.importKind === 'type') {
    spans.push(span(node.start, node.end));
    return;
  }
  if (node.type.startsWith('TS')) {
    const inner = 'expression' in node ? node.expression : undefined;
    if (isSyntax(inner)) {
      if (node.start < inner.start) spans.push(span(node.start, inner.start));
      if (inner.end < node.end) spans.push(span(inner.end, node.end));
      collect(inner, text, spans);
    } else spans.push(span(node.start, node.end));
    return;
  }
  if ('params' in node && Array.isArray(node.params)) {
    // TypeScript's way of saying what `this` is: no parameter of the function.
    const [first, second] = node.params;
    if (isSyntax(first) && 'name' in first && first['name'] === 'this') {
      spans.push(span(first.start, isSyntax(second) ? second.start : first.end));
      node.params.shift();
    }
  }
  if ('optional' in node && node.type === 'Identifier' && node.optional === true) {
    const mark = text.indexOf('?', node.start);
    if (mark !== -1 && mark < node.end + 1) spans.push(span(mark, mark + 1));
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isSyntax(child)) collect(child, text, spans);
  }
}

/** The members of an `enum` of numbers, counted up as TypeScript does; null for anything else. */
export function enumNumbers(node: object): ReadonlyMap<string, number> | null {
  if (!('type' in node) || node.type !== 'TSEnumDeclaration' || !('members' in node) || !Array.isArray(node.members)) {
    return null;
  }
  const numbers = new Map<string, number>();
  let next = 0;
  for (const member of node.members) {
    const { id, initializer } = member;
    const value: unknown = initializer?.type === 'Literal' ? initializer.value : initializer ? null : next;
    if (id?.type !== 'Identifier' || typeof value !== 'number') return null;
    numbers.set(id.name, value);
    next = value + 1;
  }
  return numbers;
}
