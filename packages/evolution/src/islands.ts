import { byAge, type Member } from './member.ts';

/**
 * The island of every member, by identifier, from 0 to `islands` - 1: a new start, or one whose first parent is not in
 * `population`, belongs to the one that has the fewest by then, all others to their first parent's. Nothing is kept of it: whoever has the same population has
 * the same islands.
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
