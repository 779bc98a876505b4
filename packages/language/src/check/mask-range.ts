import { applyBinary } from '../ir/fold.ts';
import type { BinaryNode, Node } from '../ir/node.ts';
import { hull, type Interval, negative, plus, point, span } from './interval.ts';

/** What is known of whole values: where they lie, and whether fields or memory have a part in them. */
interface Parts {
  readonly of: (node: Node) => Interval;
  readonly onStep: (node: Node) => boolean;
  /** Where the entries of masks lie, as far as they were asked for: a condition that stands in many masks is looked at once. */
  readonly entries: Map<Node, Interval[]>;
}

/** Whether a condition holds, as 0 or 1, from the ranges of its sides: on params alone it is decided by their values. */
export function conditionRange(node: BinaryNode, x: Interval, y: Interval, { onStep }: Parts): Interval {
  if (node.operator === '&&') return span(Math.min(x.low, y.low), Math.min(x.high, y.high));
  if (node.operator === '||') return span(Math.max(x.low, y.low), Math.max(x.high, y.high));
  // A field may be NaN, whatever its range.
  if (x.low !== x.high || y.low !== y.high) return span(0, 1);
  if (node.args.some(onStep)) return span(0, 1);
  return point(Number(applyBinary(node.operator, x.low, y.low)));
}

/** Conditions counted as 0 or 1, as the number of entries that a filter or slice leaves is. */
export function isMask(vector: Node): boolean {
  const [test, ...arms] = vector.args;
  if (test?.type.element !== 'boolean' || test.type.length === null) return false;
  if (vector.op === 'unary') return vector.operator === 'number';
  return vector.op === 'select' && arms.every(({ op, type }) => op === 'constant' && type.length === null);
}

/** Where the entries of a mask can lie, one after another. */
export function entryRanges(mask: Node, parts: Parts): readonly Interval[] {
  return Array.from({ length: mask.type.length ?? 1 }, (_, at) => entryRange(mask, at, parts));
}

function entryRange(node: Node, at: number, parts: Parts): Interval {
  const known = parts.entries.get(node) ?? [];
  parts.entries.set(node, known);
  const found = known[at] ?? newEntryRange(node, at, parts);
  known[at] = found;
  return found;
}

function newEntryRange(node: Node, at: number, parts: Parts): Interval {
  const { of } = parts;
  const [a, b, c] = node.args;
  const entry = (part: Node): Interval => entryRange(part, at, parts);
  if (node.op === 'constant' && Array.isArray(node.value)) return point(Number(node.value[at]));
  if (node.op === 'pack') return of(node.args[at] ?? node);
  if (node.op === 'unary' && a?.type.element === 'boolean') {
    return node.operator === '!' ? plus(point(1), negative(entry(a))) : entry(a);
  }
  if (node.op === 'select' && a && b && c) {
    const test = entry(a);
    return test.low === test.high ? entry(test.low === 0 ? c : b) : hull([entry(b), entry(c)]);
  }
  const isCondition = node.op === 'binary' && node.type.element === 'boolean';
  return isCondition && a && b ? conditionRange(node, entry(a), entry(b), parts) : of(node);
}
