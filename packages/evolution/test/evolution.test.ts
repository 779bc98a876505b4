import { SearchSettings } from '@rewardsmith/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capReached, elites, type Member, matingPool, planGeneration, tournament } from '../src/index.ts';
import { seededRandom } from '../src/random.ts';

const fitness = fc.double({ min: -100, max: 100, noNaN: true });
const population = fc.array(fc.tuple(fitness, fc.integer({ min: 0, max: 4 })), { maxLength: 30 }).map((entries) =>
  entries.map(
    ([value, generation], index): Member => ({
      id: `m${index}`,
      generation,
      index,
      operator: 'initial',
      parents: [],
      fitness: value,
      values: [value],
      whole: true,
      behaviour: [0, 1],
    }),
  ),
);
/** Members of whom some descend from others, some were only screened and some do as well as others. */
const descendants = fc
  .array(
    fc.record({
      fitness: fc.integer({ min: -3, max: 3 }),
      whole: fc.boolean(),
      tuned: fc.boolean(),
      parent: fc.option(fc.nat({ max: 40 })),
      success: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 24 },
  )
  .map((entries) =>
    entries.map(
      (entry, index): Member => ({
        id: `m${index}`,
        generation: Math.floor(index / 6),
        index: index % 6,
        operator: entry.parent === null ? 'initial' : entry.tuned ? 'tune' : 'add',
        // Some parents were never evaluated to the end.
        parents: entry.parent === null ? [] : [`m${entry.parent}`],
        fitness: entry.fitness,
        values: Array.from({ length: 1 + (index % 2) }, () => entry.fitness),
        whole: entry.whole,
        behaviour: [entry.success, 0.5],
      }),
    ),
  );
const settings = fc
  .record({
    population: fc.integer({ min: 1, max: 20 }),
    elites: fc.integer({ min: 1, max: 5 }),
    tournamentSize: fc.integer({ min: 1, max: 5 }),
  })
  .map((entry) => SearchSettings.parse(entry));

const plain = SearchSettings.parse({});

describe('selection', () => {
  it('never forgets the best ever seen', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: 1, max: 9 }), (members, generation) => {
        const best = Math.max(...members.map((member) => member.fitness));
        const pool = matingPool(members, { ...plain, elites: 1 }, generation);
        expect(members.length === 0 ? pool.length : pool[0]?.fitness).toBe(members.length === 0 ? 0 : best);
      }),
    );
  });

  it('puts no member into the mating pool twice', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: 1, max: 5 }), (members, generation) => {
        const pool = matingPool(members, { ...plain, elites: 3 }, generation);
        expect(new Set(pool.map((member) => member.id)).size).toBe(pool.length);
      }),
    );
  });

  it('draws fitter parents from larger tournaments', () => {
    const members = Array.from(
      { length: 20 },
      (_, index): Member => ({
        id: `m${index}`,
        generation: 0,
        index,
        operator: 'initial',
        parents: [],
        fitness: index,
        values: [index],
        whole: true,
        behaviour: [0, 1],
      }),
    );
    const [head, ...rest] = members;
    if (head === undefined) throw new Error('the population is empty');
    const meanOf = (size: number) => {
      const random = seededRandom(5);
      const drawn = Array.from({ length: 400 }, () => tournament([head, ...rest], size, random).fitness);
      return drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    };
    expect(meanOf(4)).toBeGreaterThan(meanOf(1) + 3);
  });

  it('leaves the population as it was', () => {
    fc.assert(
      fc.property(population, (members) => {
        const before = JSON.stringify(members);
        elites(members, 3);
        matingPool(members, plain, 1);
        expect(JSON.stringify(members)).toBe(before);
      }),
    );
  });
});

describe('planGeneration', () => {
  it('fills every slot with an operator and as many known parents as it takes', () => {
    fc.assert(
      fc.property(
        population,
        settings,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (members, search, generation, seed) => {
          const plan = planGeneration(members, search, generation, seed);
          const known = new Set(members.map((member) => member.id));
          expect(plan).toHaveLength(search.population);
          for (const { operator, parents } of plan) {
            expect(parents.length).toBe(operator === 'initial' ? 0 : operator === 'crossover' ? 2 : 1);
            expect(new Set(parents).size).toBe(parents.length);
            expect(parents.every((id) => known.has(id))).toBe(true);
          }
        },
      ),
    );
  });

  it('depends on its seed and on nothing else', () => {
    fc.assert(
      fc.property(population, settings, fc.nat(), (members, search, seed) => {
        expect(planGeneration(members, search, 1, seed)).toEqual(planGeneration(members, search, 1, seed));
      }),
    );
  });

  it('does not depend on the order of arrival, by any rule', () => {
    const rules = fc
      .record({
        population: fc.integer({ min: 4, max: 9 }),
        designer: fc.constantFrom('grammar', 'model'),
        scheme: fc.constantFrom('evolution', 'greedy', 'sequential'),
        parents: fc.constantFrom('tournament', 'greedy', 'rank', 'weighted', 'pareto', 'uniform'),
        acceptance: fc.constantFrom('recent', 'best'),
        archive: fc.boolean(),
        islands: fc.integer({ min: 1, max: 4 }),
        migrateEvery: fc.integer({ min: 1, max: 3 }),
        restartAfter: fc.integer({ min: 1, max: 3 }),
      })
      .map((entry) => SearchSettings.parse(entry));
    fc.assert(
      fc.property(descendants, rules, fc.integer({ min: 0, max: 6 }), fc.nat(), (members, search, generation, seed) => {
        const plan = planGeneration(members, search, generation, seed);
        expect(planGeneration(members.toReversed(), search, generation, seed)).toEqual(plan);
        expect(plan).toHaveLength(search.population);
      }),
    );
  });

  it('starts anew in every slot of the first generation and in at least one of every other', () => {
    const search = SearchSettings.parse({ population: 8 });
    expect(planGeneration([], search, 0, 1).every((slot) => slot.operator === 'initial')).toBe(true);
    const members: Member[] = [
      {
        id: 'a',
        generation: 0,
        index: 0,
        operator: 'initial',
        parents: [],
        fitness: 1,
        values: [1],
        whole: true,
        behaviour: [0, 1],
      },
    ];
    const later = planGeneration(members, search, 1, 1);
    expect(later.filter((slot) => slot.operator === 'initial')).toHaveLength(2);
    const alone = planGeneration(members, SearchSettings.parse({ population: 1 }), 1, 1);
    expect(alone.map(({ parents }) => parents)).toEqual([['a']]);
  });
});

describe('capReached', () => {
  const going = {
    budget: {},
    spending: { environmentSteps: 100, modelCalls: 0, modelTokens: 0, modelMoney: 0, wallClockSeconds: 10 },
    candidates: 8,
  };

  it('goes on while nothing is used up', () => {
    expect(capReached(going)).toBeUndefined();
  });

  it('names the cap that is reached, each of them', () => {
    expect(capReached({ ...going, budget: { environmentSteps: 100 } })).toBe('budget-environment-steps');
    expect(capReached({ ...going, budget: { environmentSteps: 101 } })).toBeUndefined();
    expect(capReached({ ...going, budget: { wallClockSeconds: 10 } })).toBe('budget-wall-clock');
    expect(capReached({ ...going, budget: { candidates: 8 } })).toBe('budget-candidates');
  });
});
