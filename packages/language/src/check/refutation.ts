import type { Node } from '../ir/node.ts';
import { limits } from '../limits.ts';
import { type Interval, span } from './interval.ts';
import type { Ranges } from './ranges.ts';

/** What has to hold, so far, for a way to be gone: where values lie, and what conditions are. */
interface Facts {
  readonly ranges: ReadonlyMap<Node, Interval>;
  readonly truths: ReadonlyMap<Node, boolean>;
}

/** What has to hold besides, given the facts so far. */
type Next = (facts: Facts) => boolean;

const opposite: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };
const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Looks for facts that contradict each other. Alternatives are followed one by one with all that has to hold besides;
 * what is not refuted within a number of steps counts as possible.
 */
export class Refutation {
  readonly #ranges: Ranges;
  readonly #mayBeNaN: Pick<ReadonlySet<Node>, 'has'>;
  #steps = 0;

  constructor(ranges: Ranges, mayBeNaN: Pick<ReadonlySet<Node>, 'has'>) {
    this.#ranges = ranges;
    this.#mayBeNaN = mayBeNaN;
  }

  mayHold(node: Node, wanted: boolean): boolean {
    return this.#holds(node, wanted, { ranges: new Map(), truths: new Map() }, () => true);
  }

  #holds(node: Node, wanted: boolean, before: Facts, next: Next): boolean {
    this.#steps += 1;
    if (this.#steps > limits.proofSteps) return true;
    const known = before.truths.get(node);
    if (known !== undefined) return known === wanted && next(before);
    if (node.op === 'constant') return Boolean(node.value) === wanted && next(before);
    const facts = { ...before, truths: new Map(before.truths).set(node, wanted) };
    const [a, b] = node.args;
    if (node.op === 'unary' && node.operator === '!' && a) return this.#holds(a, !wanted, facts, next);
    if (node.op !== 'binary' || a === undefined || b === undefined) return next(facts);
    if (node.operator === '&&' || node.operator === '||') {
      if ((node.operator === '&&') === wanted) {
        return this.#holds(a, wanted, facts, (given) => this.#holds(b, wanted, given, next));
      }
      return this.#holds(a, wanted, facts, next) || this.#holds(b, wanted, facts, next);
    }
    return this.#compares(node.operator, a, b, wanted, facts, next);
  }

  #compares(operator: string, a: Node, b: Node, wanted: boolean, facts: Facts, next: Next): boolean {
    const isEquality = operator === '===' || operator === '!==';
    if (!isEquality && !(operator in opposite)) return next(facts);
    const chosen = this.#alternatives(operator, a, b, wanted, facts, next);
    if (chosen !== null) return chosen;
    const mayFail = a.type.element !== 'boolean' && (this.#mayBeNaN.has(a) || this.#mayBeNaN.has(b));
    if (a === b) {
      const isTrue = operator === '===' || operator === '<=' || operator === '>=';
      return ((mayFail && (isTrue || isEquality)) || isTrue === wanted) && next(facts);
    }
    const [x, y] = [this.#of(a, facts), this.#of(b, facts)];
    if (isEquality && wanted !== (operator === '===')) {
      const areSame = x.low === x.high && y.low === y.high && x.low === y.low;
      if (!mayFail && areSame) return false;
      const rest = x.low === x.high ? without(b, y, x.low) : y.low === y.high ? without(a, x, y.low) : null;
      return next(rest === null ? facts : this.#with(facts, rest));
    }
    if (isEquality) {
      const both = span(Math.max(x.low, y.low), Math.min(x.high, y.high));
      return both.low <= both.high && next(this.#with(facts, [a, both], [b, both]));
    }
    // A comparison with NaN is false, and says nothing of the values then.
    if (!wanted && mayFail) return next(facts);
    const asked = wanted ? operator : (opposite[operator] ?? operator);
    const left = cut(x, y, asked);
    const right = cut(y, x, mirrored[asked] ?? asked);
    return left !== null && right !== null && next(this.#with(facts, [a, left], [b, right]));
  }

  /** A value chosen by a condition: what is asked of it is asked of either alternative. Null where neither is one. */
  #alternatives(operator: string, a: Node, b: Node, wanted: boolean, facts: Facts, next: Next): boolean | null {
    const isLeft = a.op === 'select';
    const [test, yes, no] = isLeft ? a.args : b.op === 'select' ? b.args : [];
    if (test === undefined || yes === undefined || no === undefined) return null;
    return [yes, no].some((each) =>
      this.#holds(test, each === yes, facts, (given) => {
        const [x, y] = isLeft ? [each, b] : [a, each];
        return this.#compares(operator, x, y, wanted, given, next);
      }),
    );
  }

  #of(node: Node, { ranges }: Facts): Interval {
    return ranges.get(node) ?? this.#ranges.of(node);
  }

  #with(facts: Facts, ...found: readonly (readonly [Node, Interval])[]): Facts {
    const ranges = new Map(facts.ranges);
    for (const [node, range] of found) if (node.op !== 'constant') ranges.set(node, range);
    return { ...facts, ranges };
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
