import type { Node } from '../ir/node.ts';
import { limits } from '../limits.ts';
import { type Interval, span } from './interval.ts';
import type { Ranges } from './ranges.ts';

/** What has to hold besides what is known so far. */
type Next = () => boolean;

const opposite: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };
const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Looks for facts that contradict each other. Alternatives are followed one by one with all that has to hold besides;
 * what is not refuted within a number of steps, or of conditions that hold at once, counts as possible.
 */
export class Refutation {
  readonly #ranges: Ranges;
  readonly #mayBeNaN: Pick<ReadonlySet<Node>, 'has'>;
  /** What has to hold, so far, for a way to be gone: what conditions are, and where values lie. Taken back behind each way. */
  readonly #truths = new Map<Node, boolean>();
  readonly #found = new Map<Node, Interval>();
  #steps = 0;

  constructor(ranges: Ranges, mayBeNaN: Pick<ReadonlySet<Node>, 'has'>) {
    this.#ranges = ranges;
    this.#mayBeNaN = mayBeNaN;
  }

  /** Steps of the proof so far. */
  get steps(): number {
    return this.#steps;
  }

  mayHold(node: Node, wanted: boolean): boolean {
    return this.#holds(node, wanted, () => true);
  }

  #holds(node: Node, wanted: boolean, next: Next): boolean {
    this.#steps += 1;
    if (this.#steps > limits.proofSteps || this.#truths.size > limits.proofDepth) return true;
    const known = this.#truths.get(node);
    if (known !== undefined) return known === wanted && next();
    if (node.op === 'constant') return Boolean(node.value) === wanted && next();
    this.#truths.set(node, wanted);
    const may = this.#follows(node, wanted, next);
    this.#truths.delete(node);
    return may;
  }

  #follows(node: Node, wanted: boolean, next: Next): boolean {
    const [a, b] = node.args;
    if (node.op === 'unary' && node.operator === '!' && a) return this.#holds(a, !wanted, next);
    if (node.op !== 'binary' || a === undefined || b === undefined) return next();
    if (node.operator === '&&' || node.operator === '||') {
      if ((node.operator === '&&') === wanted) return this.#holds(a, wanted, () => this.#holds(b, wanted, next));
      return this.#holds(a, wanted, next) || this.#holds(b, wanted, next);
    }
    return this.#compares(node.operator, a, b, wanted, next);
  }

  #compares(operator: string, a: Node, b: Node, wanted: boolean, next: Next): boolean {
    const isEquality = operator === '===' || operator === '!==';
    if (!isEquality && !(operator in opposite)) return next();
    const chosen = this.#alternatives(operator, a, b, wanted, next);
    if (chosen !== null) return chosen;
    const mayFail = a.type.element !== 'boolean' && (this.#mayBeNaN.has(a) || this.#mayBeNaN.has(b));
    if (a === b) {
      const isTrue = operator === '===' || operator === '<=' || operator === '>=';
      return ((mayFail && (isTrue || isEquality)) || isTrue === wanted) && next();
    }
    const [x, y] = [this.#of(a), this.#of(b)];
    if (isEquality && wanted !== (operator === '===')) {
      const areSame = x.low === x.high && y.low === y.high && x.low === y.low;
      if (!mayFail && areSame) return false;
      const rest = x.low === x.high ? without(b, y, x.low) : y.low === y.high ? without(a, x, y.low) : null;
      return rest === null ? next() : this.#given([rest], next);
    }
    if (isEquality) {
      const both = span(Math.max(x.low, y.low), Math.min(x.high, y.high));
      if (both.low > both.high) return false;
      return this.#given(
        [
          [a, both],
          [b, both],
        ],
        next,
      );
    }
    // A comparison with NaN is false, and says nothing of the values then.
    if (!wanted && mayFail) return next();
    const asked = wanted ? operator : (opposite[operator] ?? operator);
    const left = cut(x, y, asked);
    const right = cut(y, x, mirrored[asked] ?? asked);
    if (left === null || right === null) return false;
    return this.#given(
      [
        [a, left],
        [b, right],
      ],
      next,
    );
  }

  /** A value chosen by a condition: what is asked of it is asked of either alternative. Null where neither is one. */
  #alternatives(operator: string, a: Node, b: Node, wanted: boolean, next: Next): boolean | null {
    const isLeft = a.op === 'select';
    const [test, yes, no] = isLeft ? a.args : b.op === 'select' ? b.args : [];
    if (test === undefined || yes === undefined || no === undefined) return null;
    return [yes, no].some((each) =>
      this.#holds(test, each === yes, () => {
        const [x, y] = isLeft ? [each, b] : [a, each];
        return this.#compares(operator, x, y, wanted, next);
      }),
    );
  }

  #of(node: Node): Interval {
    return this.#found.get(node) ?? this.#ranges.of(node);
  }

  /** What follows while values lie where they are found to. */
  #given(found: readonly (readonly [Node, Interval])[], next: Next): boolean {
    const before = found.map(([node]) => [node, this.#found.get(node)] as const);
    for (const [node, range] of found) if (node.op !== 'constant') this.#found.set(node, range);
    const may = next();
    for (const [node, range] of before) {
      if (range === undefined) this.#found.delete(node);
      else this.#found.set(node, range);
    }
    return may;
  }
}

/** An action that is one of a few whole numbers and not the first or the last of those that remain. */
function without(node: Node, { low, high }: Interval, value: number): readonly [Node, Interval] | null {
  if (node.op !== 'input' || node.role !== 'action' || node.type.length !== null || low === high) return null;
  if (value === low) return [node, span(low + 1, high)];
  return value === high ? [node, span(low, high - 1)] : null;
}

/** What remains of a value's range on its side of another; null where nothing does. */
function cut(own: Interval, other: Interval, operator: string): Interval | null {
  const isBelow = operator.startsWith('<');
  const edge = isBelow ? other.high : other.low;
  const range = isBelow ? span(own.low, Math.min(own.high, edge)) : span(Math.max(own.low, edge), own.high);
  if (range.low > range.high) return null;
  return operator.length === 1 && range.low === range.high && range.low === edge ? null : range;
}
