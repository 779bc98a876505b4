import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { Subject } from './examine.ts';
import { shown, warning } from './warning.ts';

/** Conditions and tolerances that the declared bounds decide: a threshold in another unit, or past what a field can be. */
export function alwaysDecided(subject: Subject): readonly Finding[] {
  // In a loop one condition is many comparisons: it is decided when all of them are.
  const open = new Set<number>();
  for (const node of subject.nodes) {
    const place = subject.places.get(node);
    if (place !== undefined && isOrder(node) && comparison(subject, node) === null) open.add(place.start);
  }
  const guards = overflowGuards(subject);
  return subject.nodes.flatMap((node) => {
    const place = subject.places.get(node);
    if (place === undefined) return [];
    const found = open.has(place.start) || guards.has(node) ? null : comparison(subject, node);
    const either = found ?? insideTolerance(subject, node);
    return either === null ? [] : [either];
  });
}

const overflowing = /^Math\.(exp|expm1|cosh|sinh|log|log1p)$/;

/**
 * Conditions that keep a function from overflowing, as a helper does for whatever it may be given:
 * `x > 20 ? x : Math.log1p(Math.exp(x))`. That the bounds of a field make one needless is no fault.
 */
function overflowGuards(subject: Subject): ReadonlySet<Node> {
  const found = new Set<Node>();
  /** What the functions within a value depend on. */
  const within = new Map<Node, bigint>();
  const inside = (nodes: readonly Node[]): bigint => nodes.reduce((all, node) => all | (within.get(node) ?? 0n), 0n);
  for (const node of subject.nodes) {
    const overflows = node.op === 'call' && overflowing.test(node.callee);
    within.set(node, inside(node.args) | (overflows ? subject.sources.shareable(node) : 0n));
    const [test, ...arms] = node.args;
    if (node.op !== 'select' || test === undefined || !isOrder(test)) continue;
    if (subject.sources.meetsAny(test, inside(arms))) found.add(test);
  }
  return found;
}

const isOrder = (node: Node): node is Node & { op: 'binary' } =>
  node.op === 'binary' && ['<', '<=', '>', '>='].includes(node.operator);

function comparison(subject: Subject, node: Node): Finding | null {
  const [a, b] = node.args;
  if (!isOrder(node) || !a || !b) return null;
  if (!subject.sources.onStep(a) && !subject.sources.onStep(b)) return null;
  const turned = node.operator.startsWith('>');
  const [x, y] = turned ? [subject.ranges.of(b), subject.ranges.of(a)] : [subject.ranges.of(a), subject.ranges.of(b)];
  // Bounds hold up to rounding, and limits are often tested just at them.
  const strict = node.operator.length === 1;
  const never = x.low > y.high || (strict && x.low === y.high && x.low !== 0 && !touchesBound(a, b));
  if (!never || Math.abs(y.high) === Number.POSITIVE_INFINITY || Math.abs(x.low) === Number.POSITIVE_INFINITY)
    return null;
  const [left, right] = [subject.ranges.of(a), subject.ranges.of(b)];
  return warning(
    subject.places.get(node),
    'never-true',
    `The condition never holds: the left side lies from ${shown(left.low)} to ${shown(left.high)}, the right one from ${shown(right.low)} to ${shown(right.high)}.`,
    'Check the unit and the size of the threshold against the bounds of the field.',
  );
}

const touchesBound = (a: Node, b: Node): boolean => a.op === 'constant' || b.op === 'constant';

function insideTolerance(subject: Subject, node: Node): Finding | null {
  const [x, lower, upper] = node.args;
  if (node.op !== 'call' || node.callee !== 'tolerance' || !x || !lower || !upper) return null;
  if (!subject.sources.onStep(x)) return null;
  const [range, low, high] = [subject.ranges.of(x), subject.ranges.of(lower), subject.ranges.of(upper)];
  if (!(range.low >= low.high && range.high <= high.low)) return null;
  return warning(
    subject.places.get(node),
    'tolerance-always-one',
    `tolerance is 1 in every step: its first argument lies from ${shown(range.low)} to ${shown(range.high)}, within the bounds.`,
    'Check the unit of the bounds: angles are in radians where the field says rad.',
  );
}
