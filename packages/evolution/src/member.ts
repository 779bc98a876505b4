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
}

/** Best first; ties go to the older member, so that the order never depends on the order of arrival. */
export function byFitness(a: Member, b: Member): number {
  return b.fitness - a.fitness || a.generation - b.generation || a.index - b.index;
}
