import { number } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { asValue, numberNode } from './scalars.ts';
import { refuse, type Trace, warn } from './trace.ts';
import { numberValue, type Place, poison, type Value } from './values.ts';

const word = 2 ** 32;

/** ToInt32 (ECMA-262, 7.1.6) in arithmetic on doubles: exact, as every step is a multiple of a power of two. */
function toInt32(trace: Trace, a: Node): Node {
  const { graph } = trace;
  const type = number(a.type.length);
  const finite = graph.binary('<', graph.call('Math.abs', [a], type), graph.constant(Number.POSITIVE_INFINITY));
  const whole = graph.call('Math.trunc', [a], type);
  const turns = graph.call('Math.floor', [graph.binary('/', whole, graph.constant(word))], type);
  const low = graph.binary('-', whole, graph.binary('*', graph.constant(word), turns));
  const signed = graph.select(
    graph.binary('>=', low, graph.constant(word / 2)),
    graph.binary('-', low, graph.constant(word)),
    low,
    trace.merges++,
  );
  return graph.select(finite, signed, graph.constant(0), trace.merges++);
}

/** Bit `k` of a whole number, counted from its two's complement: 0 or 1. */
function bit(trace: Trace, whole: Node, k: number): Node {
  const { graph } = trace;
  const type = number(whole.type.length);
  const half = (power: number): Node =>
    graph.call('Math.floor', [graph.binary('/', whole, graph.constant(2 ** power))], type);
  return graph.binary('-', half(k), graph.binary('*', graph.constant(2), half(k + 1)));
}

const isFlag = (node: Node): boolean => node.op === 'unary' && node.operator === 'number';

/** `|`, `&`, `^`, `<<`, `>>` and `>>>`: between two flags, or between a value of the step and a known number. */
export function bitwise(trace: Trace, operator: string, left: Value, right: Value, place: Place): Value {
  const { graph } = trace;
  const a = numberNode(trace, left, place, 'The left side');
  const b = numberNode(trace, right, place, 'The right side');
  if (a === null || b === null) return poison;
  const x = a.op === 'constant' && typeof a.value === 'number' ? a.value : null;
  const y = b.op === 'constant' && typeof b.value === 'number' ? b.value : null;
  const isPower = operator === '^' && [x, y].some((known) => known !== null && !Number.isInteger(known));
  if (isPower) {
    warn(trace, place, 'xor-as-power', '`^` is exclusive or, and drops fractions.', 'For a power write x ** 2.');
  }
  if (x !== null && y !== null) return numberValue(apply(operator, x, y));
  const [flagA, flagB] = [a.args[0], b.args[0]];
  if (isFlag(a) && isFlag(b) && flagA && flagB) {
    if (operator === '&') return asValue(graph.unary('number', graph.binary('&&', flagA, flagB)));
    if (operator === '|') return asValue(graph.unary('number', graph.binary('||', flagA, flagB)));
    if (operator === '^') return asValue(graph.unary('number', graph.binary('!==', flagA, flagB)));
  }
  const combined = overConstants(trace, operator, a, b, 0);
  if (combined !== null) return asValue(combined);
  const known = y ?? (['|', '&', '^'].includes(operator) ? x : null);
  if (known !== null) {
    const made = withKnown(trace, operator, y === null ? b : a, known);
    if (made !== null) return asValue(made);
  }
  if (operator === '^') {
    return refuse(
      trace,
      place,
      'unsupported-syntax',
      '`^` is exclusive or, and takes two flags here.',
      'For a power write x ** 2; to compare flags, a !== b.',
    );
  }
  return refuse(
    trace,
    place,
    'unsupported-syntax',
    `The operator \`${operator}\` between two values of the step is not part of the reward language.`,
    operator === '<<' || operator.startsWith('>>')
      ? `Write x ${operator === '<<' ? '* 2 ** k' : '/ 2 ** k, in Math.floor'}.`
      : 'Use && and || for flags, and Math.floor(x / 2 ** k) % 2 for one bit.',
  );
}

/** The operator over the constants that a selection chooses between: `(left ? 1 : 0) | (right ? 2 : 0)`. */
function overConstants(trace: Trace, operator: string, a: Node, b: Node, depth: number): Node | null {
  const { graph } = trace;
  const split = [chosen(trace, a), chosen(trace, b)];
  if (a.op === 'constant' && b.op === 'constant') {
    const [x, y] = [a.value, b.value];
    return typeof x === 'number' && typeof y === 'number' ? graph.constant(apply(operator, x, y)) : null;
  }
  const [first, second] = split;
  const part = first ?? second;
  if (!part || depth > 8 || (first === null && a.op !== 'constant') || (second === null && b.op !== 'constant'))
    return null;
  const under = (arm: Node): Node | null =>
    first === null
      ? overConstants(trace, operator, a, arm, depth + 1)
      : overConstants(trace, operator, arm, b, depth + 1);
  const [yes, no] = [under(part.yes), under(part.no)];
  return yes === null || no === null ? null : graph.select(part.test, yes, no, trace.merges++);
}

function chosen(trace: Trace, node: Node): { readonly test: Node; readonly yes: Node; readonly no: Node } | null {
  const [test, yes, no] = node.args;
  if (isFlag(node) && test) return { test, yes: trace.graph.constant(1), no: trace.graph.constant(0) };
  return node.op === 'select' && test && yes && no ? { test, yes, no } : null;
}

function withKnown(trace: Trace, operator: string, value: Node, known: number): Node | null {
  const { graph } = trace;
  const whole = toInt32(trace, value);
  const bits = known | 0;
  const shift = known & 31;
  switch (operator) {
    case '|':
      return bits === 0 ? whole : null;
    case '^':
      return bits === 0 ? whole : bits === -1 ? graph.binary('-', graph.constant(-1), whole) : null;
    case '&': {
      if (bits < 0) return bits === -1 ? whole : null;
      const set = Array.from({ length: 31 }, (_, k) => k).filter((k) => (bits >> k) & 1);
      return set
        .map((k) => graph.binary('*', graph.constant(2 ** k), bit(trace, whole, k)))
        .reduce((sum, each) => graph.binary('+', sum, each), graph.constant(0));
    }
    case '<<':
      return toInt32(trace, graph.binary('*', whole, graph.constant(2 ** shift)));
    case '>>':
      return graph.call(
        'Math.floor',
        [graph.binary('/', whole, graph.constant(2 ** shift))],
        number(whole.type.length),
      );
    case '>>>': {
      const unsigned = graph.select(
        graph.binary('<', whole, graph.constant(0)),
        graph.binary('+', whole, graph.constant(word)),
        whole,
        trace.merges++,
      );
      return graph.call(
        'Math.floor',
        [graph.binary('/', unsigned, graph.constant(2 ** shift))],
        number(whole.type.length),
      );
    }
    default:
      return null;
  }
}

function apply(operator: string, x: number, y: number): number {
  switch (operator) {
    case '|':
      return x | y;
    case '&':
      return x & y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    default:
      return x >>> y;
  }
}
