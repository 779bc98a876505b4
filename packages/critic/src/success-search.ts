import type { ColumnReference, Environment } from '@rewardsmith/contracts';
import { Rollout } from '@rewardsmith/rollouts';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { limits } from './limits.ts';
import { rangeOf } from './ranges.ts';

/** One made-up step: a number for each column of the rollout's layout. */
type Step = readonly number[];

/** Two made-up steps that differ in the state after the step alone: the second meets the success condition. */
export interface SuccessPair {
  readonly unmet: Step;
  readonly met: Step;
}

/** How clearly steps meet the success condition: more than 0 where they do, and the larger the nearer they are to it. */
export type Margins = (rollout: Rollout) => Promise<Float64Array>;

function drawn(environment: Environment, reference: ColumnReference, random: RandomGenerator): number {
  const { low, high, whole } = rangeOf(environment, reference);
  const value = low + (high - low) * uniformFloat64(random);
  return whole ? Math.round(value) : value;
}

/** Steps as a rollout of one-step episodes, in their order. */
export function stepsRollout(environment: Environment, steps: readonly Step[]): Rollout {
  const rollout = Rollout.allocate(environment, { steps: steps.length, episodes: steps.length });
  for (const step of steps) {
    rollout.columns.forEach((column, index) => {
      column[rollout.steps] = step[index] ?? 0;
    });
    rollout.steps += 1;
    rollout.endEpisode();
  }
  return rollout;
}

interface Climb {
  readonly start: Step;
  readonly at: Step;
  readonly margin: number;
}

/**
 * Makes up steps that meet the success condition: random ones, from near the condition to far from it, are moved on, one entry of the state
 * after the step at a time, each climb keeping its best of some draws (coordinate search). Returns a pair for every climb that
 * arrived, with the random step that it began from. The same seed makes the same pairs. Empty when none arrived.
 */
export async function searchSuccess(
  environment: Environment,
  margins: Margins,
  seed: number,
): Promise<readonly SuccessPair[]> {
  const random = xoroshiro128plus(seed);
  const { layout } = Rollout.allocate(environment, { steps: 1, episodes: 1 });
  const movable = layout.flatMap(({ role }, index) => (role === 'next' ? [index] : []));
  const fresh = Array.from(
    { length: limits.successDraws },
    (): Step =>
      layout.map((reference) =>
        reference.role === 'terminated' || reference.role === 'truncated' ? 0 : drawn(environment, reference, random),
      ),
  );
  const measured = await margins(stepsRollout(environment, fresh));
  let climbs = fresh
    .map((start, index): Climb => ({ start, at: start, margin: measured[index] ?? Number.NaN }))
    .filter(({ margin }) => margin <= 0)
    // From near and from far: a step that is nearly there differs in too little.
    .toSorted((a, b) => b.margin - a.margin)
    .filter((_, rank, all) => rank % Math.ceil(all.length / limits.successPairs) === 0);
  for (let round = 0; round < limits.successRounds && climbs.some(({ margin }) => margin <= 0); round += 1) {
    const tries = climbs.flatMap(({ at, margin }, climb) =>
      margin > 0 || movable.length === 0
        ? []
        : Array.from({ length: limits.successMoves }, () => {
            const entry = movable[Math.floor(uniformFloat64(random) * movable.length)] ?? 0;
            const reference = layout[entry];
            const value = reference === undefined ? 0 : drawn(environment, reference, random);
            return { climb, step: at.with(entry, value) };
          }),
    );
    if (tries.length === 0) break;
    const found = await margins(
      stepsRollout(
        environment,
        tries.map(({ step }) => step),
      ),
    );
    climbs = climbs.map((climb, index) =>
      tries.reduce((best, entry, row) => {
        const margin = found[row] ?? Number.NaN;
        return entry.climb === index && margin > best.margin ? { ...climb, at: entry.step, margin } : best;
      }, climb),
    );
  }
  return climbs.flatMap(({ start, at, margin }) => (margin > 0 ? [{ unmet: start, met: at }] : []));
}
