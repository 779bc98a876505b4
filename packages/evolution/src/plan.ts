import type { Operator, SearchSettings } from '@rewardsmith/contracts';
import { islandsOf, neighbour } from './islands.ts';
import { byAge, byFitness, type Member, type Pool } from './member.ts';
import { drawParent } from './parents.ts';
import { lastStart } from './progress.ts';
import { chooseWeighted, type Random, seededRandom } from './random.ts';
import { matingPool } from './selection.ts';

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
    // Leaving a term out makes a good reward better most often, crossing two of them least (docs/decisions/0010-openings.md).
    ['add', 2],
    ['rescale', 3],
    ['swap', 2],
    ['crossover', 1],
    ['drop', 3],
  ],
  model: [
    ['refine', 4],
    ['rewrite', 2],
    ['crossover', 2],
  ],
};

/** One slot in this many, at least one of several, starts anew instead of varying a parent. */
const freshEvery = 4;

const initial: Slot = { operator: 'initial', parents: [] };

const pooled = ([head, ...rest]: readonly Member[]): Pool | undefined =>
  head === undefined ? undefined : [head, ...rest];

/** How many members name each as a parent. */
function childrenOf(population: readonly Member[]): ReadonlyMap<string, number> {
  const children = new Map<string, number>();
  for (const { parents } of population) {
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  return children;
}

/**
 * The best of each program's sets of numbers, best first: a program and what was tuned from it, through any number of tunings,
 * have nothing to give each other, and one of them stands for all.
 */
function bestNumbers(population: readonly Member[]): readonly Member[] {
  const families = new Map<string, string>();
  for (const { id, operator, parents } of population.toSorted(byAge)) {
    const [parent] = parents;
    families.set(id, operator === 'tune' && parent !== undefined ? (families.get(parent) ?? parent) : id);
  }
  const best = new Map<string | undefined, Member>();
  for (const member of population.toSorted(byFitness)) {
    const family = families.get(member.id);
    if (!best.has(family)) best.set(family, member);
  }
  return [...best.values()];
}

/** What the slots of one generation are drawn from. */
interface Draw {
  readonly settings: SearchSettings;
  readonly children: ReadonlyMap<string, number>;
  readonly random: Random;
}

/** Varies a member of `pool`; a second parent comes from `mates`. */
function vary(pool: Pool, mates: readonly Member[], { settings, children, random }: Draw): Slot {
  const [standIn, ...others] = operatorWeights[settings.designer];
  const weights = others.filter(([operator]) => settings.crossover || operator !== 'crossover');
  const operator = chooseWeighted(random, [standIn, ...weights]);
  const first = drawParent(pool, settings, children, random);
  if (operator !== 'crossover') return { operator, parents: [first.id] };
  const second = pooled(mates.filter((member) => member.id !== first.id));
  if (second === undefined) return { operator: standIn[0], parents: [first.id] };
  return { operator, parents: [first.id, drawParent(second, settings, children, random).id] };
}

/**
 * One slot of an evolving generation on its island; where it migrates, a crossover of the island's best with the best of the next. Without crossover
 * nothing migrates: a child belongs to its first parent's island, so that what a migrant alone became would be at home where it came from.
 */
function islandSlot(pools: readonly (readonly Member[])[], island: number, migrates: boolean, draw: Draw): Slot {
  const pool = pooled(pools[island] ?? []);
  if (pool === undefined) return initial;
  const [migrant] = pools[neighbour(island, pools.length)] ?? [];
  if (migrates && migrant !== undefined) return { operator: 'crossover', parents: [pool[0].id, migrant.id] };
  return vary(pool, pool, draw);
}

/** How many slots tune the numbers of the best candidate: the settings' share, once there is one. */
function tuned(settings: SearchSettings, varied: number): number {
  // Every one of several islands keeps a slot of its own.
  const room = settings.islands > 1 ? Math.max(0, varied - settings.islands) : varied;
  return Math.min(room, Math.floor(settings.tuner * settings.population));
}

function evolved(population: readonly Member[], generation: number, draw: Draw): readonly Slot[] {
  const { settings } = draw;
  // A short training's fitness is not held against whole ones', here as little as in the search's patience.
  const known = population.filter(({ whole }) => whole);
  const since = lastStart(known, settings.restartAfter, generation);
  const living = population.filter((member) => member.generation >= since && since < generation);
  const [best] = living.toSorted(byFitness);
  if (best === undefined) return Array.from({ length: settings.population }, () => initial);
  // A search of one candidate a generation goes on from its best.
  const fresh = Math.min(Math.ceil(settings.population / freshEvery), settings.population - 1);
  const varied = settings.population - fresh;
  const tunes = tuned(settings, varied);
  const bred = bestNumbers(living);
  const homes = islandsOf(living, settings.islands);
  const pools = Array.from({ length: settings.islands }, (_, island) =>
    matingPool(
      bred.filter(({ id }) => homes.get(id) === island),
      settings,
      generation,
    ),
  );
  const migrates = settings.islands > 1 && settings.crossover && generation % settings.migrateEvery === 0;
  return Array.from({ length: settings.population }, (_, index): Slot => {
    if (index >= varied) return initial;
    if (index >= varied - tunes) return { operator: 'tune', parents: [best.id] };
    const island = index % settings.islands;
    return islandSlot(pools, island, migrates && index < settings.islands, draw);
  });
}

/**
 * The slots of one generation. Pure: population, settings, generation and seed decide it. The first generation, and any
 * before a candidate was evaluated, starts anew in every slot.
 *
 * Schemes: `evolution` is this project's own. `greedy` is Eureka's (arXiv 2310.12931, section 3.2), one run of it without random
 * restarts: every slot varies the best of the latest generation that has any, even where an earlier one was better. `sequential`
 * varies the latest candidate that was evaluated. `independent` never looks back: the independent sampling of Gideoni et al.
 * (arXiv 2602.16805), whose sequential sampling is another than ours: it shows some of the earlier successes, drawn at random. `random` is
 * `independent` without any preference among the grammar's terms.
 */
export function planGeneration(
  population: readonly Member[],
  settings: SearchSettings,
  generation: number,
  seed: number,
): readonly Slot[] {
  const draw: Draw = { settings, children: childrenOf(population), random: seededRandom(seed) };
  const all = (slot: () => Slot) => Array.from({ length: settings.population }, slot);
  switch (settings.scheme) {
    case 'evolution':
      return evolved(population, generation, draw);
    case 'greedy': {
      const latest = Math.max(...population.map((member) => member.generation));
      const pool = pooled(
        population
          .filter((member) => member.generation === latest)
          .toSorted(byFitness)
          .slice(0, 1),
      );
      return all(() => (pool === undefined ? initial : vary(pool, [], draw)));
    }
    case 'sequential': {
      const pool = pooled(population.toSorted(byAge).slice(-1));
      return all(() => (pool === undefined ? initial : vary(pool, [], draw)));
    }
    case 'independent':
    case 'random':
      return all(() => initial);
  }
}
