import { describe, expect, it } from 'vitest';
import { pick, randomStream } from '../src/index.ts';
import { ground, Woodland } from '../src/woodland.ts';
import { environmentNamed, type Reading, read } from './fields.ts';

type Rule = (at: Reading) => number;

/** Plays one layout to its end; what is read after every step goes to `seen`. */
function play(name: string, seed: number, rule: Rule, seen: (at: Reading, action: number) => void = () => {}) {
  const environment = environmentNamed(name);
  const simulator = environment.create();
  simulator.reset(randomStream(seed));
  const at = read(environment, simulator);
  for (let step = 0; step < environment.definition.maxEpisodeSteps; step += 1) {
    const action = rule(at);
    const ended = simulator.step(Float64Array.of(action));
    seen(at, action);
    if (ended) break;
  }
  return at;
}

function chance(seed: number, actions: number): Rule {
  const random = randomStream(seed, 1);
  return () => pick(random, actions);
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const share = (holds: (seed: number) => boolean) => seeds.filter(holds).length / seeds.length;

/** The number with the greatest value. */
function best(count: number, value: (index: number) => number): number {
  return Array.from({ length: count }, (_, index) => index).reduce((a, b) => (value(b) > value(a) ? b : a));
}

const USE = 4;

/** Opens the door where it can, else goes where the next thing is, by the cell it has been in least. */
const walker: Rule = (at) => {
  if (at('atLock') === 1) return USE;
  const thing = at('hasKey') === 0 ? 'keyOffset' : at('doorOpen') === 0 ? 'doorOffset' : 'goalOffset';
  const [columns, rows] = [at(thing, 0), at(thing, 1)];
  const gain = [-columns, -rows, columns, rows];
  return best(4, (side) => Math.sign(gain[side] ?? 0) - 1.1 * at('visitsNear', side));
};

describe('door-key', () => {
  it('can be solved from what the agent sees, and hardly ever by chance', () => {
    expect(share((seed) => play('door-key', seed, walker)('atGoal') === 1)).toBeGreaterThan(0.9);
    expect(share((seed) => play('door-key', seed, chance(seed, 5))('atGoal') === 1)).toBeLessThan(0.15);
  });

  it('opens the door beside it with the key alone, and lets nobody through before', () => {
    const wall = { crossed: 0, opened: 0 };
    for (const seed of seeds) {
      let open = 0;
      let lock = 0;
      const random = chance(seed, 5);
      const mixed: Rule = (at) => {
        open = at('doorOpen');
        lock = at('atLock');
        return seed % 2 === 0 ? random(at) : walker(at);
      };
      play('door-key', seed, mixed, (at, action) => {
        if (at('doorOpen') > open) {
          expect([action, lock, at('hasKey')]).toEqual([USE, 1, 1]);
          wall.opened += 1;
        }
        if (at('doorOpen') === 0) expect(at('doorOffset', 0)).toBeGreaterThan(0);
        else if (at('atGoal') === 1) wall.crossed += 1;
      });
    }
    expect(wall.opened).toBeGreaterThan(90);
    expect(wall.crossed).toBeGreaterThan(80);
  });
});

const AHEAD = 1;
const CHOP = 3;

/** Chops what it faces, keeps off ravines, goes to a tree in view, else where its tracks are oldest. */
const woodcutter: Rule = (at) => {
  if (at('treeAhead') === 1) return CHOP;
  const way = [-at('treeOffset', 1), at('treeOffset', 0), at('treeOffset', 1)];
  return best(
    3,
    (side) =>
      -20 * at('ravineNear', side) - 3 * at('tracksNear', side) + 2 * (way[side] ?? 0) + (side === AHEAD ? 0.5 : 0),
  );
};

describe('tree-search', () => {
  it('can be solved from what the woodcutter sees, and hardly ever by chance', () => {
    expect(share((seed) => play('tree-search', seed, woodcutter)('wood') === 2)).toBeGreaterThan(0.6);
    expect(share((seed) => play('tree-search', seed, chance(seed, 4))('wood') === 2)).toBeLessThan(0.05);
  });

  it('gives wood for a chopped tree that was faced, and falls only into ravines that were seen', () => {
    let chopped = 0;
    let fallen = 0;
    for (const seed of seeds) {
      let faced = 0;
      let wood = 0;
      let ravine: number[] = [];
      const random = randomStream(seed, 2);
      const mixed: Rule = (at) => {
        faced = at('treeAhead');
        wood = at('wood');
        ravine = [0, 1, 2].map((side) => at('ravineNear', side));
        return pick(random, 4) === 0 ? pick(random, 4) : woodcutter(at);
      };
      play('tree-search', seed, mixed, (at, action) => {
        if (at('wood') > wood) {
          expect([action, faced]).toEqual([CHOP, 1]);
          chopped += 1;
        }
        if (at('fallen') === 1) {
          expect(ravine[action]).toBe(1);
          fallen += 1;
        }
      });
    }
    expect(chopped).toBeGreaterThan(50);
    expect(fallen).toBeGreaterThan(20);
  });
});

describe('Woodland', () => {
  it('starts on grass with every tree out of sight', () => {
    const size = 18;
    const woodland = new Woodland({ size, trees: 5, ravines: 6, ravineCells: 4, clearing: 3 });
    const random = randomStream(5);
    for (let draw = 0; draw < 200; draw += 1) {
      woodland.draw(random);
      const { cells, start } = woodland;
      expect(cells[start]).toBe(ground.grass);
      const trees = [...cells.keys()].filter((place) => cells[place] === ground.tree);
      expect(trees).toHaveLength(5);
      for (const place of trees) {
        const columns = Math.abs((place % size) - (start % size));
        const rows = Math.abs(Math.floor(place / size) - Math.floor(start / size));
        expect(Math.max(columns, rows)).toBeGreaterThan(3);
      }
    }
  });
});
