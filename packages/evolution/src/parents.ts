import type { ParentRule } from '@rewardsmith/contracts';
import { byFitness, type Member, type Pool } from './member.ts';
import { choose, chooseWeighted, type Random, uniform } from './random.ts';

export interface ParentSettings {
  readonly parents: ParentRule;
  /** Members drawn for one tournament. */
  readonly tournamentSize: number;
}

/** Tournament selection with replacement: the fittest of `size` members drawn uniformly. */
export function tournament(pool: Pool, size: number, random: Random): Member {
  const drawn = Array.from({ length: size }, () => choose(random, pool));
  return drawn.toSorted(byFitness)[0] ?? pool[0];
}

/** Chance of the best against that of the middle member, between 1 and 2; the worst has what is left of 2. Baker has 1.1, a milder slope. */
const SELECTION_PRESSURE = 1.7;

/** Linear ranking selection (Baker, "Adaptive selection methods for genetic algorithms", 1985): the scale of fitness is of no matter. */
export function byRank(pool: Pool, random: Random): Member {
  const order = pool.toSorted(byFitness);
  const last = Math.max(1, order.length - 1);
  const weights = order.map((member, rank): readonly [Member, number] => [
    member,
    SELECTION_PRESSURE - (2 * (SELECTION_PRESSURE - 1) * rank) / last,
  ]);
  const [first, ...rest] = weights;
  return first === undefined ? pool[0] : chooseWeighted(random, [first, ...rest]);
}

function median(values: readonly number[]): number {
  const order = values.toSorted((a, b) => a - b);
  const middle = Math.floor(order.length / 2);
  const upper = order[middle] ?? 0;
  return order.length % 2 === 1 ? upper : ((order[middle - 1] ?? upper) + upper) / 2;
}

/**
 * Weighted sampling as in ShinkaEvolve (arXiv 2509.19349): a logistic function of how far a member's fitness lies above the
 * median, in median absolute deviations as its code has it, times 1 / (1 + children), so that what was varied often gives way to what
 * was not. The pressure λ on that distance is 1; theirs is 10, which makes the better half of the pool nearly equal and leaves the other
 * half nearly nothing. Where the deviation is 0, a member above the median lies one above it. Children that were refused or failed do not count.
 */
export function weighted(pool: Pool, children: ReadonlyMap<string, number>, random: Random): Member {
  const centre = median(pool.map(({ fitness }) => fitness));
  const spread = median(pool.map(({ fitness }) => Math.abs(fitness - centre)));
  const weights = pool.map((member): readonly [Member, number] => {
    const above = spread === 0 ? Math.sign(member.fitness - centre) : (member.fitness - centre) / spread;
    return [member, 1 / (1 + Math.exp(-above)) / (1 + (children.get(member.id) ?? 0))];
  });
  const [first, ...rest] = weights;
  return first === undefined ? pool[0] : chooseWeighted(random, [first, ...rest]);
}

/**
 * What members are judged by in parts: success rate, and fitness by training seed where all have been trained on as many, else their
 * mean: a seed more is no merit.
 */
function partsOf(pool: Pool): (member: Member) => readonly number[] {
  const alike = pool.every(({ values, whole }) => values.length === pool[0].values.length && whole === pool[0].whole);
  return ({ values, fitness, behaviour }) => [behaviour[0] ?? 0, ...(alike ? values : [fitness])];
}

/** Whether one member is no worse than another in any part, and better in one. */
function dominates(one: readonly number[], other: readonly number[]): boolean {
  const gaps = one.map((value, part) => value - (other[part] ?? 0));
  return gaps.every((gap) => gap >= 0) && gaps.some((gap) => gap > 0);
}

/**
 * Pareto sampling as in GEPA (arXiv 2507.19457): of the members that no other dominates and that are the best in some part, as
 * likely as the number of parts that they are best in. Parts are the success rate and the fitness of each training seed; only its mean where
 * members have been trained on different numbers of seeds, as a race leaves them. GEPA's parts are the instances of its task.
 */
export function paretoParent(pool: Pool, random: Random): Member {
  const parts = partsOf(pool);
  const measured = pool.map((member) => ({ member, own: parts(member) }));
  const all = measured.filter(({ own }) => measured.every((other) => !dominates(other.own, own)));
  const count = Math.max(...all.map(({ own }) => own.length));
  const wins = new Map<Member, number>();
  for (let part = 0; part < count; part += 1) {
    const best = Math.max(...all.map(({ own }) => own[part] ?? Number.NEGATIVE_INFINITY));
    for (const { member, own } of all) if (own[part] === best) wins.set(member, (wins.get(member) ?? 0) + 1);
  }
  const [first, ...rest] = [...wins];
  return first === undefined ? pool[0] : chooseWeighted(random, [first, ...rest]);
}

/** Draws one parent by the rule that the settings name. `children` counts the trained candidates made from a member so far. */
export function drawParent(
  pool: Pool,
  settings: ParentSettings,
  children: ReadonlyMap<string, number>,
  random: Random,
): Member {
  switch (settings.parents) {
    case 'tournament':
      return tournament(pool, settings.tournamentSize, random);
    case 'greedy':
      return pool.toSorted(byFitness)[0] ?? pool[0];
    case 'rank':
      return byRank(pool, random);
    case 'weighted':
      return weighted(pool, children, random);
    case 'pareto':
      return paretoParent(pool, random);
    case 'uniform':
      return pool[Math.floor(uniform(random) * pool.length)] ?? pool[0];
  }
}
