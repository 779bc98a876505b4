import type { BinaryOperator, FormulaOperator } from '../../ir/node.ts';

/** Text of a Python expression with how tightly its outermost operator binds. */
export interface Text {
  readonly text: string;
  readonly level: number;
}

export const level = {
  ternary: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  bitOr: 5.4,
  bitAnd: 5.8,
  sum: 7,
  product: 8,
  negative: 9,
  invert: 9,
  power: 10,
  primary: 20,
} as const;

export const binaryLevel: Readonly<Record<BinaryOperator, number>> = {
  '||': level.or,
  '&&': level.and,
  '===': level.compare,
  '!==': level.compare,
  '<': level.compare,
  '<=': level.compare,
  '>': level.compare,
  '>=': level.compare,
  '+': level.sum,
  '-': level.sum,
  '*': level.product,
  '/': level.product,
  '%': level.product,
  '**': level.power,
};

export const primary = (text: string): Text => ({ text, level: level.primary });
export const wrap = (part: Text, least: number): string => (part.level < least ? `(${part.text})` : part.text);

/** `cartPosition` and `HTTPCode` become `cart_position` and `http_code`; `MAX_SPEED` stays. */
export function snakeCase(name: string): string {
  if (/^[A-Z0-9_$]+$/.test(name)) return name;
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

export const upperSnakeCase = (name: string): string => snakeCase(name).toUpperCase();

/** A double as Python source, shortest form that reads back as the same number. */
export function numberText(value: number, module: 'math' | 'np'): Text {
  if (Number.isNaN(value)) return primary(`${module}.nan`);
  if (Math.abs(value) === Number.POSITIVE_INFINITY) {
    return value > 0 ? primary(`${module}.inf`) : { text: `-${module}.inf`, level: level.negative };
  }
  const digits = String(Math.abs(value));
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  const negative = value < 0 || Object.is(value, -0);
  return negative ? { text: `-${text}`, level: level.negative } : primary(text);
}

/** A number as the program makes it of named ones. */
export function formulaText(operator: FormulaOperator, [a, b]: readonly Text[], module: 'math' | 'np'): Text {
  if (operator.startsWith('Math.')) return primary(`${module}.${operator.slice(5)}(${a?.text})`);
  if (a === undefined || b === undefined) {
    return { text: `${operator}${a === undefined ? '' : wrap(a, level.negative)}`, level: level.negative };
  }
  const at = operator === '+' || operator === '-' ? level.sum : level.product;
  return { text: `${wrap(a, at)} ${operator} ${wrap(b, at + 0.1)}`, level: at };
}

export const quoted = (text: string): string => JSON.stringify(text);

export const pythonReserved: readonly string[] = (
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield match case abs all any bool dict divmod ' +
  'enumerate filter float int len list map max min next object pow print range round set sorted str sum tuple type zip ' +
  'obs action next_obs terminated truncated params memory components total reward math np torch numpy'
).split(' ');
