import type { Environment } from '@rewardsmith/contracts';
import { memoryRanges } from '../check/memory-ranges.ts';
import { Ranges } from '../check/ranges.ts';
import { Refutation } from '../check/refutation.ts';
import type { Node } from '../ir/node.ts';
import type { ScalarProgram } from '../ir/scalarise.ts';
import type { Branch } from './branches.ts';
import { nanNodes } from './not-a-number.ts';

/**
 * Tells ways that no step can go, whatever the fields hold, NaN and the infinities included: thresholds that a value never
 * passes, conditions that exclude each other. What it cannot refute may still be out of reach.
 */
export function possibleWays(
  program: ScalarProgram,
  environment: Environment,
  params: ReadonlyMap<string, number>,
  initial: ReadonlyMap<string, number>,
  nodes: readonly Node[],
): (branch: Branch) => boolean {
  const open = unbounded(environment);
  const memory = memoryRanges(open, params, initial, program.memory);
  const ranges = new Ranges(open, params, memory);
  const mayBeNaN = nanNodes(program, ranges, initial, nodes);
  const contests = new Map<Node, Contest>();
  const contestOf = (node: Node, isMax: boolean): Contest => {
    const known = contests.get(node) ?? contest(node.args, isMax, ranges);
    contests.set(node, known);
    return known;
  };
  return ({ node, way }) => {
    if (node.type.element === 'boolean') {
      return new Refutation(ranges, mayBeNaN).mayHold(node, way === 1);
    }
    const [a, low, high] = node.args;
    if (node.op !== 'call' || a === undefined) return true;
    if (node.callee === 'Math.max' || node.callee === 'Math.min') {
      const isMax = node.callee === 'Math.max';
      return mayLead(node.args[way], way, contestOf(node, isMax), isMax, ranges, mayBeNaN);
    }
    if (low === undefined || high === undefined) return true;
    const x = ranges.of(a);
    if (way === 0) return x.low < ranges.of(low).high;
    if (way === 2) return x.high > ranges.of(high).low;
    return mayBeNaN.has(a) || (x.high >= ranges.of(low).low && x.low <= ranges.of(high).high);
  };
}

/** The fields without their bounds: rows may hold anything, but flags stay flags. */
function unbounded(environment: Environment): Environment {
  const { action } = environment;
  return {
    ...environment,
    observation: environment.observation.map((field) =>
      field.unit === 'boolean' || field.unit === 'flag' ? field : { ...field, low: null, high: null },
    ),
    action:
      action.kind === 'discrete'
        ? action
        : { ...action, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  };
}

/** What the operands of an extreme are at the least, or at the most: looked at once for all ways. */
interface Contest {
  /** The first place at which each operand stands. */
  readonly places: ReadonlyMap<Node, number>;
  /** The largest of the lower bounds, or the smallest of the upper ones. */
  readonly edge: number;
  /** The first place at which an operand has that bound. */
  readonly firstAt: ReadonlyMap<number, number>;
}

function contest(args: readonly Node[], isMax: boolean, ranges: Ranges): Contest {
  const edges = args.map((arg) => (isMax ? ranges.of(arg).low : ranges.of(arg).high));
  const first = <K>(keys: readonly K[]): ReadonlyMap<K, number> =>
    new Map(keys.map((key, place): [K, number] => [key, place]).toReversed());
  const edge = edges.reduce((a, b) => (isMax ? Math.max(a, b) : Math.min(a, b)));
  return { places: first(args), edge, firstAt: first(edges) };
}

/** Whether an operand can be the one that an extreme takes: the first of those that are equal. */
function mayLead(
  own: Node | undefined,
  way: number,
  { places, edge, firstAt }: Contest,
  isMax: boolean,
  ranges: Ranges,
  mayBeNaN: ReadonlySet<Node>,
): boolean {
  if (own === undefined || (places.get(own) ?? way) < way) return false;
  if (mayBeNaN.has(own)) return true;
  const range = ranges.of(own);
  const best = isMax ? range.high : range.low;
  if (isMax ? edge > best : edge < best) return false;
  // Zeros are told apart by their sign, which an interval does not know.
  return (firstAt.get(best) ?? way) >= way || range.low === 0 || range.high === 0;
}
