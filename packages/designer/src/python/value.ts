/** What is known of a value while a program is translated. A `natural` number is a whole one that is not negative. */
export type Kind = 'number' | 'natural' | 'boolean' | 'vector' | 'list' | 'record' | 'text' | 'nothing' | 'unknown';

/** An expression of the reward language. A `vector` is an array of NumPy, with its arithmetic; a `list` is Python's own. */
export interface Value {
  readonly text: string;
  readonly kind: Kind;
  /** How tightly it binds, as JavaScript has it. */
  readonly level: number;
}

/** How tightly operators of JavaScript bind. */
export const levels = {
  arrow: 1,
  choice: 2,
  or: 3,
  and: 4,
  equality: 8,
  comparison: 9,
  sum: 11,
  product: 12,
  power: 13,
  unary: 14,
  /** What a sign may stand before. */
  signed: 15,
  member: 17,
  atom: 18,
} as const;

export function atom(text: string, kind: Kind = 'number'): Value {
  return { text, kind, level: levels.atom };
}

/** A call, of a function or a method. */
export function called(text: string, kind: Kind = 'number'): Value {
  return { text, kind, level: levels.member };
}

/** The text of an operand beside an operator that binds at a level, in parentheses where it binds less. */
export function beside(level: number, { text, level: own }: Value): string {
  return own < level ? `(${text})` : text;
}

export const isNumber = ({ kind }: Value): boolean => kind === 'number' || kind === 'natural' || kind === 'boolean';

/** Names of the arrows that go over entries; no name of a program is one of these. */
export const arrowNames = ['entry', 'index', 'product'] as const;

/** Applies a function of numbers to numbers, or to the entries of vectors, as NumPy does; all vectors are of one length. */
export function elementwise(values: readonly Value[], made: (...numbers: readonly Value[]) => Value): Value {
  const leading = values.findIndex(({ kind }) => kind === 'vector');
  const over = values[leading];
  if (over === undefined) return made(...values);
  const several = values.filter(({ kind }) => kind === 'vector').length > 1;
  const numbers = values.map((value, place) => {
    if (value.kind !== 'vector') return value;
    return place === leading ? atom('entry') : called(`${beside(levels.member, value)}[index]`);
  });
  const { text } = made(...numbers);
  return called(`${beside(levels.member, over)}.map((${several ? 'entry, index' : 'entry'}) => ${text})`, 'vector');
}
