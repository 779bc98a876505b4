import { applyBinary } from '../ir/fold.ts';
import type { Node } from '../ir/node.ts';

/** A condition and whether it holds. */
export interface Fact {
  readonly test: Node;
  readonly holds: boolean;
}

/** What follows from a condition: `a && b` holds where both do, `!a` where `a` does not, `a ? b : false` where both do. */
export function consequences(test: Node, holds: boolean): readonly Fact[] {
  const [a, b, c] = test.args;
  const own = [{ test, holds }];
  if (test.op === 'unary' && test.operator === '!' && a) return [...own, ...consequences(a, !holds)];
  if (test.op === 'binary' && test.operator === (holds ? '&&' : '||') && a && b) {
    return [...own, ...consequences(a, holds), ...consequences(b, holds)];
  }
  // `x ? 1 : 0` of what is missing where `a` does not hold.
  if (test.op === 'select' && a && b && c) {
    const isOther = (arm: Node): boolean => arm.op === 'constant' && arm.value === !holds;
    if (isOther(c)) return [...own, ...consequences(a, true), ...consequences(b, holds)];
    if (isOther(b)) return [...own, ...consequences(a, false), ...consequences(c, holds)];
  }
  return own;
}

/** Whether a condition holds where others do, or do not; null where they leave it open. */
export function decided(node: Node, facts: ReadonlyMap<Node, boolean>): boolean | null {
  const seen = new Map<Node, boolean | null>();
  const visit = (each: Node | undefined): boolean | null => {
    if (each === undefined) return null;
    const known = facts.get(each) ?? seen.get(each);
    if (known !== undefined) return known;
    const found = look(each);
    seen.set(each, found);
    return found;
  };
  const look = (each: Node): boolean | null => {
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
      const test = visit(now.args[0]);
      if (test === null) return null;
      now = now.args[test ? 1 : 2];
    }
    return now?.op === 'constant' && typeof now.value === 'number' ? now.value : null;
  };
  return visit(node);
}
