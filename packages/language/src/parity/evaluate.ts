import { applyBinary, applyUnary } from '../ir/fold.ts';
import type { Node } from '../ir/node.ts';
import { reachable } from '../ir/reachable.ts';
import type { ScalarProgram } from '../ir/scalarise.ts';
import { mathFunctions } from '../library/math.ts';
import { toleranceScale } from '../library/tolerance.ts';

export type Scalar = number | boolean;
/** What every node of a program was at one step. */
export interface Values {
  get(node: Node): Scalar | undefined;
}

/** Functions that every language rounds alike; the others may differ in the last place. */
const exact: ReadonlySet<string> = new Set([
  ...['abs', 'ceil', 'floor', 'fround', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'].map((name) => `Math.${name}`),
  ...['clamp', 'wrapAngle', 'potential'],
]);

const isLandmark = (value: Scalar): boolean => value === 0 || Math.abs(Number(value)) === 1;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The last digits of a number. */
function digits(value: number): number {
  double[0] = value;
  return (words[0] ?? 0) ^ (words[1] ?? 0);
}

/** Every bit of the result depends on every bit given (the finaliser of MurmurHash3; Appleby, 2011). */
function mixed(bits: number): number {
  const first = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}

/** A node with where its operands stand. */
interface Instruction {
  readonly node: Node;
  readonly args: readonly number[];
  /** Place of an input in a row; -1 for everything else. */
  readonly column: number;
}

/** Evaluates the graph of a program step by step: it shows which way each condition went, which no kernel tells. */
export class Evaluation {
  /** Those that the results are made of. */
  readonly nodes: readonly Node[];
  /** Operations of a step; an extreme of many counts as several. */
  readonly work: number;
  readonly #places: ReadonlyMap<Node, number>;
  readonly #instructions: readonly Instruction[];
  readonly #program: ScalarProgram;
  readonly #params: ReadonlyMap<string, number>;
  readonly #nudge: number;

  /** `column` gives the place of an input in a row; `nudge` is a relative error that each inexact function is given. */
  constructor(program: ScalarProgram, params: ReadonlyMap<string, number>, column: (node: Node) => number, nudge = 0) {
    this.#program = program;
    this.#params = params;
    this.#nudge = nudge;
    const { components, total, memory, insideTables } = program;
    const roots = [...components, ...memory].map(({ node }) => node).concat(total);
    this.nodes = reachable(roots);
    this.work = this.nodes.reduce((total, { args }) => total + Math.max(1, args.length / 4), 0);
    const nodes = reachable([...roots, ...insideTables]);
    const places = new Map(nodes.map((node, place) => [node, place]));
    this.#places = places;
    this.#instructions = nodes.map((node) => ({
      node,
      args: node.args.map((arg) => places.get(arg) ?? -1),
      column: (node.op === 'input' || node.op === 'take') && node.type.length === null ? column(node) : -1,
    }));
  }

  at(row: Float64Array, memory: ReadonlyMap<string, number>): Values {
    const values: Scalar[] = new Array(this.#instructions.length).fill(Number.NaN);
    for (const [place, instruction] of this.#instructions.entries()) {
      values[place] = this.#value(instruction, row, memory, values);
    }
    const places = this.#places;
    return { get: (node) => values[places.get(node) ?? -1] };
  }

  /** The memory after a step. */
  carried(values: Values): ReadonlyMap<string, number> {
    return new Map(this.#program.memory.map(({ name, node }) => [name, Number(values.get(node))]));
  }

  #value(
    { node, args, column }: Instruction,
    row: Float64Array,
    memory: ReadonlyMap<string, number>,
    values: readonly Scalar[],
  ): Scalar {
    const arg = (index: number): Scalar => values[args[index] ?? -1] ?? Number.NaN;
    switch (node.op) {
      case 'constant':
        return Array.isArray(node.value) ? Number.NaN : (node.value as Scalar);
      case 'input':
      case 'take': {
        const value = row[column] ?? Number.NaN;
        return node.type.element === 'boolean' ? value !== 0 : value;
      }
      case 'param':
        return this.#params.get(node.name) ?? Number.NaN;
      case 'memory':
        return memory.get(node.name) ?? Number.NaN;
      case 'unary':
        return applyUnary(node.operator, arg(0));
      case 'binary': {
        const value = applyBinary(node.operator, arg(0), arg(1));
        // A quotient past 2^53 has lost all digits that a remainder is made of; not every language finds them again.
        const isLost = node.operator === '%' && Math.abs(Number(arg(0)) / Number(arg(1))) > 2 ** 53;
        if (isLost && this.#nudge !== 0) return Number.NaN;
        return node.operator === '**' ? this.#rounded(node, Number(value), [arg(0), arg(1)]) : value;
      }
      case 'select':
        return arg(0) ? arg(1) : arg(2);
      case 'call': {
        const value = call(
          node.callee,
          node.option,
          args.map((_, index) => Number(arg(index))),
          this.#nudge,
        );
        // Inside its bounds a tolerance is 1, and of limited shapes 0 far from them, without a rounding.
        const isPlain = node.callee === 'tolerance' && isLandmark(value);
        return exact.has(node.callee) || isPlain
          ? value
          : this.#rounded(
              node,
              value,
              args.map((_, at) => arg(at)),
            );
      }
      default:
        return Number.NaN;
    }
  }

  /**
   * A result as another language may round it: up at one node and value, down at another, so that differences show, also
   * those of one function from step to step; each nudge has a pattern of its own, as
   * the errors of one may cancel. Whole results at 0, 1 and -1 are the same everywhere: cos(0), 1 ** x, log(1).
   */
  #rounded(node: Node, value: number, args: readonly Scalar[]): number {
    if (this.#nudge === 0 || (isLandmark(args[0] ?? Number.NaN) && Number.isInteger(value))) return value;
    const isUp = (mixed(mixed(digits(value) ^ node.id) ^ digits(this.#nudge)) & 1) === 1;
    return value * (1 + (isUp ? this.#nudge : -this.#nudge));
  }
}

/** The shapes of `tolerance`; `by` is the relative error that their inner functions are given. */
const shapes: Readonly<Record<string, (d: number, scale: number, by: number) => number>> = {
  gaussian: (d, scale) => Math.exp(-0.5 * (d * scale) * (d * scale)),
  hyperbolic: (d, scale) => 1 / Math.cosh(d * scale),
  long_tail: (d, scale) => 1 / (d * scale * (d * scale) + 1),
  reciprocal: (d, scale) => 1 / (Math.abs(d) * scale + 1),
  cosine: (d, scale, by) => (Math.abs(d * scale) < 1 ? (1 + Math.cos(Math.PI * (d * scale)) * (1 + by)) / 2 : 0),
  linear: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale : 0),
  quadratic: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale * (d * scale) : 0),
  tanh_squared: (d, scale, by) => 1 - (Math.tanh(d * scale) * (1 + by)) ** 2,
};

/** The functions that are left once vectors are unrolled: `library/javascript.ts` as arithmetic on known numbers. */
function call(callee: string, option: string | null, args: readonly number[], by: number): number {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN, e = Number.NaN] = args;
  const known = mathFunctions.get(callee.replace('Math.', ''));
  if (known !== undefined) return known.apply(...args);
  switch (callee) {
    case 'clamp':
      return Math.min(Math.max(a, b), c);
    case 'wrapAngle':
      return a - 2 * Math.PI * Math.ceil((a - Math.PI) / (2 * Math.PI));
    case 'potential':
      return c * a - b;
    case 'tolerance':
      return a >= b && a <= c ? 1 : (shapes[option ?? 'gaussian']?.((a < b ? b - a : a - c) / d, e, by) ?? Number.NaN);
    default:
      return toleranceScale[callee.replace('toleranceScales.', '')]?.(a) ?? Number.NaN;
  }
}
