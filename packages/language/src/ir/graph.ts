import type { ColumnRole } from '@rewardsmith/contracts';
import { evaluateCall } from '../library/evaluate.ts';
import { limits } from '../limits.ts';
import { applyBinary, applyFold, applyUnary } from './fold.ts';
import {
  type BinaryOperator,
  type ConstantNode,
  type FoldOperator,
  type FormulaOperator,
  formulaFunctions,
  type Node,
  type Type,
  type UnaryOperator,
} from './node.ts';

type Constant = number | boolean | readonly number[] | readonly boolean[];
interface Formula {
  readonly operator: FormulaOperator;
  readonly args: readonly Node[];
}
type WithoutId<N> = N extends Node ? Omit<N, 'id'> : never;

const spell = (value: unknown): string =>
  Array.isArray(value) ? value.map(spell).join(',') : Object.is(value, -0) ? '-0' : String(value);

export const number = (length: number | null = null): Type => ({ element: 'number', length });
export const boolean = (length: number | null = null): Type => ({ element: 'boolean', length });

/** The longest of the operands' lengths: a scalar meets every entry of a vector. */
export function commonLength(nodes: readonly Node[]): number | null {
  return nodes.reduce<number | null>((length, node) => length ?? node.type.length, null);
}

const isConstant = (node: Node): node is ConstantNode => node.op === 'constant';
const entry = (node: ConstantNode, index: number): number | boolean =>
  Array.isArray(node.value) ? node.value[index] : (node.value as number | boolean);

/** How many operands or entries tell a node from others. */
function width(node: WithoutId<Node>): number {
  if (node.op === 'take') return node.indices.length;
  return node.op === 'constant' && Array.isArray(node.value) ? node.value.length : node.args.length;
}

/** Raised when a program grows past its limit of nodes. */
export class GraphLimitError extends Error {}

/**
 * Builds frozen nodes, each different one once: two equal sub-expressions are one node. Operations on known values are
 * done at once, in JavaScript's arithmetic.
 */
export class Graph {
  readonly #nodes = new Map<string, Node>();
  /** Numbers and truth values without a name, which are asked for most; but for -0, which a map takes for 0. */
  readonly #plain = new Map<number | boolean, Node>();
  readonly #limit: number;
  readonly #look: (operands: number) => void;
  #serial = 0;
  #operands = 0;

  /** `look` is called for each node that is asked for, with how many operands or entries tell it from others, whether or not there is one already. */
  constructor(limit: number, look: (operands: number) => void = () => {}) {
    this.#limit = limit;
    this.#look = look;
  }

  get size(): number {
    return this.#nodes.size;
  }

  #add(key: string, node: WithoutId<Node>): Node {
    this.#look(width(node));
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.size >= this.#limit) throw new GraphLimitError(`more than ${this.#limit} operations`);
    this.#operands += node.args.length;
    const operands = this.#limit * limits.operandsPerNode;
    if (this.#operands > operands) throw new GraphLimitError(`more than ${operands} operands`);
    const made = Object.freeze({ ...node, id: this.#nodes.size }) as Node;
    this.#nodes.set(key, made);
    return made;
  }

  /** `formula` is what the program writes for a number that it makes of named ones. */
  constant(value: Constant, label: string | null = null, formula: Formula | null = null): Node {
    const isPlain = (typeof value === 'number' || typeof value === 'boolean') && !Object.is(value, -0);
    if (!isPlain || label !== null || formula !== null) return this.#constant(value, label, formula);
    const known = this.#plain.get(value);
    if (known === undefined) {
      const made = this.#constant(value, null, null);
      this.#plain.set(value, made);
      return made;
    }
    this.#look(0);
    return known;
  }

  #constant(value: Constant, label: string | null, formula: Formula | null): Node {
    const sample = Array.isArray(value) ? value[0] : value;
    const length = Array.isArray(value) ? value.length : null;
    const type: Type = { element: typeof sample === 'boolean' ? 'boolean' : 'number', length };
    const key = `constant ${type.element} ${length} ${spell(value)} ${label ?? ''}`;
    if (formula === null) return this.#add(key, { op: 'constant', type, args: [], value, label, operator: null });
    const { operator, args } = formula;
    const made = `${key} ${operator} ${args.map((arg) => arg.id).join(' ')}`;
    return this.#add(made, { op: 'constant', type, args, value, label, operator });
  }

  input(role: ColumnRole, field: string, type: Type): Node {
    return this.#add(`input ${role} ${field}`, { op: 'input', type, args: [], role, field });
  }

  variable(op: 'param' | 'memory', name: string): Node {
    return this.#add(`${op} ${name}`, { op, type: number(), args: [], name });
  }

  unary(operator: UnaryOperator, a: Node): Node {
    if (operator === 'number' && a.type.element === 'number') return a;
    if (operator === 'truth' && a.type.element === 'boolean') return a;
    if (isConstant(a)) return this.#map([a], ([x]) => applyUnary(operator, x ?? 0));
    if (operator === '!' && a.op === 'unary' && a.operator === '!' && a.args[0]) return a.args[0];
    const element = operator === '!' || operator === 'truth' ? 'boolean' : 'number';
    const type: Type = { element, length: a.type.length };
    return this.#add(`unary ${operator} ${a.id}`, { op: 'unary', type, args: [a], operator });
  }

  binary(operator: BinaryOperator, a: Node, b: Node): Node {
    if (isConstant(a) && isConstant(b)) return this.#map([a, b], ([x, y]) => applyBinary(operator, x ?? 0, y ?? 0));
    const logical = operator === '&&' || operator === '||';
    if (logical && a === b) return a;
    for (const [known, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (logical && isConstant(known) && typeof known.value === 'boolean' && other.type.element === 'boolean') {
        return known.value === (operator === '&&') ? other : known;
      }
    }
    if (operator === '===' || operator === '!==') {
      // A flag compared with a truth value is the flag itself: not every target has numbers and flags alike.
      for (const [known, other] of [
        [a, b],
        [b, a],
      ] as const) {
        if (isConstant(known) && typeof known.value === 'boolean' && other.type.element === 'boolean') {
          return known.value === (operator === '===') ? other : this.unary('!', other);
        }
      }
    }
    const element = ['+', '-', '*', '/', '%', '**'].includes(operator) ? 'number' : 'boolean';
    const type: Type = { element, length: commonLength([a, b]) };
    return this.#add(`binary ${operator} ${a.id} ${b.id}`, { op: 'binary', type, args: [a, b], operator });
  }

  /** Both arms must be of one element type. */
  select(test: Node, then: Node, otherwise: Node, merge: number): Node {
    if (then === otherwise) return then;
    if (isConstant(test) && typeof test.value === 'boolean') return test.value ? then : otherwise;
    if (
      isConstant(then) &&
      isConstant(otherwise) &&
      typeof then.value === 'boolean' &&
      test.type.element === 'boolean'
    ) {
      if (typeof otherwise.value === 'boolean') return then.value ? test : this.unary('!', test);
    }
    const type: Type = { element: then.type.element, length: commonLength([test, then, otherwise]) };
    const key = `select ${test.id} ${then.id} ${otherwise.id}`;
    return this.#add(key, { op: 'select', type, args: [test, then, otherwise], merge });
  }

  call(callee: string, args: readonly Node[], type: Type, option: string | null = null): Node {
    if (args.every(isConstant)) {
      const known = this.#known(callee, args, option);
      if (known !== null) return known;
    }
    const key = `call ${callee} ${option ?? ''} ${args.map((arg) => arg.id).join(' ')}`;
    return this.#add(key, { op: 'call', type, args, callee, option });
  }

  /** A call of known values, done at once; null where that is left to run time. */
  #known(callee: string, args: readonly ConstantNode[], option: string | null): Node | null {
    const apply = (values: readonly (number | boolean)[]): number | null =>
      evaluateCall(callee, values.map(Number), option);
    if (apply(args.map((arg) => entry(arg, 0))) === null) return null;
    if (commonLength(args) !== null) return this.#map(args, (values) => apply(values) ?? Number.NaN);
    const value = apply(args.map((arg) => entry(arg, 0))) ?? Number.NaN;
    const operator = formulaFunctions.find((each) => each === callee);
    return this.constant(value, null, operator !== undefined && Number.isFinite(value) ? { operator, args } : null);
  }

  pack(items: readonly Node[]): Node {
    const first = items[0];
    if (items.length > 0 && items.every(isConstant)) return this.#joined(items);
    if (first?.op === 'take' && first.type.length === null && first.args[0]) {
      const [source] = first.args;
      const indices = items.map((item) =>
        item.op === 'take' && item.args[0] === source ? item.indices[0] : undefined,
      );
      if (indices.every((index) => index !== undefined) && items.every((item) => item.type.length === null)) {
        return this.takeMany(source, indices);
      }
    }
    const element = first?.type.element ?? 'number';
    const type: Type = { element, length: items.length };
    return this.#add(`pack ${items.map((item) => item.id).join(' ')}`, { op: 'pack', type, args: items });
  }

  take(vector: Node, index: number): Node {
    if (isConstant(vector)) return this.constant(entry(vector, index));
    const item = vector.op === 'pack' ? vector.args[index] : undefined;
    if (item !== undefined) return item;
    if (vector.op === 'take') return this.take(vector.args[0] ?? vector, vector.indices[index] ?? 0);
    const type: Type = { element: vector.type.element, length: null };
    return this.#add(`take ${vector.id} ${index}`, { op: 'take', type, args: [vector], indices: [index] });
  }

  takeMany(vector: Node, indices: readonly number[]): Node {
    if (indices.length === vector.type.length && indices.every((index, place) => index === place)) return vector;
    if (isConstant(vector)) return this.#joined(indices.map((index) => this.constant(entry(vector, index))));
    if (vector.op === 'take' && vector.args[0]) {
      return this.takeMany(
        vector.args[0],
        indices.map((index) => vector.indices[index] ?? 0),
      );
    }
    const type: Type = { element: vector.type.element, length: indices.length };
    return this.#add(`takes ${vector.id} ${indices.join(' ')}`, { op: 'take', type, args: [vector], indices });
  }

  fold(operator: FoldOperator, vector: Node, start: Node | null): Node {
    if (isConstant(vector) && Array.isArray(vector.value) && (start === null || isConstant(start))) {
      const values: readonly (number | boolean)[] = vector.value;
      const all = start === null ? values : [entry(start, 0), ...values];
      return this.constant(all.reduce((a, b) => applyFold(operator, a, b)));
    }
    const args = start === null ? [vector] : [vector, start];
    const key = `fold ${operator} ${args.map((arg) => arg.id).join(' ')}`;
    return this.#add(key, {
      op: 'fold',
      type: { element: vector.type.element, length: null },
      args,
      operator,
    });
  }

  hole(type: Type): Node {
    const serial = this.#serial++;
    return this.#add(`hole ${serial}`, { op: 'hole', type, args: [], serial });
  }

  #joined(items: readonly Node[]): Node {
    const values = items.map((item) => (isConstant(item) ? entry(item, 0) : 0));
    const booleans = values.every((value) => typeof value === 'boolean');
    return this.constant(booleans ? values.map(Boolean) : values.map(Number));
  }

  #map(args: readonly ConstantNode[], apply: (values: readonly (number | boolean)[]) => number | boolean): Node {
    const length = commonLength(args);
    if (length === null) return this.constant(apply(args.map((arg) => entry(arg, 0))));
    const values = Array.from({ length }, (_, index) => apply(args.map((arg) => entry(arg, index))));
    return this.#joined(values.map((value) => this.constant(value)));
  }
}
