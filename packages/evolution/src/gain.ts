import type { Member } from './member.ts';

/**
 * How good a proposal was, in [0, 1]: the share of the task's evaluated candidates that it is better than, with half of those that it
 * equals, itself among them, which is its chance against one drawn from all, ties decided by a coin (Mann and Whitney 1947). Free
 * of the fitness's scale. A tie in full would make a failure worth nearly as much as a success where most fail alike, as in a
 * sparse task. A proposal that was refused or failed has gained nothing; a short training's fitness stands beside whole ones' as it is.
 */
export function gainOf(fitness: number | undefined, population: readonly Member[]): number {
  if (fitness === undefined || population.length === 0) return 0;
  const beaten = population.filter((member) => member.fitness < fitness).length;
  const equal = population.filter((member) => member.fitness === fitness).length;
  return (beaten + equal / 2) / population.length;
}
