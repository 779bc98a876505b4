import { byAge, type Member } from './member.ts';

/**
 * The island of every member, by identifier: a new start belongs to the one that its place in its generation falls to, all
 * others to their first parent's.
 */
export function islandsOf(population: readonly Member[], islands: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { id, index, parents } of population.toSorted(byAge)) {
    found.set(id, found.get(parents[0] ?? '') ?? index % islands);
  }
  return found;
}

/** The island on the ring that `island` takes a mate from. */
export const neighbour = (island: number, islands: number): number => (island + 1) % islands;
