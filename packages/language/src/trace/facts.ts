import { applyBinary } from '../ir/fold.ts';
import type { Node } from '../ir/node.ts';

/** Conditions that hold, or do not, for all rows that reach a place in the program. */
export class Facts {
  readonly #held = new Map<Node, boolean>();
  readonly #before: { readonly test: Node; readonly holds: boolean | undefined }[] = [];
  readonly #look: () => void;

  /** `look` is called once for each node that is looked at, so that the work can be counted. */
  constructor(look: () => void) {
    this.#look = look;
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  get(test: Node): boolean | undefined {
    return this.#held.get(test);
  }

  [Symbol.iterator](): Iterator<[Node, boolean]> {
    return this.#held.entries();
  }

  /** Runs `body` with the condition, and all that follows from it, added. */
  with<R>(test: Node, holds: boolean, body: () => R): R {
    const before = this.#before.length;
    try {
      this.#add(test, holds);
      return body();
    } finally {
      for (const { test: node, holds: held } of this.#before.splice(before).toReversed()) {
        if (held === undefined) this.#held.delete(node);
        else this.#held.set(node, held);
      }
    }
  }

  #add(test: Node, holds: boolean): void {
    const pending = [{ test, holds }];
    for (let fact = pending.pop(); fact !== undefined; fact = pending.pop()) {
      this.#look();
      const held = this.#held.get(fact.test);
      // What is known has brought its consequences with it.
      if (held === fact.holds) continue;
      this.#before.push({ test: fact.test, holds: held });
      this.#held.set(fact.test, fact.holds);
      pending.push(...consequences(fact.test, fact.holds));
    }
  }
}

/** What follows at once from a condition: `a && b` holds where both do, `!a` where `a` does not, `a ? b : false` where both do. */
function consequences(test: Node, holds: boolean): { readonly test: Node; readonly holds: boolean }[] {
  const [a, b, c] = test.args;
  const fact = (node: Node, held: boolean) => ({ test: node, holds: held });
  if (test.op === 'unary' && test.operator === '!' && a) return [fact(a, !holds)];
  if (test.op === 'binary' && test.operator === (holds ? '&&' : '||') && a && b)
    return [fact(a, holds), fact(b, holds)];
  // `x ? 1 : 0` of what is missing where `a` does not hold.
  if (test.op === 'select' && a && b && c) {
    const isOther = (arm: Node): boolean => arm.op === 'constant' && arm.value === !holds;
    if (isOther(c)) return [fact(a, true), fact(b, holds)];
    if (isOther(b)) return [fact(a, false), fact(c, holds)];
  }
  return [];
}

/** Tells of conditions whether they hold where others do, or do not; null where those leave it open. `look` is called as that of `Facts`. */
export function decider(facts: Facts, look: () => void): (node: Node) => boolean | null {
  const seen = new Map<Node, boolean | null>();
  const visit = (each: Node | undefined): boolean | null => {
    if (each === undefined) return null;
    const known = facts.get(each) ?? seen.get(each);
    if (known !== undefined) return known;
    look();
    const found = settle(each);
    seen.set(each, found);
    return found;
  };
  const settle = (each: Node): boolean | null => {
    const [a, b, c] = each.args;
    if (each.op === 'constant') return typeof each.value === 'boolean' ? each.value : null;
    if (each.op === 'unary' && each.operator === '!') {
      const inner = visit(a);
      return inner === null ? null : !inner;
    }
    if (each.op === 'binary' && (each.operator === '&&' || each.operator === '||')) {
      const settled = each.operator === '||';
      const [first, second] = [visit(a), visit(b)];
      if (first === settled || second === settled) return settled;
      return first === null || second === null ? null : !settled;
    }
    if (each.op === 'binary' && each.type.element === 'boolean') {
      // `at >= 0`, where `at` is set beside what is asked for.
      const [x, y] = [number(a), number(b)];
      return x === null || y === null ? null : Boolean(applyBinary(each.operator, x, y));
    }
    if (each.op !== 'select' || each.type.element !== 'boolean') return null;
    const test = visit(a);
    if (test !== null) return visit(test ? b : c);
    const [yes, no] = [visit(b), visit(c)];
    return yes === no ? yes : null;
  };
  /** A number that is chosen by what is decided. */
  const number = (each: Node | undefined): number | null => {
    let now = each;
    while (now?.op === 'select') {
      look();
      const test = visit(now.args[0]);
      if (test === null) return null;
      now = now.args[test ? 1 : 2];
    }
    return now?.op === 'constant' && typeof now.value === 'number' ? now.value : null;
  };
  return visit;
}
