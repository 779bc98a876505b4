import type { SearchSettings, StopReason } from '@rewardsmith/contracts';
import type { Member } from './member.ts';

type Measured = Pick<Member, 'generation' | 'fitness'>;

/**
 * Generations before `generation` that passed since the best fitness of `population` last rose; all of them where nothing was
 * measured. `since` is the generation that counting begins with. Goes by the fitness that members have now: one that is trained again may
 * have another, and with it the generations that are counted here.
 */
export function generationsWithoutGain(population: readonly Measured[], generation: number, since = 0): number {
  let best = Number.NEGATIVE_INFINITY;
  let risen = since - 1;
  for (let each = since; each < generation; each += 1) {
    const top = Math.max(
      Number.NEGATIVE_INFINITY,
      ...population.filter((member) => member.generation === each).map(({ fitness }) => fitness),
    );
    if (top > best) {
      best = top;
      risen = each;
    }
  }
  return Math.max(0, generation - 1 - risen);
}

/**
 * The generation that the search last started anew in, up to `generation`: it does so after `patience` generations without a
 * better candidate since the start before. 0 where it never did, or where it never does because `patience` is absent.
 */
export function lastStart(population: readonly Measured[], patience: number | undefined, generation: number): number {
  if (patience === undefined) return 0;
  let since = 0;
  for (let each = 1; each <= generation; each += 1) {
    const own = population.filter((member) => member.generation >= since);
    if (each > since && generationsWithoutGain(own, each, since) >= patience) since = each;
  }
  return since;
}

/** Why the search has found enough by the end of the generation before: its target is reached, or its patience is over. */
export function enough(
  population: readonly Measured[],
  generation: number,
  { target, patience }: Pick<SearchSettings, 'target' | 'patience'>,
): Extract<StopReason, 'target' | 'patience'> | undefined {
  if (target !== undefined && population.some(({ fitness }) => fitness >= target)) return 'target';
  if (patience !== undefined && generationsWithoutGain(population, generation) >= patience) return 'patience';
  return undefined;
}
