import { byAge, type Member } from './member.ts';

/**
 * The island of every member, by identifier: a new start belongs to the one that has the fewest by then, all others to their
 * first parent's.
 */
export function islandsOf(population: readonly Member[], islands: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const sizes = Array.from({ length: islands }, () => 0);
  for (const { id, parents } of population.toSorted(byAge)) {
    const island = found.get(parents[0] ?? '') ?? sizes.indexOf(Math.min(...sizes));
    found.set(id, island);
    sizes[island] = (sizes[island] ?? 0) + 1;
  }
  return found;
}

/** The island on the ring that `island` takes a mate from. */
export const neighbour = (island: number, islands: number): number => (island + 1) % islands;
