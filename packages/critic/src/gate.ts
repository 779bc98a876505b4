import type { Finding } from '@rewardsmith/contracts';
import { type Labels, labelColumn } from '@rewardsmith/rollouts';
import { limits } from './limits.ts';
import type { Recording } from './outcomes.ts';

/** Pairs of recorded episodes that differ in fitness, and how many of them a reward puts the other way round. */
export interface Agreement {
  readonly pairs: number;
  readonly reversed: number;
}

/**
 * How a reward's returns order recorded episodes, against their fitness. Pairs count whose fitness differs by more than
 * `limits.gate.difference` of the range seen; of returns that are equal neither way is wrong.
 */
export function agreementOf(total: Float64Array, { rollout, fitness }: Recording): Agreement {
  const returns = fitness.map((_, episode) =>
    total.subarray(...rollout.span(episode)).reduce((sum, value) => sum + value, 0),
  );
  const range = Math.max(...fitness) - Math.min(...fitness);
  const different = fitness.flatMap((first, index) =>
    fitness.slice(index + 1).flatMap((second, offset) => {
      const gap = first - second;
      const paid = (returns[index] ?? 0) - (returns[index + 1 + offset] ?? 0);
      return Math.abs(gap) > limits.gate.difference * range ? [Math.sign(gap) * Math.sign(paid)] : [];
    }),
  );
  return { pairs: different.length, reversed: different.filter((sign) => sign < 0).length };
}

/**
 * Refuses a program whose returns put recorded episodes in the wrong order more often than `limits.gate.reversed` allows: a
 * preference test on trajectories before any training, as in CARD (arXiv 2410.14660). Silent where too few episodes differ.
 */
export function gate(labels: Labels, recording: Recording): readonly Finding[] {
  const { pairs, reversed } = agreementOf(labelColumn(labels, 'total'), recording);
  if (pairs < limits.gate.pairs || reversed <= limits.gate.reversed * pairs) return [];
  return [
    {
      code: 'disagrees-with-fitness',
      severity: 'error',
      message: `Of ${pairs} pairs of recorded episodes that differ in fitness, the returns put ${reversed} the other way round.`,
      advice: 'Pay more in episodes that do the task better: check signs, and what can be collected without doing it.',
    },
  ];
}
