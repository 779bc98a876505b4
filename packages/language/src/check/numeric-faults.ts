import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { Subject } from './examine.ts';
import { contains, type Interval } from './interval.ts';
import { shown, warning } from './warning.ts';

/** Beyond this the exponential is Infinity. */
const largestExponent = Math.log(Number.MAX_VALUE);

/** Arguments for which a `Math` function has a real value. */
const domains: Readonly<Record<string, { readonly least: number; readonly most: number; readonly open: boolean }>> = {
  'Math.sqrt': { least: 0, most: Number.POSITIVE_INFINITY, open: false },
  'Math.log': { least: 0, most: Number.POSITIVE_INFINITY, open: true },
  'Math.log2': { least: 0, most: Number.POSITIVE_INFINITY, open: true },
  'Math.log10': { least: 0, most: Number.POSITIVE_INFINITY, open: true },
  'Math.log1p': { least: -1, most: Number.POSITIVE_INFINITY, open: true },
  'Math.acosh': { least: 1, most: Number.POSITIVE_INFINITY, open: false },
  'Math.asin': { least: -1, most: 1, open: false },
  'Math.acos': { least: -1, most: 1, open: false },
  'Math.atanh': { least: -1, most: 1, open: true },
};

/** Rounding may carry a bound this far past the edge of a domain without a fault of the program. */
const slack = 1e-6;

/** Divisions by what can be 0, functions outside their domain and exponentials that overflow, within the declared bounds. */
export function numericFaults(subject: Subject): readonly Finding[] {
  const components = subject.components.flatMap(({ name, node, place }) => {
    const fixed = node.op === 'constant' && typeof node.value === 'number' && !Number.isFinite(node.value);
    if (!fixed) return [];
    const message = `The component \`${name}\` is ${node.value} in every step.`;
    return [warning(place, 'always-nan', message, 'Give it a finite number.')];
  });
  const others = subject.nodes.flatMap((node) => {
    const found =
      quotient(subject, node) ?? outside(subject, node) ?? overflow(subject, node) ?? notANumber(subject, node);
    return found === null ? [] : [found];
  });
  return [...components, ...others];
}

function quotient(subject: Subject, node: Node): Finding | null {
  const [, divisor] = node.args;
  if (node.op !== 'binary' || node.operator !== '/' || !divisor || divisor.op === 'constant') return null;
  const range = subject.ranges.of(divisor);
  if (!contains(range, 0) || choosesItself(subject, divisor) || !subject.guards.isUnguarded(node, divisor)) return null;
  return warning(
    subject.around.get(node),
    'division-by-zero',
    `The divisor can be 0: it lies ${within(range)} where the fields keep their bounds.`,
    'Add a small positive number to it, use Math.max(x, 1e-6), or test it first.',
  );
}

/** `size > 0 ? size : 1`, `size || 1`: the value was tested where it was chosen. */
function choosesItself(subject: Subject, node: Node): boolean {
  const [test, ...arms] = node.args;
  return node.op === 'select' && test !== undefined && arms.some((arm) => subject.sources.meet(test, arm));
}

function outside(subject: Subject, node: Node): Finding | null {
  const [argument, exponent] = node.args;
  if (!argument) return null;
  const range = subject.ranges.of(argument);
  if (node.op === 'binary' && node.operator === '**' && exponent?.op === 'constant') {
    const fractional = typeof exponent.value === 'number' && !Number.isInteger(exponent.value);
    if (!fractional || range.low >= -slack || !subject.guards.isUnguarded(node, argument)) return null;
    return warning(
      subject.around.get(node),
      'domain-error',
      `A fractional power of a negative number is NaN; the base lies ${within(range)}.`,
      'Use Math.abs or Math.max(0, x) on the base.',
    );
  }
  const domain = node.op === 'call' ? domains[node.callee] : undefined;
  if (node.op !== 'call' || domain === undefined) return null;
  const { least, most, open } = domain;
  const below = open ? range.low <= least : range.low < least - slack;
  const above = open && most !== Number.POSITIVE_INFINITY ? range.high >= most : range.high > most + slack;
  if (!(below || above) || choosesItself(subject, argument) || !subject.guards.isUnguarded(node, argument)) return null;
  const limit =
    most === Number.POSITIVE_INFINITY ? `Math.max(${open ? `${least + 1e-6}` : least}, x)` : 'clamp(x, -1, 1)';
  return warning(
    subject.around.get(node),
    'domain-error',
    `${node.callee} is given what lies ${within(range)}, and needs ${needs(domain)}.`,
    `Check the sign and the bounds, or write ${limit}.`,
  );
}

function needs({
  least,
  most,
  open,
}: {
  readonly least: number;
  readonly most: number;
  readonly open: boolean;
}): string {
  if (most === Number.POSITIVE_INFINITY) return open ? `more than ${least}` : `at least ${least}`;
  return `${open ? 'more than' : 'at least'} ${least} and ${open ? 'less than' : 'at most'} ${most}`;
}

const bounding: ReadonlySet<string> = new Set([
  'Math.min',
  'Math.tanh',
  'Math.atan',
  'clamp',
  'tolerance',
  'Math.sign',
]);

/** Operands through which an infinite value becomes a finite one. */
function tames(user: Node, index: number): boolean {
  if (user.op === 'call') return bounding.has(user.callee);
  if (user.op === 'select') return index === 0;
  if (user.op !== 'binary') return false;
  return user.type.element === 'boolean' || (user.operator === '/' && index === 1);
}

function overflow(subject: Subject, node: Node): Finding | null {
  const [argument] = node.args;
  if (node.op !== 'call' || !argument || !/^Math\.(exp|expm1|cosh|sinh)$/.test(node.callee)) return null;
  const range = subject.ranges.of(argument);
  const high = /h$/.test(node.callee) ? Math.max(-range.low, range.high) : range.high;
  if (high <= largestExponent || !subject.guards.isUnguarded(node, argument, tames)) return null;
  return warning(
    subject.around.get(node),
    'exp-overflow',
    `${node.callee} is Infinity from ${shown(largestExponent)} on, and its argument lies ${within(range)}.`,
    'Bound the argument with Math.min, turn its sign, or use tanh or tolerance.',
  );
}

/** A constant NaN that reaches the reward. */
function notANumber(subject: Subject, node: Node): Finding | null {
  if (node.op === 'constant') return null;
  const culprit = node.args.find(
    (arg) => arg.op === 'constant' && typeof arg.value === 'number' && Number.isNaN(arg.value),
  );
  if (culprit === undefined || node.op === 'select' || node.type.element === 'boolean') return null;
  return warning(
    subject.around.get(node),
    'always-nan',
    'This is NaN in every step.',
    'Leave NaN out of the arithmetic.',
  );
}

function within({ low, high }: Interval): string {
  const from = low === Number.NEGATIVE_INFINITY ? 'without a lower bound' : `from ${shown(low)}`;
  const to = high === Number.POSITIVE_INFINITY ? 'without an upper bound' : `to ${shown(high)}`;
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return 'without bounds';
  return `${from} ${to}`;
}
