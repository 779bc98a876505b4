import { type Graph, number } from '../../ir/graph.ts';
import type { FoldOperator, Node } from '../../ir/node.ts';
import { limits } from '../../limits.ts';

/** Fewest terms that are worth an operation on a vector. */
const FEWEST_TERMS = 3;

/** Calls that go over vectors entry by entry. */
const elementwise = (callee: string): boolean =>
  callee.startsWith('Math.') || callee === 'clamp' || callee === 'wrapAngle' || callee === 'tolerance';

/** Whether a term is the next entry of the vector that another one is of. */
const follows = (before: Node | undefined, term: Node): boolean =>
  before?.op === 'take' &&
  term.op === 'take' &&
  term.type.length === null &&
  before.args[0] === term.args[0] &&
  (before.indices[0] ?? 0) + 1 === term.indices[0];

/** Writes what a program unrolls by hand or in a loop as operations on whole vectors again. */
export class Reroll {
  readonly #graph: Graph;
  /** Told of each vector that stands for the entries of a list. */
  readonly #made: (vector: Node, entries: readonly Node[]) => void;
  /** What entries have in common: values that share their parts would be gone through once for each way to them. */
  readonly #joined = new Map<string, Node | null>();
  #compared = 0;

  constructor(graph: Graph, made: (vector: Node, entries: readonly Node[]) => void) {
    this.#graph = graph;
    this.#made = made;
  }

  /** One vector for entries that are computed alike from consecutive entries of vectors; null where they are not. */
  vector(entries: readonly Node[]): Node | null {
    const made = this.#join(entries);
    return made === null || made.type.length === null ? null : made;
  }

  /** `((start + a) + b) + c` as a fold over the vector of a, b and c, where they are alike; null where they are not. */
  chain(operator: FoldOperator, start: Node | null, terms: readonly Node[]): Node | null {
    if (start === null) return this.#folded(operator, terms, null);
    return this.#folded(operator, [start, ...terms], null) ?? this.#folded(operator, terms, start);
  }

  /** The extreme of stretches of vectors, as of a window that goes round: one fold a stretch; null where none is long. */
  stretches(operator: 'max' | 'min', terms: readonly Node[]): readonly Node[] | null {
    const found: Node[][] = [];
    for (const term of terms) {
      const last = found.at(-1);
      if (last !== undefined && follows(last.at(-1), term)) last.push(term);
      else found.push([term]);
    }
    if (!found.some(({ length }) => length >= FEWEST_TERMS)) return null;
    return found.flatMap((stretch) => {
      const vector = stretch.length > 1 ? this.vector(stretch) : null;
      return vector === null ? stretch : [this.#graph.fold(operator, vector, null)];
    });
  }

  #folded(operator: FoldOperator, terms: readonly Node[], start: Node | null): Node | null {
    if (terms.length < FEWEST_TERMS || terms.some((term) => term.type.length !== null)) return null;
    const vector = this.vector(terms);
    return vector === null ? null : this.#graph.fold(operator, vector, start);
  }

  /** The common form of several scalars: a vector, or the scalar that they all are. */
  #join(entries: readonly Node[]): Node | null {
    const [first] = entries;
    if (first === undefined || entries.some((entry) => entry.op !== first.op)) return null;
    if (entries.every((entry) => entry === first)) return first;
    if (entries.some((entry) => entry.type.length !== null || entry.type.element !== first.type.element)) return null;
    if (first.op === 'constant') return this.#graph.pack(entries);
    if (first.op === 'take') return this.#takes(entries);
    if (first.op !== 'unary' && first.op !== 'binary' && first.op !== 'select' && first.op !== 'call') return null;
    const key = entries.map(({ id }) => id).join(' ');
    const known = this.#joined.get(key);
    if (known !== undefined) return known;
    this.#compared += entries.length;
    const found = this.#compared > limits.rerolledEntries ? null : this.#operations(entries, first);
    this.#joined.set(key, found);
    return found;
  }

  #takes(entries: readonly Node[]): Node | null {
    const [vector] = entries[0]?.args ?? [];
    const indices = entries.flatMap((entry) => (entry.op === 'take' && entry.args[0] === vector ? entry.indices : []));
    const [first = 0, second = 0] = indices;
    const stride = second - first;
    const even = indices.every((index, place) => index === first + place * stride);
    if (vector === undefined || indices.length !== entries.length || stride < 1 || !even) return null;
    return this.#graph.takeMany(vector, indices);
  }

  #operations(entries: readonly Node[], first: Node): Node | null {
    const graph = this.#graph;
    if (first.op === 'call' && !elementwise(first.callee)) return null;
    const args: Node[] = [];
    for (let index = 0; index < first.args.length; index++) {
      const operands = entries.flatMap((entry) => entry.args[index] ?? []);
      const joined = operands.length === entries.length ? this.#join(operands) : null;
      if (joined === null) return null;
      args.push(joined);
    }
    const alike = (same: (entry: Node) => boolean): boolean =>
      entries.every((entry) => entry.args.length === args.length && same(entry));
    const [a, b, c] = args;
    let made: Node | null = null;
    if (first.op === 'unary' && a && alike((entry) => entry.op === 'unary' && entry.operator === first.operator)) {
      made = graph.unary(first.operator, a);
    } else if (
      first.op === 'binary' &&
      a &&
      b &&
      alike((entry) => entry.op === 'binary' && entry.operator === first.operator)
    ) {
      made = graph.binary(first.operator, a, b);
    } else if (first.op === 'select' && a && b && c && alike(() => true)) {
      // A condition of the whole chooses between whole vectors.
      const whole = (arm: Node): Node =>
        a.type.length === null && arm.type.length === null ? graph.pack(entries.map(() => arm)) : arm;
      made = graph.select(a, whole(b), whole(c), first.merge);
    } else if (
      first.op === 'call' &&
      alike((entry) => entry.op === 'call' && entry.callee === first.callee && entry.option === first.option)
    ) {
      const length = args.reduce<number | null>((found, arg) => found ?? arg.type.length, null);
      made = graph.call(first.callee, args, number(length), first.option);
    }
    if (made !== null && made.type.length !== null) this.#made(made, entries);
    return made;
  }
}
