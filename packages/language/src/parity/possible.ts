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
  return ({ node, way }) => {
    if (node.type.element === 'boolean') {
      return new Refutation(ranges, mayBeNaN).mayHold(node, way === 1);
    }
    const [a, low, high] = node.args;
    if (node.op !== 'call' || a === undefined) return true;
    if (node.callee === 'Math.max' || node.callee === 'Math.min') {
      return mayLead(node.args, way, node.callee === 'Math.max', ranges, mayBeNaN);
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

/** Whether an operand can be the one that an extreme takes: the first of those that are equal. */
function mayLead(
  args: readonly Node[],
  way: number,
  isMax: boolean,
  ranges: Ranges,
  mayBeNaN: ReadonlySet<Node>,
): boolean {
  const own = args[way];
  if (own === undefined || args.indexOf(own) < way) return false;
  if (mayBeNaN.has(own)) return true;
  const range = ranges.of(own);
  return args.every((other, place) => {
    if (place === way) return true;
    const { low, high } = ranges.of(other);
    const [gap, isTie] = isMax ? [low - range.high, low === range.high] : [range.low - high, high === range.low];
    // Zeros are told apart by their sign, which an interval does not know.
    return !(gap > 0 || (place < way && isTie && range.low !== 0 && range.high !== 0));
  });
}
