import type { Finding } from '@rewardsmith/contracts';
import type { Rollout } from '@rewardsmith/rollouts';
import { limits } from './limits.ts';
import { pairPaths } from './smoke-rollout.ts';
import { spread } from './spread.ts';

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * What going back and forth between two states pays beyond resting in each for as long, per step. The first trip is left
 * out, since a reward that remembers may pay it once. Zero for every reward of the state after the step, and for every
 * difference of a potential (Ng, Harada and Russell 1999).
 */
function excess(total: Float64Array, rollout: Rollout, firstEpisode: number): number {
  const [forth, restA, restB] = [0, 1, 2].map((episode) => {
    const [from, to] = rollout.span(firstEpisode + episode);
    return total.subarray(from, to);
  });
  if (forth === undefined || restA === undefined || restB === undefined) return 0;
  const moving = sum(forth.subarray(2)) / (forth.length - 2);
  const resting = (sum(restA.subarray(1)) + sum(restB.subarray(1))) / (restA.length + restB.length - 2);
  return moving - resting;
}

/** A warning when nearly every pair of states of the smoke rollout pays for going back and forth between them. */
export function paysForOscillation(total: Float64Array, rollout: Rollout): readonly Finding[] {
  const first = rollout.episodes - limits.pairs * pairPaths.length;
  const deviation = Math.sqrt(spread('total', total, rollout.steps).variance);
  if (first < 0 || deviation === 0) return [];
  const pairs = Array.from({ length: limits.pairs }, (_, pair) => ({
    episode: first + pair * pairPaths.length,
    pay: excess(total, rollout, first + pair * pairPaths.length) / deviation,
  }));
  const paying = pairs.filter(({ pay }) => pay > limits.oscillationPay);
  if (paying.length < limits.oscillationShare * pairs.length) return [];
  return [
    {
      code: 'pays-for-oscillation',
      severity: 'warning',
      message: `Going back and forth between two states pays more than resting in both, for ${paying.length} of ${pairs.length} random pairs.`,
      advice: 'Pay a signed change, so that going back costs what going forth has paid, or pay progress only once.',
      evidence: paying.slice(0, 3).map(({ episode, pay }) => ({
        episode,
        fromStep: 2,
        toStep: 2 * limits.trips - 1,
        values: { payInStandardDeviations: pay },
      })),
    },
  ];
}
