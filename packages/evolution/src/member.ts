import type { Operator } from '@rewardsmith/contracts';

/** An evaluated candidate, as the search sees it. */
export interface Member {
  readonly id: string;
  readonly generation: number;
  readonly index: number;
  readonly operator: Operator;
  readonly parents: readonly string[];
  /** Higher is better. */
  readonly fitness: number;
  /** Fitness by training seed, in the order of the seeds, which all members share: of whole trainings, of which some have had more, or of the short one that it was screened by. */
  readonly values: readonly number[];
  /** Trained in full on one seed at least; else only screened, which says less. */
  readonly whole: boolean;
  /** What its policies do, each part in [0, 1]: share of episodes that succeed, and episode length as a share of the longest. */
  readonly behaviour: readonly number[];
}

/** One member or more. */
export type Pool = readonly [Member, ...Member[]];

/**
 * Best first, those trained in full before those that were only screened, as the task's answer is chosen; ties go to the
 * older member, so that the order never depends on the order of arrival.
 */
export function byFitness(a: Member, b: Member): number {
  return Number(b.whole) - Number(a.whole) || b.fitness - a.fitness || a.generation - b.generation || a.index - b.index;
}

/** Oldest first. */
export function byAge(a: Member, b: Member): number {
  return a.generation - b.generation || a.index - b.index;
}
