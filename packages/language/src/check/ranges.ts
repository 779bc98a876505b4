import { boundAt, type Environment } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { operandsFirst } from '../ir/operands-first.ts';
import { limits } from '../limits.ts';
import {
  absolute,
  everything,
  hull,
  type Interval,
  negative,
  over,
  plus,
  point,
  power,
  rising,
  span,
  times,
} from './interval.ts';
import { conditionRange, entryRanges, isMask } from './mask-range.ts';

/**
 * Where each value of a program can lie, given the bounds that its environment declares: interval arithmetic, one
 * interval for all entries of a vector. Params count with the values that the program gives them, memory with the
 * range that it is known to keep (`memory-ranges.ts`). Without an environment its fields may be anything.
 */
export class Ranges {
  readonly #environment: Environment | null;
  readonly #params: ReadonlyMap<string, number>;
  readonly #memory: ReadonlyMap<string, Interval>;
  readonly #known = new Map<Node, Interval>();
  readonly #onStep = new Map<Node, boolean>();
  readonly #parts = {
    of: (node: Node): Interval => this.of(node),
    onStep: (node: Node): boolean => this.#dependsOnStep(node),
    entries: new Map<Node, Interval[]>(),
  };

  constructor(
    environment: Environment | null,
    params: ReadonlyMap<string, number>,
    memory: ReadonlyMap<string, Interval> = new Map(),
  ) {
    this.#environment = environment;
    this.#params = params;
    this.#memory = memory;
  }

  of(node: Node): Interval {
    operandsFirst(
      node,
      (each) => this.#known.has(each),
      (each) => this.#known.set(each, this.#compute(each)),
    );
    return this.#known.get(node) ?? everything;
  }

  #dependsOnStep(node: Node): boolean {
    operandsFirst(
      node,
      (each) => this.#onStep.has(each),
      (each) => {
        const isOwn = each.op === 'input' || each.op === 'memory';
        this.#onStep.set(each, isOwn || each.args.some((arg) => this.#onStep.get(arg) === true));
      },
    );
    return this.#onStep.get(node) ?? true;
  }

  #compute(node: Node): Interval {
    switch (node.op) {
      case 'constant': {
        const values: readonly (number | boolean)[] = Array.isArray(node.value) ? node.value : [node.value];
        return hull(values.map((value) => point(Number(value))));
      }
      case 'input':
        return this.#input(node, null);
      case 'take': {
        const [source] = node.args;
        if (source?.op === 'input') return hull(node.indices.map((index) => this.#input(source, index)));
        return source === undefined ? everything : this.of(source);
      }
      case 'param': {
        const value = this.#params.get(node.name);
        return value === undefined ? everything : point(value);
      }
      case 'memory':
        return this.#memory.get(node.name) ?? everything;
      case 'hole':
        return everything;
      case 'pack':
        return hull(node.args.map((arg) => this.of(arg)));
      case 'unary': {
        const [a] = node.args;
        if (a === undefined) return everything;
        if (node.operator === '!')
          return a.type.element === 'boolean' ? plus(point(1), negative(this.of(a))) : span(0, 1);
        if (node.operator === 'truth') return span(0, 1);
        return node.operator === '-' ? negative(this.of(a)) : this.of(a);
      }
      case 'binary':
        return this.#binary(node);
      case 'select': {
        const [, yes, no] = node.args;
        return yes && no ? hull([this.of(yes), this.of(no)]) : everything;
      }
      case 'fold':
        return this.#fold(node);
      case 'call':
        return this.#call(node);
    }
  }

  #input(node: Node & { op: 'input' }, index: number | null): Interval {
    if (node.type.element === 'boolean') return span(0, 1);
    if (this.#environment === null) return everything;
    const { action, observation } = this.#environment;
    if (node.role === 'action' && action.kind === 'discrete') return span(0, action.n - 1);
    const bounds =
      node.role === 'action' && action.kind === 'continuous'
        ? action
        : observation.find(({ name }) => name === node.field);
    if (bounds === undefined) return everything;
    const all = index === null ? Array.from({ length: node.type.length ?? 1 }, (_, at) => at) : [index];
    return hull(
      all.map((at) => ({
        low: boundAt(bounds.low ?? null, at) ?? Number.NEGATIVE_INFINITY,
        high: boundAt(bounds.high ?? null, at) ?? Number.POSITIVE_INFINITY,
      })),
    );
  }

  #binary(node: Node & { op: 'binary' }): Interval {
    const [a, b] = node.args;
    if (!a || !b) return everything;
    if (node.type.element === 'boolean') return conditionRange(node, this.of(a), this.of(b), this.#parts);
    const [x, y] = [this.of(a), this.of(b)];
    switch (node.operator) {
      case '+':
        return plus(x, y);
      case '-':
        return a === b ? point(0) : plus(x, negative(y));
      case '*':
        return this.#product(node);
      case '/':
        return over(x, y);
      case '**':
        return y.low === y.high ? power(x, y.low) : everything;
      case '%': {
        const size = Math.min(absolute(y).high, absolute(x).high);
        return span(x.low < 0 ? -size : 0, x.high > 0 ? size : 0);
      }
      default:
        return everything;
    }
  }

  /** A factor that stands several times counts as its power: a square is never negative. */
  #product(node: Node): Interval {
    const counts = new Map<Node, number>();
    let products = 0;
    const collect = (factor: Node): void => {
      const [a, b] = factor.args;
      const isOpen = counts.size < limits.rangeFactors && products < limits.rangeProducts;
      if (factor.op === 'binary' && factor.operator === '*' && a && b && isOpen) {
        products += 1;
        collect(a);
        collect(b);
      } else counts.set(factor, (counts.get(factor) ?? 0) + 1);
    };
    collect(node);
    return [...counts].reduce(
      (product, [factor, count]) => times(product, count === 1 ? this.of(factor) : power(this.of(factor), count)),
      point(1),
    );
  }

  #fold(node: Node & { op: 'fold' }): Interval {
    const [vector, start] = node.args;
    if (vector === undefined || node.type.element === 'boolean') return span(0, 1);
    const entries = this.of(vector);
    const first = start === undefined ? null : this.of(start);
    const length = vector.type.length ?? 1;
    if (node.operator === '+') {
      const total = isMask(vector) ? entryRanges(vector, this.#parts).reduce(plus) : times(entries, point(length));
      return first === null ? total : plus(first, total);
    }
    if (node.operator === '*') return everything;
    return first === null ? entries : extreme(node.operator, [entries, first]);
  }

  #call(node: Node & { op: 'call' }): Interval {
    const args = node.args.map((arg) => this.of(arg));
    const [a = everything, b = everything, c = everything] = args;
    const length = node.args[0]?.type.length ?? 1;
    switch (node.callee) {
      case 'Math.abs':
        return absolute(a);
      case 'Math.max':
      case 'Math.min':
        return extreme(node.callee === 'Math.max' ? 'max' : 'min', args);
      case 'clamp':
        return extreme('min', [extreme('max', [a, b]), c]);
      case 'Math.sqrt':
        return rising({ low: Math.max(0, a.low), high: Math.max(0, a.high) }, Math.sqrt);
      case 'Math.exp':
      case 'Math.expm1':
      case 'Math.sinh':
      case 'Math.tanh':
      case 'Math.atan':
      case 'Math.cbrt':
      case 'Math.floor':
      case 'Math.ceil':
      case 'Math.round':
      case 'Math.trunc':
      case 'Math.sign':
      case 'Math.asinh':
        return rising(a, monotone[node.callee] ?? ((x) => x));
      case 'Math.cosh':
        return rising(absolute(a), Math.cosh);
      case 'Math.log':
      case 'Math.log2':
      case 'Math.log10':
        return rising({ low: Math.max(0, a.low), high: Math.max(0, a.high) }, monotone[node.callee] ?? Math.log);
      case 'Math.log1p':
        return rising({ low: Math.max(-1, a.low), high: Math.max(-1, a.high) }, Math.log1p);
      case 'Math.sin':
      case 'Math.cos':
        return span(-1, 1);
      case 'Math.asin':
        return rising(within(a, -1, 1), Math.asin);
      case 'Math.acos':
        return negative(rising(within(a, -1, 1), (x) => -Math.acos(x)));
      case 'Math.atan2':
        return span(a.low >= 0 ? 0 : b.low >= 0 ? -Math.PI / 2 : -Math.PI, b.low >= 0 ? Math.PI / 2 : Math.PI);
      case 'wrapAngle':
        return span(-Math.PI, Math.PI);
      case 'tolerance':
        return span(0, 1);
      case 'quatAngle':
        return span(0, Math.PI);
      case 'Math.hypot':
        return rootOfSquares(args);
      case 'norm':
        return rootOfSquares(Array.from({ length }, () => a));
      case 'distance': {
        const gap = plus(a, negative(b));
        return rootOfSquares(Array.from({ length }, () => gap));
      }
      case 'dot':
        return times(node.args[0] === node.args[1] ? power(a, 2) : times(a, b), point(length));
      case 'sum':
        return times(a, point(length));
      case 'mean':
        return a;
      default:
        return everything;
    }
  }
}

const monotone: Readonly<Record<string, (x: number) => number>> = {
  'Math.exp': Math.exp,
  'Math.expm1': Math.expm1,
  'Math.sinh': Math.sinh,
  'Math.tanh': Math.tanh,
  'Math.atan': Math.atan,
  'Math.cbrt': Math.cbrt,
  'Math.floor': Math.floor,
  'Math.ceil': Math.ceil,
  'Math.round': Math.round,
  'Math.trunc': Math.trunc,
  'Math.sign': Math.sign,
  'Math.asinh': Math.asinh,
  'Math.log': Math.log,
  'Math.log2': Math.log2,
  'Math.log10': Math.log10,
};

/** What remains of an interval between two numbers; the nearer of them where nothing does. */
function within({ low, high }: Interval, least: number, most: number): Interval {
  const clamp = (value: number): number => Math.min(Math.max(value, least), most);
  return { low: clamp(low), high: clamp(high) };
}

function extreme(which: string, all: readonly Interval[]): Interval {
  const pick = which === 'max' ? Math.max : Math.min;
  return { low: pick(...all.map(({ low }) => low)), high: pick(...all.map(({ high }) => high)) };
}

/** The length of a vector: 0 is always among the possible ones, as fields may cancel. */
function rootOfSquares(all: readonly Interval[]): Interval {
  const sizes = all.map(absolute);
  return { low: Math.hypot(...sizes.map(({ low }) => low)), high: Math.hypot(...sizes.map(({ high }) => high)) };
}
