import { number } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { expandVectorCall } from '../library/expand.ts';
import { libraryFunctions, type Parameter, sigmoids } from '../library/signatures.ts';
import { LaneStop } from './branch.ts';
import { freshVector, itemsOf } from './items.ts';
import { packed } from './merge.ts';
import { asValue, numberNode } from './scalars.ts';
import { refuse, suggested, type Trace } from './trace.ts';
import { contents, describe, numberValue, type Place, poison, undefinedValue, type Value } from './values.ts';

/** A call of a function of the standard library. */
export function callLibrary(trace: Trace, name: string, args: readonly Value[], place: Place): Value {
  if (args.some((arg) => contents(arg).kind === 'poison')) return poison;
  if (name === 'tolerance') return tolerance(trace, args, place);
  const signature = libraryFunctions.get(name);
  if (signature === undefined) return poison;
  const { parameters, defaults = [] } = signature;
  const given = [...args];
  for (let index = given.length; index < parameters.length; index++) {
    const fallback = defaults[index - (parameters.length - defaults.length)];
    if (fallback === undefined) return wrongCount(trace, name, parameters.length, args.length, place);
    given.push(numberValue(fallback));
  }
  if (given.length > parameters.length) {
    if (parameters.length > 1 || parameters[0] === 'number') {
      return wrongCount(trace, name, parameters.length, args.length, place);
    }
    given.length = parameters.length;
  }
  const masked = contents(given[0] ?? undefinedValue);
  if ((name === 'sum' || name === 'mean') && (masked.kind === 'masked' || masked.kind === 'maskedVector')) {
    return reduceMasked(trace, name, masked);
  }
  const nodes = parameters.map((parameter, index) =>
    argument(trace, name, parameter, given[index] ?? poison, index, place),
  );
  const known = nodes.filter((node) => node !== null);
  if (known.length < nodes.length) return poison;
  if (signature.sameLength && known[0]?.type.length !== known[1]?.type.length) {
    return refuse(
      trace,
      place,
      'shape-mismatch',
      `${name} needs two vectors of one length; these have ${known[0]?.type.length} and ${known[1]?.type.length} entries.`,
      'Compare vectors of the same quantity, or cut the longer one with slice(0, n).',
    );
  }
  const folded = known.every(({ op }) => op === 'constant') ? ofConstants(trace, name, known) : null;
  if (folded !== null) return folded;
  if (signature.result === 'number') {
    const lane = parameters.every((parameter) => parameter === 'number')
      ? known.reduce<number | null>((length, node) => length ?? node.type.length, null)
      : null;
    return asValue(trace.graph.call(name, known, number(lane)));
  }
  const length = signature.result === 'same' ? (known[0]?.type.length ?? 0) : signature.result;
  return freshVector(trace, trace.graph.call(name, known, number(length)));
}

/** A function of known vectors, done at once; null for what is left to run time. */
function ofConstants(trace: Trace, name: string, known: readonly Node[]): Value | null {
  const { graph } = trace;
  const entries = known.map((node) =>
    node.type.length === null
      ? [node]
      : Array.from({ length: node.type.length }, (_, index) => graph.take(node, index)),
  );
  const made = expandVectorCall(graph, name, entries)?.flatMap((node) =>
    node.op === 'constant' && typeof node.value === 'number' ? [node.value] : [],
  );
  if (made === undefined) return null;
  const [only] = made;
  return made.length === 1 && only !== undefined ? numberValue(only) : freshVector(trace, graph.constant(made));
}

function wrongCount(trace: Trace, name: string, wanted: number, given: number, place: Place): Value {
  return refuse(
    trace,
    place,
    'wrong-arguments',
    `${name} takes ${wanted} argument${wanted === 1 ? '' : 's'} and gets ${given}.`,
    `Write ${usage[name] ?? `${name}(…)`}.`,
  );
}

const usage: Readonly<Record<string, string>> = {
  clamp: 'clamp(x, low, high)',
  potential: 'potential(nextPotential, currentPotential, gamma)',
  tolerance: "tolerance(x, [lower, upper], margin, { sigmoid: 'gaussian', valueAtMargin: 0.1 })",
  dot: 'dot(a, b)',
  distance: 'distance(a, b)',
  norm: 'norm(v)',
  cross: 'cross(a, b)',
  quatAngle: 'quatAngle(a, b)',
  quatMul: 'quatMul(a, b)',
  quatRotate: 'quatRotate(q, v)',
};

function argument(
  trace: Trace,
  name: string,
  parameter: Parameter,
  value: Value,
  index: number,
  place: Place,
): Node | null {
  const what = `Argument ${index + 1} of ${name}`;
  if (parameter === 'number') return numberNode(trace, value, place, what);
  const now = contents(value);
  if (now.kind !== 'vector' && now.kind !== 'array') {
    if (now.kind === 'choice' || now.kind === 'undefined') return numberNode(trace, now, place, what);
    refuse(
      trace,
      place,
      'not-a-vector',
      `${what} is ${describe(now)}, and a vector is needed.`,
      now.kind === 'scalar' || now.kind === 'number'
        ? 'For plain numbers use Math.abs(a - b) or the number itself.'
        : 'Use a vector field or an array of numbers.',
    );
    return null;
  }
  const vector = vectorNode(trace, value, place, what);
  if (vector === null) return null;
  if (typeof parameter === 'number' && vector.type.length !== parameter) {
    refuse(
      trace,
      place,
      'shape-mismatch',
      `${what} has ${vector.type.length} entries, and ${parameter === 4 ? 'a quaternion (w, x, y, z) has 4' : 'a vector in space has 3'}.`,
      'Use a field of that shape, or cut one out with slice.',
    );
    return null;
  }
  return vector;
}

/** A numeric vector node of a vector or of an array of numbers; null after reporting what does not fit. */
export function vectorNode(trace: Trace, value: Value, place: Place, what: string): Node | null {
  const node = packed(trace, value);
  if (node !== null) return trace.graph.unary('number', node);
  const items = itemsOf(trace, value, place);
  if (items === null) return null;
  if (items.length === 0) {
    refuse(trace, place, 'empty-vector', `${what} has no entries.`, 'Use a vector with at least one entry.');
    return null;
  }
  const nodes = items.map((item) => numberNode(trace, item, place, `An entry of ${what.toLowerCase()}`));
  if (trace.lane !== null && nodes.every((item) => item !== null)) throw new LaneStop();
  return null;
}

function reduceMasked(trace: Trace, name: string, masked: Value): Value {
  const { graph } = trace;
  if (masked.kind === 'maskedVector') {
    const kept = graph.select(masked.mask, graph.unary('number', masked.node), graph.constant(-0), trace.merges++);
    const total = graph.binary('+', graph.constant(0), graph.fold('+', kept, null));
    const count = graph.fold('+', graph.unary('number', masked.mask), null);
    return asValue(name === 'sum' ? total : graph.binary('/', total, count));
  }
  if (masked.kind !== 'masked') return poison;
  const zero = graph.constant(0);
  const total = masked.items.reduce<Node>((sum, item, index) => {
    const entry = numberNode(trace, item, { start: 0, line: 1, column: 1 });
    const mask = masked.mask[index];
    if (entry === null || mask === undefined) return sum;
    return graph.select(mask, graph.binary('+', sum, entry), sum, trace.merges++);
  }, zero);
  const count = masked.mask.reduce((sum, mask) => graph.binary('+', sum, graph.unary('number', mask)), zero);
  return asValue(name === 'sum' ? total : graph.binary('/', total, count));
}

/** `tolerance(x, [lower, upper], margin = 0, { sigmoid = 'gaussian', valueAtMargin = 0.1 })`. */
function tolerance(trace: Trace, args: readonly Value[], place: Place): Value {
  const [x, bounds = undefinedValue, margin = numberValue(0), options = undefinedValue, valueAtMargin] = args;
  if (x === undefined) return wrongCount(trace, 'tolerance', 4, 0, place);
  const pair = contents(bounds);
  let limits: readonly Value[] | null = [numberValue(0), numberValue(0)];
  if (pair.kind === 'array' || pair.kind === 'vector') limits = itemsOf(trace, pair, place);
  else if (pair.kind !== 'undefined') {
    return refuse(
      trace,
      place,
      'wrong-arguments',
      `The bounds of tolerance are ${describe(pair)}.`,
      `Write ${usage['tolerance']}.`,
    );
  }
  if (limits === null || limits.length !== 2) {
    return refuse(
      trace,
      place,
      'wrong-arguments',
      'The bounds of tolerance are a pair.',
      `Write ${usage['tolerance']}.`,
    );
  }
  const chosen = toleranceOptions(trace, options, place);
  if (chosen === null) return poison;
  const atMargin = valueAtMargin ?? chosen.valueAtMargin;
  const nodes = [x, limits[0] ?? poison, limits[1] ?? poison, margin, atMargin].map((value, index) =>
    numberNode(trace, value, place, `Argument ${index + 1} of tolerance`),
  );
  const known = nodes.filter((node) => node !== null);
  if (known.length < nodes.length) return poison;
  const [, lower, upper, reach, end] = known;
  const fault = toleranceFault([lower, upper, reach, end], chosen.sigmoid);
  if (fault !== null) return refuse(trace, place, 'wrong-arguments', fault[0], fault[1]);
  const lane = known.reduce<number | null>((length, node) => length ?? node.type.length, null);
  return asValue(trace.graph.call('tolerance', known, number(lane), chosen.sigmoid));
}

function toleranceOptions(
  trace: Trace,
  options: Value,
  place: Place,
): { sigmoid: string; valueAtMargin: Value } | null {
  const now = contents(options);
  let sigmoid: Value = { kind: 'string', value: 'gaussian' };
  let valueAtMargin: Value = numberValue(0.1);
  if (now.kind === 'string') sigmoid = now;
  else if (now.kind === 'record') {
    for (const [name, field] of now.fields) {
      if (name === 'sigmoid') sigmoid = contents(field.value);
      else if (name === 'valueAtMargin' || name === 'value_at_margin') valueAtMargin = field.value;
      else {
        refuse(
          trace,
          field.place,
          'unknown-option',
          `tolerance has no option \`${name}\`.`,
          suggested(trace, name, () => ['sigmoid', 'valueAtMargin']),
        );
        return null;
      }
    }
  } else if (now.kind !== 'undefined') {
    refuse(
      trace,
      place,
      'wrong-arguments',
      `The options of tolerance are ${describe(now)}.`,
      `Write ${usage['tolerance']}.`,
    );
    return null;
  }
  if (sigmoid.kind !== 'string' || !sigmoids.has(sigmoid.value)) {
    const given = sigmoid.kind === 'string' ? sigmoid.value : describe(sigmoid);
    refuse(
      trace,
      place,
      'unknown-option',
      `tolerance has no sigmoid '${given}'.`,
      suggested(trace, given, () => sigmoids.keys()),
    );
    return null;
  }
  return { sigmoid: sigmoid.value, valueAtMargin };
}

/** What dm_control's `tolerance` raises as a ValueError, where the numbers are known. */
function toleranceFault(nodes: readonly (Node | undefined)[], sigmoid: string): readonly [string, string] | null {
  const [lower, upper, margin, end] = nodes.map((node) =>
    node?.op === 'constant' && typeof node.value === 'number' ? node.value : null,
  );
  if (typeof lower === 'number' && typeof upper === 'number' && lower > upper) {
    return [`The lower bound ${lower} is above the upper bound ${upper}.`, 'Write the smaller bound first.'];
  }
  if (typeof margin === 'number' && margin < 0)
    return [`The margin ${margin} is negative.`, 'Use a margin of 0 or more.'];
  const positive = sigmoids.get(sigmoid)?.positive === true;
  if (typeof end === 'number' && typeof margin === 'number' && margin !== 0) {
    if (positive ? !(end > 0 && end < 1) : !(end >= 0 && end < 1)) {
      const range = positive ? 'above 0 and below 1' : 'from 0 to below 1';
      return [
        `valueAtMargin is ${end}; the sigmoid '${sigmoid}' needs it ${range}.`,
        `Use a value ${range}, or another sigmoid.`,
      ];
    }
  }
  return null;
}
