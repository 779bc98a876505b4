import { byFitness, type Member } from './member.ts';

/** Cells along each part of a behaviour. */
const CELLS = 4;

/** The cell of the behaviour grid that a member falls into. */
function niche({ behaviour }: Member): string {
  return behaviour.map((part) => Math.min(CELLS - 1, Math.floor(part * CELLS))).join('/');
}

/**
 * The best member of every cell of the behaviour grid, best first: MAP-Elites (Mouret and Clune, arXiv 1504.04909) over the
 * behaviour of the trained policies. A reward whose policies fail in a way of their own stays, however poor beside the best. Only the map is
 * taken from there: MAP-Elites draws parents from it uniformly, here the parent rule draws from it and the rest of the mating pool.
 */
export function archive(population: readonly Member[]): readonly Member[] {
  const cells = new Map<string, Member>();
  for (const member of population.toSorted(byFitness)) {
    const cell = niche(member);
    if (!cells.has(cell)) cells.set(cell, member);
  }
  return [...cells.values()];
}
