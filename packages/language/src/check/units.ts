import type { Finding } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { combine, comparable, type Dimension, parseUnit, raise, spell } from './dimension.ts';
import type { Subject } from './examine.ts';
import { warning } from './warning.ts';

const degree = Math.PI / 180;

/**
 * Sums and comparisons of unlike units, by the units that the environment declares. Constants, params and memory go with
 * any unit, and so does what they are multiplied by: weights make unlike terms alike.
 */
export function unitFaults(subject: Subject): readonly Finding[] {
  const fields = new Map(subject.environment.observation.map((field) => [field.name, parseUnit(field.unit)]));
  const known = new Map<Node, Dimension | null>();
  const summing = totalSum(subject);
  const findings: Finding[] = [];

  function of(node: Node): Dimension | null {
    const before = known.get(node);
    if (before !== undefined) return before;
    const found = compute(node);
    known.set(node, found);
    return found;
  }

  /** A helper is right for the units it is meant for: the fault shows where it is called with others. */
  const placeOf = (node: Node) => subject.callPlaces.get(node) ?? subject.around.get(node);

  /** The common unit of values that are added or compared; tells where they have none. */
  function common(node: Node, args: readonly Node[], verb: string): Dimension | null {
    const units = args.map(of);
    const first = units.find((unit) => unit !== null) ?? null;
    const other = units.find((unit) => !comparable(first, unit)) ?? null;
    if (first !== null && other !== null && !summing.has(node)) {
      findings.push(
        warning(
          placeOf(node),
          'unit-mismatch',
          `${spell(first)} and ${spell(other)} are ${verb}.`,
          'Give each term a weight of its own, or check which field is meant.',
        ),
      );
    }
    return other === null ? first : null;
  }

  function compute(node: Node): Dimension | null {
    const [a, b] = node.args;
    switch (node.op) {
      case 'input':
        return node.role === 'obs' || node.role === 'next' ? (fields.get(node.field) ?? null) : null;
      case 'take':
        return a ? of(a) : null;
      case 'pack': {
        const units = node.args.map(of);
        return units.every((unit) => unit !== null && comparable(unit, units[0] ?? null)) ? (units[0] ?? null) : null;
      }
      case 'unary':
        return node.operator === '-' && a ? of(a) : null;
      case 'fold':
        if (!a || node.operator === '*' || node.type.element === 'boolean') return null;
        return b ? common(node, [a, b], 'added') : of(a);
      case 'select': {
        const [, yes, no] = node.args;
        const units = [yes, no].map((arm) => (arm ? of(arm) : null));
        return units[0] && units[1] && comparable(units[0], units[1]) ? units[0] : null;
      }
      case 'binary':
        return a && b ? binary(node, a, b) : null;
      case 'call':
        return call(node);
      default:
        return null;
    }
  }

  function binary(node: Node & { op: 'binary' }, a: Node, b: Node): Dimension | null {
    switch (node.operator) {
      case '+':
      case '-':
        return common(node, [a, b], node.operator === '+' ? 'added' : 'subtracted');
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '===':
      case '!==':
        common(node, [a, b], 'compared');
        return null;
      case '*':
        return combine(of(a), of(b), 1);
      case '/':
        return combine(of(a), of(b), -1);
      case '**':
        return b.op === 'constant' && typeof b.value === 'number' ? raise(of(a), b.value) : null;
      case '%':
        return of(a);
      default:
        return null;
    }
  }

  function call(node: Node & { op: 'call' }): Dimension | null {
    const [a, b] = node.args;
    if (a === undefined) return null;
    switch (node.callee) {
      case 'Math.abs':
      case 'Math.floor':
      case 'Math.ceil':
      case 'Math.round':
      case 'Math.trunc':
      case 'wrapAngle':
      case 'norm':
      case 'sum':
      case 'mean':
      case 'clamp':
        return of(a);
      case 'Math.max':
      case 'Math.min':
      case 'Math.hypot':
      case 'distance':
        return common(
          node,
          node.args,
          node.callee === 'distance' || node.callee === 'Math.hypot' ? 'added' : 'compared',
        );
      case 'potential':
        return b ? common(node, [a, b], 'subtracted') : null;
      case 'Math.sqrt':
        return raise(of(a), 0.5);
      case 'dot':
      case 'cross':
        return b ? combine(of(a), of(b), 1) : null;
      case 'quatRotate':
        return b ? of(b) : null;
      case 'Math.atan2':
        if (b) common(node, [a, b], 'set against each other');
        return new Map([['rad', 1]]);
      case 'Math.sin':
      case 'Math.cos':
      case 'Math.tan':
        inRadians(node, a);
        return null;
      case 'quatAngle':
        return new Map([['rad', 1]]);
      default:
        return null;
    }
  }

  function inRadians(node: Node & { op: 'call' }, angle: Node): void {
    if ((of(angle)?.get('deg') ?? 0) === 1) {
      findings.push(
        warning(
          placeOf(node),
          'unit-confusion',
          `${node.callee} takes radians, and this angle is in degrees.`,
          'Multiply it by Math.PI / 180.',
        ),
      );
    }
  }

  for (const node of subject.nodes) {
    of(node);
    const angle = convertedFromDegrees(node);
    if (angle !== null && of(angle)?.size === 1 && of(angle)?.get('rad') === 1) {
      findings.push(
        warning(
          placeOf(node),
          'unit-confusion',
          'This angle is in radians already, and is converted from degrees.',
          'Use the field as it is.',
        ),
      );
    }
  }
  return findings;
}

const isNear = (node: Node | undefined, value: number): boolean =>
  node?.op === 'constant' && typeof node.value === 'number' && Math.abs(node.value / value - 1) < 1e-3;

/** The angle in `angle * Math.PI / 180` and its other spellings. */
function convertedFromDegrees(node: Node): Node | null {
  const [a, b] = node.args;
  if (node.op !== 'binary' || !a || !b) return null;
  if (node.operator === '*') {
    if (isNear(a, degree)) return b;
    return isNear(b, degree) ? a : null;
  }
  if (node.operator !== '/') return null;
  if (isNear(b, 1 / degree)) return a;
  if (!isNear(b, 180) || a.op !== 'binary' || a.operator !== '*') return null;
  const [x, y] = a.args;
  if (isNear(x, Math.PI)) return y ?? null;
  return isNear(y, Math.PI) ? (x ?? null) : null;
}

/** The additions that only join components to the total. */
function totalSum(subject: Subject): ReadonlySet<Node> {
  const own = new Set(subject.components.map(({ node }) => node));
  const sums = new Set<Node>();
  const stack = [subject.total];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (own.has(node) || sums.has(node)) continue;
    if (node.op !== 'binary' || (node.operator !== '+' && node.operator !== '-')) continue;
    sums.add(node);
    stack.push(...node.args);
  }
  return sums;
}
