import { byFitness, type Member } from './member.ts';
import { choose, type Random } from './random.ts';

/** The `count` best members ever seen. */
export function elites(population: readonly Member[], count: number): readonly Member[] {
  return population.toSorted(byFitness).slice(0, count);
}

/**
 * Who may become a parent in `generation`: the best ever seen, and all of the generation before, so that the search
 * neither forgets its best nor breeds from it alone.
 */
export function matingPool(population: readonly Member[], eliteCount: number, generation: number): readonly Member[] {
  const best = elites(population, eliteCount);
  const kept = new Set(best.map((member) => member.id));
  const recent = population.filter((member) => member.generation === generation - 1 && !kept.has(member.id));
  return [...best, ...recent.toSorted(byFitness)];
}

/** Tournament selection with replacement: the fittest of `size` members drawn uniformly. */
export function tournament(pool: readonly [Member, ...Member[]], size: number, random: Random): Member {
  const drawn = Array.from({ length: size }, () => choose(random, pool));
  return drawn.toSorted(byFitness)[0] ?? pool[0];
}
