import { SearchSettings } from '@rewardsmith/contracts';
import { describe, expect, it } from 'vitest';
import { type Member, matingPool, planGeneration } from '../src/index.ts';
import { member } from './members.ts';

const settings = (given: object) => SearchSettings.parse({ population: 8, ...given });
const parentsOf = (members: readonly Member[], given: object, generation = 2, seed = 7) =>
  planGeneration(members, settings(given), generation, seed).map(({ parents }) => parents);

const members = [
  member('old-best', { fitness: 9 }),
  member('old-worst', { fitness: 1, index: 1 }),
  member('new-good', { generation: 1, fitness: 5 }),
  member('new-last', { generation: 1, index: 1, fitness: 2 }),
];

describe('schemes', () => {
  it('greedy varies the best of the latest generation in every slot, as Eureka does', () => {
    const slots = planGeneration(members, settings({ scheme: 'greedy' }), 2, 3);
    expect(slots.map(({ parents }) => parents)).toEqual(Array.from({ length: 8 }, () => ['new-good']));
    expect(slots.map(({ operator }) => operator)).not.toContain('crossover');
  });

  it('greedy goes on from the last generation of which anything was evaluated, and starts anew before there is one', () => {
    expect(new Set(parentsOf(members, { scheme: 'greedy' }, 4).flat())).toEqual(new Set(['new-good']));
    expect(parentsOf([], { scheme: 'greedy' }, 2).flat()).toEqual([]);
  });

  it('sequential varies the latest candidate, however poor', () => {
    expect(new Set(parentsOf(members, { scheme: 'sequential' }).flat())).toEqual(new Set(['new-last']));
  });

  it.each(['independent', 'random'])('%s never looks back', (scheme) => {
    expect(parentsOf(members, { scheme }).flat()).toEqual([]);
  });

  it('tunes the best in as many slots as its share, after the first generation', () => {
    const tunes = (generation: number, given: readonly Member[]) =>
      planGeneration(given, settings({ tuner: 0.25 }), generation, 1).filter(({ operator }) => operator === 'tune');
    expect(tunes(0, [])).toEqual([]);
    expect(tunes(2, members).map(({ parents }) => parents)).toEqual([['old-best'], ['old-best']]);
  });

  it('combines nothing where crossover is off', () => {
    const operators = (crossover: boolean) =>
      Array.from({ length: 20 }, (_, seed) => planGeneration(members, settings({ crossover }), 2, seed))
        .flat()
        .map(({ operator }) => operator);
    expect(operators(false)).not.toContain('crossover');
    expect(operators(true)).toContain('crossover');
  });

  it('starts anew after generations without a better candidate, and forgets what it knew for good', () => {
    const stuck = [member('a', { fitness: 5 }), member('b', { generation: 1 }), member('c', { generation: 2 })];
    expect(parentsOf(stuck, { restartAfter: 2 }, 3).flat()).toEqual([]);
    const after = [...stuck, member('d', { generation: 3, fitness: 1 })];
    expect(new Set(parentsOf(after, { restartAfter: 2 }, 4).flat())).toEqual(new Set(['d']));
    expect(new Set(parentsOf(after, {}, 4).flat())).toContain('a');
  });

  it('does not take a lucky short training for a better candidate that the search is stuck behind', () => {
    const rising = [0, 1, 2].map((generation) => member(`m${generation}`, { generation, fitness: generation }));
    const lucky = member('lucky', { index: 1, fitness: 9, whole: false });
    expect(parentsOf([lucky, ...rising], { restartAfter: 2 }, 3).flat()).not.toEqual([]);
  });
});

describe('programs that differ in their numbers alone', () => {
  const tune = (id: string, parent: string, fitness: number) =>
    member(id, { operator: 'tune', parents: [parent], generation: 1, fitness });
  const family = [member('a', { fitness: 5 }), tune('a1', 'a', 6), tune('a2', 'a1', 7), tune('a3', 'a', 4)];
  const plans = (given: readonly Member[]) =>
    Array.from({ length: 60 }, (_, seed) => planGeneration(given, settings({ tuner: 0, elites: 4 }), 2, seed)).flat();

  it('are never crossed with each other', () => {
    expect(plans(family).map(({ operator }) => operator)).not.toContain('crossover');
    const crossed = plans([...family, member('b', { index: 1, fitness: 1 })]).filter(
      (slot) => slot.operator === 'crossover',
    );
    expect(crossed.length).toBeGreaterThan(10);
    for (const { parents } of crossed) expect(parents).toContain('b');
  });

  it('stand in the mating pool by their best alone', () => {
    const parents = plans([...family, member('b', { index: 1, fitness: 1 })]).flatMap((slot) => slot.parents);
    expect(new Set(parents)).toEqual(new Set(['a2', 'b']));
  });
});

describe('acceptance', () => {
  const pool = (given: object) => matingPool(members, settings({ elites: 1, ...given }), 2).map(({ id }) => id);

  it('lets the generation before breed beside the best ever seen, or the best alone', () => {
    expect(pool({ acceptance: 'recent' })).toEqual(['old-best', 'new-good', 'new-last']);
    expect(pool({ acceptance: 'best' })).toEqual(['old-best']);
  });

  it('keeps the best of every kind of behaviour where there is an archive', () => {
    const diverse = [
      member('best', { fitness: 9, behaviour: [1, 0.5] }),
      member('like-best', { fitness: 8, behaviour: [0.95, 0.6] }),
      member('short', { fitness: -5, behaviour: [0, 0.05] }),
      member('short-too', { fitness: -6, behaviour: [0.1, 0.1] }),
    ];
    const kept = matingPool(diverse, settings({ elites: 1, acceptance: 'best', archive: true }), 5);
    expect(kept.map(({ id }) => id)).toEqual(['best', 'short']);
  });
});

describe('islands', () => {
  const apart = [
    member('a0', { index: 0, fitness: 3 }),
    member('b0', { index: 1, fitness: 9 }),
    member('a1', { generation: 1, index: 1, parents: ['a0'], operator: 'add', fitness: 4 }),
    member('b1', { generation: 1, index: 0, parents: ['b0'], operator: 'add', fitness: 2 }),
  ];
  const home = (id: string | undefined) => id?.charAt(0);

  it('breed apart, descendants staying on the island of their first parent', () => {
    const slots = planGeneration(apart, settings({ islands: 2, migrateEvery: 3, tuner: 0 }), 2, 4);
    const varied = slots.filter(({ operator }) => operator !== 'initial');
    expect(varied.length).toBeGreaterThan(5);
    for (const [index, { parents }] of varied.entries()) {
      for (const parent of parents) expect(home(parent)).toBe(index % 2 === 0 ? 'a' : 'b');
    }
  });

  it('lose no slot to tuning', () => {
    const slots = planGeneration(apart, settings({ islands: 4, migrateEvery: 9, tuner: 1, population: 8 }), 2, 4);
    expect(slots.slice(0, 4).map(({ operator }) => operator)).not.toContain('tune');
    expect(slots.filter(({ operator }) => operator === 'tune')).toHaveLength(2);
  });

  it('cross their best with the next island’s in a generation of migration', () => {
    const slots = planGeneration(apart, settings({ islands: 2, migrateEvery: 2 }), 2, 4);
    expect(slots.slice(0, 2)).toEqual([
      { operator: 'crossover', parents: ['a1', 'b0'] },
      { operator: 'crossover', parents: ['b0', 'a1'] },
    ]);
  });

  it('stay apart where crossover is off, each with its slots', () => {
    const slots = planGeneration(apart, settings({ islands: 2, migrateEvery: 2, crossover: false, tuner: 0 }), 2, 4);
    const homes = slots.filter(({ operator }) => operator !== 'initial').map(({ parents }) => home(parents[0]));
    expect(homes).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });
});
