import type { Operator, SearchSettings } from '@rewardsmith/contracts';
import type { Member } from './member.ts';
import { chooseWeighted, type Random, seededRandom } from './random.ts';
import { matingPool, tournament } from './selection.ts';

/** What one candidate of a generation is to be made from. */
export interface Slot {
  readonly operator: Operator;
  /** Identifiers of its parents: none for `initial`, two for `crossover`, else one. */
  readonly parents: readonly string[];
}

type Weights = readonly [readonly [Operator, number], ...(readonly [Operator, number])[]];

/** How often each operator of variation is drawn, by who carries it out; the first stands in for one that does not apply. */
const operatorWeights: Readonly<Record<SearchSettings['designer'], Weights>> = {
  grammar: [
    ['add', 3],
    ['rescale', 3],
    ['swap', 2],
    ['crossover', 2],
    ['drop', 1],
  ],
  model: [
    ['refine', 4],
    ['rewrite', 2],
    ['crossover', 2],
  ],
};

/** One slot in this many, at least one of several, starts anew instead of varying a parent. */
const freshEvery = 8;

const initial: Slot = { operator: 'initial', parents: [] };

function secondParent(pool: readonly Member[], first: Member, size: number, random: Random): Member | undefined {
  const [head, ...rest] = pool.filter((member) => member.id !== first.id);
  return head === undefined ? undefined : tournament([head, ...rest], size, random);
}

function vary(pool: readonly [Member, ...Member[]], settings: SearchSettings, random: Random): Slot {
  const weights = operatorWeights[settings.designer];
  const operator = chooseWeighted(random, weights);
  const first = tournament(pool, settings.tournamentSize, random);
  if (operator !== 'crossover') return { operator, parents: [first.id] };
  const second = secondParent(pool, first, settings.tournamentSize, random);
  return second === undefined
    ? { operator: weights[0][0], parents: [first.id] }
    : { operator: 'crossover', parents: [first.id, second.id] };
}

/**
 * The slots of one generation. Pure: population, settings, generation and seed decide it.
 * The first generation, and any before a candidate was evaluated, starts anew in every slot.
 */
export function planGeneration(
  population: readonly Member[],
  settings: SearchSettings,
  generation: number,
  seed: number,
): readonly Slot[] {
  const random = seededRandom(seed);
  const [head, ...rest] = matingPool(population, settings.elites, generation);
  const some = Math.ceil(settings.population / freshEvery);
  // A search of one candidate a generation goes on from its best.
  const fresh = head === undefined ? settings.population : Math.min(some, settings.population - 1);
  return Array.from({ length: settings.population }, (_, index) =>
    head === undefined || index >= settings.population - fresh ? initial : vary([head, ...rest], settings, random),
  );
}
