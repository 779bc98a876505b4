import { limits } from '../limits.ts';

/** Seeds of the rounds up to and with each: what a finalist that is in the race until then has been trained on. */
const totals = limits.confirmationRounds.map((_, round) =>
  limits.confirmationRounds.slice(0, round + 1).reduce((sum, seeds) => sum + seeds, 0),
);

/** Of `finalists` at the start, how many are in a round: half of those of the round before, two at least. */
function inRound(finalists: number, round: number): number {
  return Math.min(finalists, Math.max(2, Math.ceil(finalists / 2 ** round)));
}

export interface Round {
  /** How many of the finalists are trained again. */
  readonly finalists: number;
  /** Their confirmation seeds, `from` up to `to`. */
  readonly from: number;
  readonly to: number;
}

/**
 * The round that comes after one at whose end the finalists had been trained on `done` seeds; nothing after the last. Sequential halving
 * (Karnin, Koren and Somekh 2013): the noise between training seeds is greater than what lies between the best rewards, so most
 * trainings go to where it matters.
 */
export function nextRound(finalists: number, done: number): Round | undefined {
  const round = totals.findIndex((total) => total > done);
  const to = totals[round];
  return to === undefined ? undefined : { finalists: inRound(finalists, round), from: done, to };
}

/** Trainings that choose between so many finalists, when none of them fails. */
export function confirmationTrainings(finalists: number): number {
  if (finalists < 2) return 0;
  return limits.confirmationRounds.reduce((sum, seeds, round) => sum + seeds * inRound(finalists, round), 0);
}
