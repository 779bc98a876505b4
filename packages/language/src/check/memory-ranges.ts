import type { Environment } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import { limits } from '../limits.ts';
import { everything, hull, type Interval, point } from './interval.ts';
import { Ranges } from './ranges.ts';

/** What a memory holds after a step. */
export interface Update {
  readonly name: string;
  readonly node: Node;
}

/**
 * Where each memory can lie at any step of an episode: what it starts from, and whatever the updates make of what it can
 * be. A bound that still moves after a few rounds is let go to 0 if it stays on its side, else to infinity (widening);
 * one round more takes back what that was too much (narrowing), as in `Math.min(memory.streak + 1, 20)`.
 */
export function memoryRanges(
  environment: Environment,
  params: ReadonlyMap<string, number>,
  initial: ReadonlyMap<string, number>,
  updates: readonly Update[],
): ReadonlyMap<string, Interval> {
  const start = new Map([...initial].map(([name, value]) => [name, point(value)]));
  const round = (memory: ReadonlyMap<string, Interval>): ReadonlyMap<string, Interval> => {
    const ranges = new Ranges(environment, params, memory);
    const after = new Map(updates.map(({ name, node }) => [name, ranges.of(node)]));
    return new Map([...start].map(([name, value]) => [name, hull([value, after.get(name) ?? value])]));
  };
  let now: ReadonlyMap<string, Interval> = start;
  for (let count = 0; count < limits.memoryRounds; count += 1) {
    const found = round(now);
    const next = new Map(
      [...now].map(([name, before]) => [name, joined(before, found.get(name) ?? everything, count)]),
    );
    if ([...next].every(([name, range]) => isSame(range, now.get(name)))) return round(now);
    now = next;
  }
  return new Map([...start.keys()].map((name) => [name, everything]));
}

/** Rounds in which a bound may still move step by step. */
const GENTLE = 3;

function joined(before: Interval, found: Interval, count: number): Interval {
  const { low, high } = hull([before, found]);
  if (count < GENTLE) return { low, high };
  return {
    low: low === before.low ? low : low >= 0 ? 0 : Number.NEGATIVE_INFINITY,
    high: high === before.high ? high : high <= 0 ? 0 : Number.POSITIVE_INFINITY,
  };
}

const isSame = (a: Interval, b: Interval | undefined): boolean => a.low === b?.low && a.high === b.high;
