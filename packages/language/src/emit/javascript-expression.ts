import type { BinaryOperator, Node } from '../ir/node.ts';

/** JavaScript's precedence: higher binds tighter. */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  '||': 3,
  '&&': 4,
  '===': 8,
  '!==': 8,
  '<': 9,
  '<=': 9,
  '>': 9,
  '>=': 9,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
  '**': 13,
};
export const ternary = 2;
export const prefix = 14;
export const primary = 20;

export interface Text {
  readonly text: string;
  readonly level: number;
}

/** A part as an operand that binds at `level` or tighter. */
export const wrap = (part: Text, level: number): string => (part.level < level ? `(${part.text})` : part.text);

/** A number as JavaScript source. */
export function numberText(value: number): Text {
  if (Number.isNaN(value)) return { text: 'NaN', level: primary };
  const size = Math.abs(value);
  const text = size === Number.POSITIVE_INFINITY ? 'Infinity' : String(size);
  const negative = value < 0 || Object.is(value, -0);
  return negative ? { text: `-${text}`, level: prefix } : { text, level: primary };
}

export const nameText = (name: string): Text => ({ text: name, level: primary });

/** A scalar node in JavaScript, from the texts of its operands; null for a leaf, which the caller names. */
export function javascriptText(
  node: Node,
  args: readonly Text[],
  call: (node: Node, args: readonly string[]) => string,
): Text | null {
  const [a = nameText('NaN'), b = nameText('NaN'), c = nameText('NaN')] = args;
  switch (node.op) {
    case 'constant':
      return typeof node.value === 'number' ? numberText(node.value) : nameText(String(node.value));
    case 'unary':
      if (node.operator === 'number') return { text: `${wrap(a, ternary + 1)} ? 1 : 0`, level: ternary };
      if (node.operator === 'truth') return nameText(`Boolean(${a.text})`);
      return { text: `${node.operator}${wrap(a, node.operator === '-' ? prefix + 1 : prefix)}`, level: prefix };
    case 'binary': {
      const level = precedence[node.operator];
      const left = node.operator === '**' ? prefix + 1 : level;
      const right = node.operator === '**' ? level : level + 1;
      return { text: `${wrap(a, left)} ${node.operator} ${wrap(b, right)}`, level };
    }
    case 'select':
      return { text: `${wrap(a, ternary + 1)} ? ${wrap(b, ternary)} : ${wrap(c, ternary)}`, level: ternary };
    case 'call':
      return nameText(
        call(
          node,
          args.map((arg) => arg.text),
        ),
      );
    default:
      return null;
  }
}
