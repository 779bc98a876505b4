import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { settle, type Variation } from './dynamics.ts';
import { directions, neighbour, towards } from './grid.ts';
import { pick, type Random, randomStream, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';
import { ground, Woodland } from './woodland.ts';

const size = 18;
const viewRadius = 3;
const farAway = 2 * size;
const woodNeeded = 2;
/** Steps after which a track is gone. */
const trackLife = 60;
/** The chance that a step goes another way than it was meant to. */
const dynamics = { slip: { value: 0, low: 0, high: 0.1 } };

/** The fourth action. */
const CHOP = 3;

const neighbours = 'the cells to the left, ahead and to the right';
const flag = (name: string, description: string) => ({
  name,
  shape: [],
  unit: 'boolean',
  low: 0,
  high: 1,
  description,
});

const definition = Environment.parse({
  name: 'tree-search',
  description:
    'A wide plain with ravines and a handful of trees, laid out anew in every episode. The woodcutter sees three cells far in every direction, and no tree at the start. Search the plain without falling into a ravine, face a tree and chop it; two trees are enough. Nothing in what is seen says which parts have been searched already, the tracks beside the woodcutter apart: a reward has to remember it. The episode ends with the second tree, or with a fall.',
  observation: [
    {
      name: 'position',
      shape: [2],
      unit: 'cell',
      low: 1,
      high: size - 2,
      description: 'Column and row of the woodcutter; column 1 is leftmost, row 1 is topmost',
    },
    { name: 'ravineNear', shape: [3], unit: 'flag', low: 0, high: 1, description: `A ravine in ${neighbours}` },
    {
      name: 'tracksNear',
      shape: [3],
      unit: '1',
      low: 0,
      high: 1,
      description: `How fresh the woodcutter's tracks are in ${neighbours}: 1 just left, fading to 0 in ${trackLife} steps; 1 for cliffs and trees`,
    },
    flag('treeVisible', 'A tree is in view'),
    {
      name: 'treeOffset',
      shape: [2],
      unit: 'cell',
      low: -viewRadius,
      high: viewRadius,
      description: 'Cells ahead and to the right to the nearest tree in view, else 0',
    },
    {
      name: 'treeDistance',
      shape: [],
      unit: 'cell',
      low: 1,
      high: farAway,
      description: `Steps to the nearest tree in view, counted along columns and rows; ${farAway} when there is none`,
    },
    flag('treeAhead', 'A tree is in the cell ahead, where it can be chopped'),
    { name: 'wood', shape: [], unit: 'items', low: 0, high: woodNeeded, description: 'Trees chopped' },
    flag('fallen', 'The woodcutter has fallen into a ravine'),
  ],
  action: { kind: 'discrete', n: 4, names: ['left', 'ahead', 'right', 'chop'] },
  constants: { size, viewRadius, farAway, woodNeeded, trackLife },
  maxEpisodeSteps: 150,
});

/** Turns and moves one cell a step, or chops what is ahead. Cliffs and trees stop the move but not the turn. */
class TreeSearch implements Simulator {
  readonly observation = new Float64Array(15);
  readonly #woodland = new Woodland({ size, trees: 5, ravines: 6, ravineCells: 4, clearing: viewRadius });
  /** The step at which a cell was last left; long ago when never. */
  readonly #left = new Float64Array(size * size);
  readonly #slip: number;
  #random: Random = randomStream(0);
  #steps = 0;
  #place = 0;
  /** Index into `directions`. */
  #heading = 0;
  #wood = 0;

  constructor(variation?: Variation) {
    this.#slip = settle(dynamics, variation).slip;
  }

  reset(random: Random): void {
    this.#random = random;
    this.#woodland.draw(random);
    this.#left.fill(Number.NEGATIVE_INFINITY);
    this.#steps = 0;
    this.#place = this.#woodland.start;
    this.#heading = pick(random, directions.length);
    this.#wood = 0;
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const { cells } = this.#woodland;
    this.#steps += 1;
    if (action[0] === CHOP) {
      this.#chop();
    } else {
      const slipped = this.#slip > 0 && uniform(this.#random, 0, 1) < this.#slip;
      this.#heading = towards(this.#heading, slipped ? pick(this.#random, 3) : (action[0] ?? 1));
      const next = this.#beside(1);
      if (!this.#solid(next)) {
        this.#left[this.#place] = this.#steps;
        this.#place = next;
      }
    }
    this.#observe();
    return this.#wood >= woodNeeded || cells[this.#place] === ground.ravine;
  }

  #chop(): void {
    const ahead = this.#beside(1);
    if (this.#woodland.cells[ahead] !== ground.tree) return;
    this.#woodland.cells[ahead] = ground.grass;
    this.#wood += 1;
  }

  /** The cell to the left (0), ahead (1) or to the right (2). */
  #beside(side: number): number {
    return neighbour(this.#place, towards(this.#heading, side), size);
  }

  #solid(place: number): boolean {
    const { cells } = this.#woodland;
    return cells[place] === ground.cliff || cells[place] === ground.tree;
  }

  #observe(): void {
    const { observation } = this;
    const { cells } = this.#woodland;
    observation[0] = this.#place % size;
    observation[1] = Math.floor(this.#place / size);
    for (let side = 0; side < 3; side += 1) {
      const next = this.#beside(side);
      const age = this.#steps - (this.#left[next] ?? 0);
      observation[2 + side] = cells[next] === ground.ravine ? 1 : 0;
      observation[5 + side] = this.#solid(next) ? 1 : Math.max(0, 1 - age / trackLife);
    }
    this.#look();
    observation[12] = cells[this.#beside(1)] === ground.tree ? 1 : 0;
    observation[13] = this.#wood;
    observation[14] = cells[this.#place] === ground.ravine ? 1 : 0;
  }

  /** The nearest tree in view, the topmost and leftmost of equally near ones. */
  #look(): void {
    const { observation } = this;
    let nearest = farAway;
    observation[9] = 0;
    observation[10] = 0;
    const [east, south] = directions[this.#heading] ?? directions[0];
    const column = this.#place % size;
    const row = Math.floor(this.#place / size);
    for (let rows = Math.max(-viewRadius, -row); rows <= viewRadius; rows += 1) {
      for (let columns = Math.max(-viewRadius, -column); columns <= viewRadius; columns += 1) {
        const steps = Math.abs(rows) + Math.abs(columns);
        if (steps >= nearest || row + rows >= size || column + columns >= size) continue;
        if (this.#woodland.cells[this.#place + rows * size + columns] !== ground.tree) continue;
        nearest = steps;
        observation[9] = columns * east + rows * south;
        observation[10] = rows * east - columns * south;
      }
    }
    observation[8] = nearest < farAway ? 1 : 0;
    observation[11] = nearest;
  }
}

export const treeSearch: BuiltinEnvironment = {
  definition,
  success: `// Enough trees are chopped.
export function success({ next, env }) {
  return next.wood >= env.woodNeeded;
}
`,
  fitness: {
    source: `// The share of the wood that was brought home: the most in an episode.
export function success({ next, env }) {
  return next.wood / env.woodNeeded;
}
`,
    aggregate: 'max',
  },
  solvedAt: 0.6,
  sparseReward: `// One for enough wood, nothing else.
export function reward({ next, env }) {
  return { done: next.wood >= env.woodNeeded ? 1 : 0 };
}
`,
  humanReward: `// Each tree, the hazard, the way made towards a tree in view, and ground outside what has been crossed so far.
export const memory = { west: 99, east: 0, north: 99, south: 0 };
export function reward({ obs, next, memory }) {
  const west = Math.min(memory.west, next.position[0]);
  const east = Math.max(memory.east, next.position[0]);
  const north = Math.min(memory.north, next.position[1]);
  const south = Math.max(memory.south, next.position[1]);
  const wider = memory.east > 0 ? east - west - (memory.east - memory.west) : 0;
  const longer = memory.south > 0 ? south - north - (memory.south - memory.north) : 0;
  return {
    components: {
      wood: 5 * (next.wood - obs.wood),
      fall: next.fallen > 0 ? -2 : 0,
      approach: obs.treeVisible > 0 && next.treeVisible > 0 ? 0.1 * (obs.treeDistance - next.treeDistance) : 0,
      explore: 0.1 * (wider + longer),
    },
    memory: { west, east, north, south },
  };
}
`,
  training: { environmentSteps: 1_000_000, seeds: 3, screen: 0.5 },
  policyFields: ['ravineNear', 'tracksNear', 'treeOffset', 'treeAhead'],
  dynamics,
  create: (variation) => new TreeSearch(variation),
};
