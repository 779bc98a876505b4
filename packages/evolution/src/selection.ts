import type { SearchSettings } from '@rewardsmith/contracts';
import { archive } from './archive.ts';
import { byFitness, type Member } from './member.ts';

/** The `count` best members ever seen. */
export function elites(population: readonly Member[], count: number): readonly Member[] {
  return population.toSorted(byFitness).slice(0, count);
}

type PoolSettings = Pick<SearchSettings, 'elites' | 'acceptance' | 'archive'>;

/**
 * Who may become a parent in `generation`, best first. The best ever seen, always. Beside them, by the settings: all of the
 * generation before (`recent`), so that the search neither forgets its best nor breeds from it alone, or nobody (`best`); and
 * the diverse archive's members where there is one.
 */
export function matingPool(
  population: readonly Member[],
  settings: PoolSettings,
  generation: number,
): readonly Member[] {
  const pool = new Set(elites(population, settings.elites));
  if (settings.acceptance === 'recent') {
    for (const member of population) if (member.generation === generation - 1) pool.add(member);
  }
  if (settings.archive) for (const member of archive(population)) pool.add(member);
  return [...pool].toSorted(byFitness);
}
