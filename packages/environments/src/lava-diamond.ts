import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { Cave, cell } from './cave.ts';
import { settle, type Variation } from './dynamics.ts';
import { directions, neighbour, towards } from './grid.ts';
import { pick, type Random, randomStream, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const size = 11;
const viewRadius = 2;
const maxVisits = 3;
const farAway = 2 * size;
const openCells = (size - 2) * (size - 2);

/** The chance that a step goes another way than it was meant to. */
const dynamics = { slip: { value: 0, low: 0, high: 0.1 } };

const neighbours = 'the cells to the left, ahead and to the right';

const definition = Environment.parse({
  name: 'lava-diamond',
  description:
    'A dark cave with pools of lava and one diamond, laid out anew in every episode. The miner sees two cells far in every direction. Explore the cave, keep out of the lava, face the diamond and mine it. The episode ends with the diamond, or with death in the lava.',
  observation: [
    {
      name: 'position',
      shape: [2],
      unit: 'cell',
      low: 1,
      high: size - 2,
      description: 'Column and row of the miner; column 1 is leftmost, row 1 is topmost',
    },
    { name: 'lavaNear', shape: [3], unit: 'flag', low: 0, high: 1, description: `Lava in ${neighbours}` },
    {
      name: 'visitsNear',
      shape: [3],
      unit: 'visits',
      low: 0,
      high: maxVisits,
      description: `How often the miner has been in ${neighbours}; at most ${maxVisits}, and ${maxVisits} for rock and ore`,
    },
    {
      name: 'nearestLavaDistance',
      shape: [],
      unit: 'cell',
      low: 0,
      high: viewRadius + 1,
      description: `Steps to the nearest lava, counted along columns and rows; ${viewRadius + 1} when it is further than ${viewRadius}`,
    },
    { name: 'diamondVisible', shape: [], unit: 'boolean', low: 0, high: 1, description: 'The diamond is in view' },
    {
      name: 'diamondOffset',
      shape: [2],
      unit: 'cell',
      low: -viewRadius,
      high: viewRadius,
      description: 'Cells ahead and to the right from the miner to the diamond while it is in view, else 0',
    },
    {
      name: 'diamondDistance',
      shape: [],
      unit: 'cell',
      low: 0,
      high: farAway,
      description: `Steps to the diamond while it is in view, counted along columns and rows; ${farAway} else`,
    },
    {
      name: 'diamondAhead',
      shape: [],
      unit: 'boolean',
      low: 0,
      high: 1,
      description: 'The diamond is in the cell ahead, where it can be mined',
    },
    {
      name: 'cellsVisited',
      shape: [],
      unit: 'cells',
      low: 1,
      high: openCells,
      description: 'Different cells that the miner has been in since reset',
    },
    { name: 'inLava', shape: [], unit: 'boolean', low: 0, high: 1, description: 'The miner has died in lava' },
    { name: 'diamonds', shape: [], unit: 'items', low: 0, high: 1, description: 'Diamonds found' },
  ],
  action: { kind: 'discrete', n: 4, names: ['left', 'ahead', 'right', 'mine'] },
  constants: { size, viewRadius, maxVisits, farAway, openCells },
  maxEpisodeSteps: 120,
});

/** The fourth action. */
const MINE = 3;

/**
 * Turns and moves one cell a step, or mines what is ahead. Rock and ore stop the move but not the turn; lava and the
 * mined diamond end the episode.
 */
class LavaDiamond implements Simulator {
  readonly observation = new Float64Array(17);
  readonly #cave = new Cave({ size, pools: 4, poolCells: 4, minDistance: 8 });
  readonly #visits = new Uint8Array(size * size);
  #place = 0;
  /** Index into `directions`. */
  #heading = 0;
  #cellsVisited = 0;
  #mined = false;
  readonly #slip: number;
  #random: Random = randomStream(0);

  constructor(variation?: Variation) {
    this.#slip = settle(dynamics, variation).slip;
  }

  reset(random: Random): void {
    this.#random = random;
    this.#cave.draw(random);
    this.#heading = pick(random, directions.length);
    this.#visits.fill(0);
    this.#cellsVisited = 0;
    this.#mined = false;
    this.#enter(this.#cave.start);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const { cells } = this.#cave;
    if (action[0] === MINE) {
      this.#mined = cells[this.#ahead(1)] === cell.diamond;
    } else {
      const slipped = this.#slip > 0 && uniform(this.#random, 0, 1) < this.#slip;
      this.#heading = towards(this.#heading, slipped ? pick(this.#random, 3) : (action[0] ?? 1));
      const next = this.#ahead(1);
      const solid = cells[next] === cell.rock || cells[next] === cell.diamond;
      this.#enter(solid ? this.#place : next);
    }
    this.#observe();
    return this.#mined || cells[this.#place] === cell.lava;
  }

  /** The cell to the left (0), ahead (1) or to the right (2). */
  #ahead(side: number): number {
    return neighbour(this.#place, towards(this.#heading, side), size);
  }

  #enter(place: number): void {
    this.#place = place;
    const visits = this.#visits[place] ?? 0;
    if (visits === 0) this.#cellsVisited += 1;
    if (visits < maxVisits) this.#visits[place] = visits + 1;
  }

  #observe(): void {
    const { observation } = this;
    const { cells, diamond } = this.#cave;
    const place = this.#place;
    const column = place % size;
    const row = Math.floor(place / size);
    observation[0] = column;
    observation[1] = row;
    for (let side = 0; side < 3; side += 1) {
      const next = this.#ahead(side);
      observation[2 + side] = cells[next] === cell.lava ? 1 : 0;
      observation[5 + side] =
        cells[next] === cell.rock || cells[next] === cell.diamond ? maxVisits : (this.#visits[next] ?? 0);
    }
    observation[8] = this.#nearestLava(column, row);
    const columns = (diamond % size) - column;
    const rows = Math.floor(diamond / size) - row;
    const visible = Math.abs(columns) <= viewRadius && Math.abs(rows) <= viewRadius;
    const [east, south] = directions[this.#heading] ?? directions[0];
    observation[9] = visible ? 1 : 0;
    observation[10] = visible ? columns * east + rows * south : 0;
    observation[11] = visible ? rows * east - columns * south : 0;
    observation[12] = visible ? Math.abs(columns) + Math.abs(rows) : farAway;
    observation[13] = cells[this.#ahead(1)] === cell.diamond ? 1 : 0;
    observation[14] = this.#cellsVisited;
    observation[15] = cells[place] === cell.lava ? 1 : 0;
    observation[16] = this.#mined ? 1 : 0;
  }

  #nearestLava(column: number, row: number): number {
    let nearest = viewRadius + 1;
    for (let rows = -viewRadius; rows <= viewRadius; rows += 1) {
      const reach = viewRadius - Math.abs(rows);
      for (let columns = -reach; columns <= reach; columns += 1) {
        if (this.#at(column + columns, row + rows) !== cell.lava) continue;
        nearest = Math.min(nearest, Math.abs(columns) + Math.abs(rows));
      }
    }
    return nearest;
  }

  #at(column: number, row: number): number {
    const outside = column < 0 || row < 0 || column >= size || row >= size;
    return outside ? cell.rock : (this.#cave.cells[row * size + column] ?? cell.rock);
  }
}

export const lavaDiamond: BuiltinEnvironment = {
  definition,
  success: `// The diamond is mined.
export function success({ next }) {
  return next.diamonds > 0;
}
`,
  fitness: {
    source: `// One for the diamond: the mean over episodes is the share of caves in which it was found.
export function success({ next }) {
  return next.diamonds > 0;
}
`,
    aggregate: 'sum',
  },
  // A short hand-written rule mines four diamonds of five.
  solvedAt: 0.5,
  sparseReward: `// One for the diamond, nothing else.
export function reward({ next }) {
  return { diamond: next.diamonds > 0 ? 1 : 0 };
}
`,
  humanReward: `// The goal, the hazard, a small price of time, new ground, and the way made towards a diamond in view.
export function reward({ obs, next }) {
  return {
    diamond: next.diamonds > 0 ? 10 : 0,
    lava: next.inLava ? -1 : 0,
    time: -0.01,
    explore: 0.1 * (next.cellsVisited - obs.cellsVisited),
    approach: 0.1 * (obs.diamondDistance - next.diamondDistance),
  };
}
`,
  training: { environmentSteps: 500_000, seeds: 3, screen: 0.4 },
  policyFields: ['lavaNear', 'visitsNear', 'diamondOffset', 'diamondAhead'],
  dynamics,
  create: (variation) => new LavaDiamond(variation),
};
