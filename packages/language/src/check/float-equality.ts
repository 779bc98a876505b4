import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { parseUnit } from './dimension.ts';
import type { Subject } from './examine.ts';
import { warning } from './warning.ts';

/** `===` between numbers that are practically never equal. */
export function floatEqualities(subject: Subject): readonly Finding[] {
  const fields = new Map(subject.environment.observation.map((field) => [field.name, field]));
  const known = new Map<Node, boolean>();

  function isContinuous(node: Node): boolean {
    const before = known.get(node);
    if (before !== undefined) return before;
    const found = compute(node);
    known.set(node, found);
    return found;
  }

  function compute(node: Node): boolean {
    if (node.type.element === 'boolean') return false;
    switch (node.op) {
      case 'input': {
        const field = fields.get(node.field);
        if (node.role === 'action') return subject.environment.action.kind === 'continuous';
        if (field === undefined) return false;
        return parseUnit(field.unit) !== null || (field.unit === '1' && field.low === -1 && field.high === 1);
      }
      case 'call':
        return !/^Math\.(floor|ceil|round|trunc|sign)$/.test(node.callee) && node.args.some(isContinuous);
      case 'select':
        return node.args.slice(1).some(isContinuous);
      case 'param':
      case 'memory':
      case 'constant':
      case 'hole':
        return false;
      default:
        return node.args.some(isContinuous);
    }
  }

  // Operands before users, so that the recursion stays shallow.
  subject.nodes.forEach(isContinuous);
  const divisors = new Set(
    subject.nodes.flatMap((node) =>
      node.op === 'binary' && node.operator === '/' && node.args[1] ? [node.args[1]] : [],
    ),
  );
  const divided = [...divisors].reduce((all, divisor) => all | subject.sources.of(divisor), 0n);
  /** A sensor may well be exactly 0, and a divisor is tested for 0 with reason. */
  const isZeroGuard = (node: Node): boolean =>
    !isContinuous(node) ||
    node.op === 'input' ||
    node.op === 'take' ||
    divisors.has(node) ||
    (subject.sources.shareable(node) & divided) !== 0n;

  return subject.nodes.flatMap((node) => {
    const [a, b] = node.args;
    if (node.op !== 'binary' || (node.operator !== '===' && node.operator !== '!==') || !a || !b || a === b) return [];
    if (a.type.element === 'boolean' || isSameField(a, b) || isExtreme(a, b) || isExtreme(b, a)) return [];
    if (!(isFraction(a) || isFraction(b) || isContinuous(a) || isContinuous(b))) return [];
    if (isInfinite(a) || isInfinite(b)) return [];
    if (isZero(b) && isZeroGuard(a)) return [];
    if (isZero(a) && isZeroGuard(b)) return [];
    if (isEdge(subject, a, b) || isEdge(subject, b, a)) return [];
    return [
      warning(
        subject.around.get(node),
        'float-equality',
        `Two continuous numbers are compared by ${node.operator}: they are practically never equal.`,
        'Use <= or >=, or Math.abs(a - b) < tolerance.',
      ),
    ];
  });
}

const isZero = (node: Node): boolean => node.op === 'constant' && node.value === 0;
const isFraction = (node: Node): boolean =>
  node.op === 'constant' &&
  typeof node.value === 'number' &&
  !Number.isInteger(node.value) &&
  Number.isFinite(node.value);

/** The same field before and after: whether it has changed at all. */
function isSameField(a: Node, b: Node): boolean {
  const [x, y] = [a.op === 'take' ? a.args[0] : a, b.op === 'take' ? b.args[0] : b];
  return x?.op === 'input' && y?.op === 'input' && x.field === y.field;
}

/** `x === Math.max(x, y)` asks which is the largest. */
function isExtreme(a: Node, b: Node): boolean {
  const isFold = b.op === 'fold' && (b.operator === 'max' || b.operator === 'min');
  const isCall = b.op === 'call' && (b.callee === 'Math.max' || b.callee === 'Math.min');
  return (isFold || isCall) && (b.args.includes(a) || (a.op === 'take' && a.args.some((arg) => b.args.includes(arg))));
}

/** A clipped value is often exactly at its bound. */
function isEdge(subject: Subject, a: Node, b: Node): boolean {
  if (b.op !== 'constant' || typeof b.value !== 'number') return false;
  const range = subject.ranges.of(a);
  const clipped = a.op === 'call' && ['clamp', 'Math.min', 'Math.max'].includes(a.callee);
  return clipped && (b.value === range.low || b.value === range.high);
}

/** "None so far", as the least of nothing is. */
const isInfinite = (node: Node): boolean =>
  node.op === 'constant' && Math.abs(Number(node.value)) === Number.POSITIVE_INFINITY;
