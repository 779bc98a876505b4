/** What is known of a value while a program is translated. A `natural` number is a whole one that is not negative. */
export type Kind = 'number' | 'natural' | 'boolean' | 'vector' | 'list' | 'record' | 'text' | 'nothing' | 'unknown';

/** An expression of the reward language. A `vector` is an array of NumPy, with its arithmetic; a `list` is Python's own. */
export interface Value {
  readonly text: string;
  readonly kind: Kind;
  /** How tightly it binds, as JavaScript has it. */
  readonly level: number;
  /** How many entries a vector or a list has, where that is known. */
  readonly length?: number | undefined;
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

export function atom(text: string, kind: Kind = 'number', length?: number): Value {
  return { text, kind, level: levels.atom, length };
}

/** A call, of a function or a method. */
export function called(text: string, kind: Kind = 'number', length?: number): Value {
  return { text, kind, level: levels.member, length };
}

/** The text of an operand beside an operator that binds at a level, in parentheses where it binds less. */
export function beside(level: number, { text, level: own }: Value): string {
  return own < level ? `(${text})` : text;
}

export const isNumber = ({ kind }: Value): boolean => kind === 'number' || kind === 'natural' || kind === 'boolean';

/** Names of the arrows that go over entries; no name of a program is one of these. */
export const arrowNames = ['entry', 'index', 'product'] as const;

/** Whether vectors are of one length, as far as can be seen, or of length 1 beside it, which NumPy takes for a number. */
function fitTogether([first, ...more]: readonly Value[], longest: number | undefined): boolean {
  if (more.every(({ text }) => text === first?.text)) return true;
  return longest !== undefined && [first, ...more].every((v) => v?.length === longest || v?.length === 1);
}

/**
 * Applies a function of numbers to numbers, or to the entries of vectors, as NumPy does. Nothing where several vectors do not fit
 * together, or are not known to.
 */
export function elementwise(
  values: readonly Value[],
  made: (...numbers: readonly Value[]) => Value,
): Value | undefined {
  const vectors = values.filter(({ kind }) => kind === 'vector');
  const [first] = vectors;
  if (first === undefined) return made(...values);
  const lengths = vectors.flatMap(({ length }) => length ?? []);
  const longest = lengths.length === 0 ? undefined : Math.max(...lengths);
  if (!fitTogether(vectors, longest)) return undefined;
  const over = vectors.find(({ length }) => length === longest) ?? first;
  const leading = values.indexOf(over);
  let several = false;
  const numbers = values.map((value, place) => {
    if (value.kind !== 'vector') return value;
    if (place === leading) return atom('entry');
    const single = value.length === 1 && longest !== 1;
    several ||= !single;
    return called(`${beside(levels.member, value)}[${single ? 0 : 'index'}]`);
  });
  const { text } = made(...numbers);
  const arrow = `(${several ? 'entry, index' : 'entry'}) => ${text}`;
  return called(`${beside(levels.member, over)}.map(${arrow})`, 'vector', longest);
}

/** What is said of vectors that do not fit together. */
export const unfit = [
  'Arrays of different lengths, or of lengths that are not known here, are combined.',
  'Take as many entries of each: v[0:3].',
] as const;

/** How many entries a slice has, where its bounds are written as numbers. */
export function sliced(length: number | undefined, bounds: readonly string[]): number | undefined {
  if (length === undefined || bounds.some((bound) => !/^-?\d+$/.test(bound))) return undefined;
  const place = (bound: number) => Math.max(0, Math.min(length, bound < 0 ? length + bound : bound));
  const [from = 0, to = length] = bounds.map((bound) => place(Number(bound)));
  return Math.max(0, to - from);
}
