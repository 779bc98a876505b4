import { describe, expect, it } from 'vitest';
import { Cave, cell } from '../src/cave.ts';
import { directions, neighbour } from '../src/grid.ts';
import { pick, randomStream } from '../src/index.ts';
import { environmentNamed, type Reading, read } from './fields.ts';

const builtin = environmentNamed('lava-diamond');
const { definition, create } = builtin;

const LEFT = 0;
const AHEAD = 1;
const RIGHT = 2;
const MINE = 3;

/** Keeps out of lava, goes to a diamond in view, else where it has been least; mines what it faces. */
function careful(at: Reading): number {
  if (at('diamondAhead') === 1) return MINE;
  const towards = [-at('diamondOffset', 1), at('diamondOffset', 0), at('diamondOffset', 1)];
  const value = (side: number) =>
    -20 * at('lavaNear', side) - 2 * at('visitsNear', side) + 3 * (towards[side] ?? 0) + (side === AHEAD ? 0.5 : 0);
  return [LEFT, AHEAD, RIGHT].reduce((best, side) => (value(side) > value(best) ? side : best));
}

/** Plays one cave to its end. */
function play(seed: number, policy: (at: Reading, step: number) => number) {
  const simulator = create();
  simulator.reset(randomStream(seed));
  const at = read(builtin, simulator);
  for (let step = 0; step < definition.maxEpisodeSteps; step += 1) {
    const before = { lava: [LEFT, AHEAD, RIGHT].map((side) => at('lavaNear', side)), faced: at('diamondAhead') };
    const action = policy(at, step);
    if (simulator.step(Float64Array.of(action))) {
      return { found: at('diamonds') === 1, died: at('inLava') === 1, action, before };
    }
  }
  return { found: false, died: false, action: -1, before: undefined };
}

describe('lava-diamond', () => {
  it('can be solved from what the miner sees in most caves, and hardly ever by chance', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    const share = (outcomes: { found: boolean }[]) => outcomes.filter(({ found }) => found).length / seeds.length;
    expect(share(seeds.map((seed) => play(seed, careful)))).toBeGreaterThan(0.75);
    const chance = seeds.map((seed) => {
      const random = randomStream(seed, 1);
      return play(seed, () => pick(random, 4));
    });
    expect(share(chance)).toBeLessThan(0.1);
    expect(chance.filter(({ died }) => died).length).toBeGreaterThan(100);
  });

  it('ends in lava that was announced, or with a mined diamond that was faced', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const random = randomStream(seed, 2);
      const { found, died, action, before } = play(seed, (at) =>
        pick(random, 3) === 0 ? pick(random, 4) : careful(at),
      );
      expect(found && died).toBe(false);
      if (died) expect(before?.lava[action]).toBe(1);
      if (found) expect([action, before?.faced]).toEqual([MINE, 1]);
    }
  });

  it('stays where it is when it mines or runs into rock, and counts each cell once', () => {
    const simulator = create();
    simulator.reset(randomStream(7));
    const at = read(builtin, simulator);
    const place = () => `${at('position', 0)},${at('position', 1)}`;
    const seen = new Set([place()]);
    for (let step = 0; step < 60; step += 1) {
      const before = place();
      const action = at('lavaNear', AHEAD) === 1 ? MINE : AHEAD;
      simulator.step(Float64Array.of(action));
      if (action === MINE) expect(place()).toBe(before);
      seen.add(place());
      expect(at('cellsVisited')).toBe(seen.size);
    }
  });
});

describe('Cave', () => {
  it('always has a safe way to the diamond that is long enough', () => {
    const cave = new Cave({ size: 11, pools: 4, poolCells: 4, minDistance: 8 });
    const random = randomStream(11);
    for (let draw = 0; draw < 200; draw += 1) {
      cave.draw(random);
      expect(cave.cells[cave.diamond]).toBe(cell.diamond);
      expect(cave.cells.includes(cell.lava)).toBe(true);
      let frontier = new Set([cave.start]);
      const reached = new Set(frontier);
      let steps = 0;
      while (!reached.has(cave.diamond) && frontier.size > 0) {
        frontier = new Set(
          [...frontier]
            .flatMap((place) => directions.map((_, direction) => neighbour(place, direction, 11)))
            .filter(
              (place) => !reached.has(place) && [cell.floor, cell.diamond].some((kind) => kind === cave.cells[place]),
            ),
        );
        for (const place of frontier) reached.add(place);
        steps += 1;
      }
      expect(reached.has(cave.diamond)).toBe(true);
      expect(steps).toBeGreaterThanOrEqual(8);
    }
  });
});
