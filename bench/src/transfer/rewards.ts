import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { z } from 'zod';
import { Found } from '../evolution/measured.ts';
import { shapedRewards } from '../shaped-rewards.ts';

const Searches = z.object({ searches: z.array(Found) });

/** The searches of one method in the text of a file that `bench evolution --out` wrote, at most `most` a task. */
export function foundBy(text: string, method: string, most: number): readonly Found[] {
  const own = Searches.parse(JSON.parse(text)).searches.filter((search) => search.method === method);
  if (own.length === 0) throw new Error(`the file has no search by "${method}"`);
  const byTask = Map.groupBy(own, ({ environment }) => environment);
  return [...byTask.values()].flatMap((searches) => searches.toSorted((a, b) => a.seed - b.seed).slice(0, most));
}

export interface Contestant {
  /** `sparse`, `human`, `shaped`, or `found` and the seed of the search. */
  readonly reward: string;
  readonly source: string;
}

/** Every reward of a task: the outcome alone, what people published, one written by hand, and what searches have found. */
export function contestantsOf(environment: BuiltinEnvironment, searches: readonly Found[]): readonly Contestant[] {
  const { definition, sparseReward, humanReward } = environment;
  const shaped = shapedRewards.get(definition.name);
  return [
    { reward: 'sparse', source: sparseReward },
    { reward: 'human', source: humanReward },
    ...(shaped === undefined ? [] : [{ reward: 'shaped', source: shaped }]),
    ...searches
      .filter((search) => search.environment === definition.name)
      .map(({ seed, source }) => ({ reward: `found ${seed}`, source })),
  ];
}
