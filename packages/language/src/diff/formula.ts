import { precedence, prefix, primary, type Text, ternary, wrap } from '../emit/javascript-expression.ts';
import type { Node } from '../ir/node.ts';

/** Past this many characters, parts that the program names are called by their names. */
const longest = 90;

/** What a value is computed from, as one expression of the reward language for a reader. */
export function formula(node: Node, nameOf: (node: Node) => string | undefined): string {
  const full = write(node, () => undefined, longest * 8);
  if (full !== null && full.text.length <= longest) return full.text;
  const short = write(node, (part) => (part === node ? undefined : nameOf(part)), longest * 8);
  const text = (short ?? full)?.text ?? nameOf(node) ?? '…';
  return text.length > longest * 3 ? `${text.slice(0, longest * 3)}…` : text;
}

/** Null where the text would be longer than `room` characters. */
function write(node: Node, nameOf: (node: Node) => string | undefined, room: number): Text | null {
  let left = room;
  let depth = 0;
  const visit = (part: Node): Text => {
    // Each part around another has a character of its own at least.
    if (depth > room) left = -1;
    if (left < 0) return { text: '…', level: primary };
    const name = part.op === 'constant' ? undefined : nameOf(part);
    if (name !== undefined) return { text: name, level: primary };
    depth += 1;
    const made = spell(part, visit);
    depth -= 1;
    left -= made.text.length;
    return made;
  };
  const text = visit(node);
  return left < 0 ? null : text;
}

function spell(node: Node, visit: (node: Node) => Text): Text {
  const args = node.args.map(visit);
  const [a = { text: '…', level: primary }, b = a, c = a] = args;
  const call = (name: string, inner: readonly string[]): Text => ({
    text: `${name}(${inner.join(', ')})`,
    level: primary,
  });
  switch (node.op) {
    case 'constant':
      if (Array.isArray(node.value)) return { text: `[${node.value.join(', ')}]`, level: primary };
      if (node.label !== null) return { text: node.label, level: primary };
      return { text: String(node.value), level: typeof node.value === 'number' && node.value < 0 ? prefix : primary };
    case 'input':
      return { text: node.field === '' ? node.role : `${node.role}.${node.field}`, level: primary };
    case 'param':
      return { text: `params.${node.name}`, level: primary };
    case 'memory':
      return { text: `memory.${node.name}`, level: primary };
    case 'unary':
      if (node.operator === 'number' || node.operator === 'truth') return a;
      return { text: `${node.operator}${wrap(a, prefix)}`, level: prefix };
    case 'binary': {
      const level = precedence[node.operator];
      const right = ['+', '*', '&&', '||'].includes(node.operator) ? level : level + 1;
      return { text: `${wrap(a, level)} ${node.operator} ${wrap(b, right)}`, level };
    }
    case 'select':
      return { text: `${wrap(a, ternary + 1)} ? ${wrap(b, ternary)} : ${wrap(c, ternary)}`, level: ternary };
    case 'call': {
      const inner = args.map(({ text }) => text);
      return call(node.callee, node.option === null ? inner : [...inner, `'${node.option}'`]);
    }
    case 'pack':
      return { text: `[${args.map(({ text }) => text).join(', ')}]`, level: primary };
    case 'take':
      if (node.type.length === null) return { text: `${wrap(a, primary)}[${node.indices[0] ?? 0}]`, level: primary };
      return { text: `${wrap(a, primary)}[${node.indices.join(', ')}]`, level: primary };
    case 'fold': {
      const names: Readonly<Record<string, string>> = {
        '+': 'sum',
        '*': 'product',
        max: 'max',
        min: 'min',
        '&&': 'every',
        '||': 'some',
      };
      return call(
        names[node.operator] ?? node.operator,
        args.map(({ text }) => text),
      );
    }
    case 'hole':
      return { text: '…', level: primary };
  }
}
