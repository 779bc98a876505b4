import type { Member } from './member.ts';

/**
 * How good a proposal was, in [0, 1]: the share of the task's evaluated candidates that it is at least as good as.
 * Free of the fitness's scale. A proposal that was refused or failed has gained nothing.
 */
export function gainOf(fitness: number | undefined, population: readonly Member[]): number {
  if (fitness === undefined || population.length === 0) return 0;
  return population.filter((member) => member.fitness <= fitness).length / population.length;
}
