import type { Environment, Finding } from '@rewardsmith/contracts';
import type { Rollout } from '@rewardsmith/rollouts';
import { limits } from './limits.ts';
import { type SuccessPair, stepsRollout } from './success-search.ts';

const short = (value: number) => String(Number(value.toPrecision(3)));

/** Pairs as a rollout: each unmet step, and after it the one that meets the condition. */
export function pairsRollout(environment: Environment, pairs: readonly SuccessPair[]): Rollout {
  return stepsRollout(
    environment,
    pairs.flatMap(({ unmet, met }) => [unmet, met]),
  );
}

/**
 * Judges a program by its total over `pairsRollout`, before any policy was trained: whether meeting the success condition pays
 * less than the same step without it. The steps are made up, so what is said rests on nearly all of them.
 */
export function judgePairs(total: Float64Array, pairs: number): readonly Finding[] {
  const steps = Array.from({ length: pairs }, (_, pair) => ({
    pair,
    unmet: total[2 * pair] ?? Number.NaN,
    met: total[2 * pair + 1] ?? Number.NaN,
  })).filter(({ unmet, met }) => Number.isFinite(unmet) && Number.isFinite(met));
  if (steps.length < limits.successRows) return [];
  const less = steps.filter(({ unmet, met }) => met < unmet - 1e-9 * Math.max(1, Math.abs(unmet)));
  const evidence = less.slice(0, 3).map(({ pair, unmet, met }) => ({
    episode: 2 * pair + 1,
    fromStep: 0,
    toStep: 0,
    values: { rewardThere: met, rewardWithoutIt: unmet },
  }));
  if (less.length >= limits.successLess * steps.length) {
    const [first] = less;
    return [
      {
        code: 'larger-on-failure',
        severity: 'warning',
        message: `On ${less.length} of ${steps.length} made-up steps that meet the success condition the reward is less than on the same step moved away from it (as ${short(first?.met ?? 0)} in place of ${short(first?.unmet ?? 0)}).`,
        advice: 'Check the signs; meeting the condition has to pay more than not meeting it.',
        evidence,
      },
    ];
  }
  const most = Math.max(...steps.map(({ met }) => met));
  const elsewhere = Math.max(...steps.map(({ unmet }) => unmet));
  // A cost everywhere, the same or less where the condition is met, is no fault: it is least where the episode ends.
  if (most > 0 || elsewhere <= 0) return [];
  return [
    {
      code: 'never-positive-on-success',
      severity: 'warning',
      message: `On ${steps.length} made-up steps that meet the success condition the reward is at most ${short(most)}; on the same steps moved away from it it reaches ${short(elsewhere)}.`,
      advice: 'Pay for meeting the condition, more than for any state that does not.',
    },
  ];
}
