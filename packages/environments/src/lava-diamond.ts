import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { Cave, cell, directions } from './cave.ts';
import type { Random } from './random.ts';
import type { Simulator } from './simulator.ts';

const size = 11;
const viewRadius = 2;
const maxVisits = 4;
const farAway = 2 * size;
const openCells = (size - 2) * (size - 2);

const neighbours = 'of the cells to the left, above, to the right and below';

const definition = Environment.parse({
  name: 'lava-diamond',
  description:
    'A dark cave with pools of lava and one diamond, laid out anew in every episode. The miner sees two cells far in every direction. Explore the cave, keep out of the lava and step on the diamond. The episode ends with the diamond, or with death in the lava.',
  observation: [
    {
      name: 'position',
      shape: [2],
      unit: 'cell',
      low: 1,
      high: size - 2,
      description: 'Column and row of the miner; column 1 is leftmost, row 1 is topmost',
    },
    { name: 'lavaNear', shape: [4], unit: 'flag', low: 0, high: 1, description: `Lava: ${neighbours}` },
    {
      name: 'visitsNear',
      shape: [4],
      unit: 'visits',
      low: 0,
      high: maxVisits,
      description: `How often the miner has been there, at most ${maxVisits}, which rock always has: ${neighbours}`,
    },
    {
      name: 'nearestLavaDistance',
      shape: [],
      unit: 'cell',
      low: 0,
      high: viewRadius + 1,
      description: `Steps to the nearest lava in view, counted along columns and rows; ${viewRadius + 1} when none is that near`,
    },
    { name: 'diamondVisible', shape: [], unit: 'boolean', low: 0, high: 1, description: 'The diamond is in view' },
    {
      name: 'diamondOffset',
      shape: [2],
      unit: 'cell',
      low: -viewRadius,
      high: viewRadius,
      description: 'Columns and rows from the miner to the diamond while it is in view, else 0',
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
  action: { kind: 'discrete', n: 4, names: ['left', 'up', 'right', 'down'] },
  constants: { size, viewRadius, maxVisits, farAway, openCells },
  maxEpisodeSteps: 100,
});

/** Moves one cell a step; rock stops a move, lava and the diamond end the episode. */
class LavaDiamond implements Simulator {
  readonly observation = new Float64Array(18);
  readonly #cave = new Cave({ size, pools: 3, poolCells: 4, minDistance: 7 });
  readonly #visits = new Uint8Array(size * size);
  #place = 0;
  #cellsVisited = 0;

  reset(random: Random): void {
    this.#cave.draw(random);
    this.#visits.fill(0);
    this.#cellsVisited = 0;
    this.#enter(this.#cave.start);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const next = this.#cave.neighbour(this.#place, action[0] ?? 0);
    this.#enter(this.#cave.cells[next] === cell.rock ? this.#place : next);
    this.#observe();
    const found = this.#cave.cells[this.#place];
    return found === cell.lava || found === cell.diamond;
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
    for (let direction = 0; direction < directions.length; direction += 1) {
      const next = this.#cave.neighbour(place, direction);
      observation[2 + direction] = cells[next] === cell.lava ? 1 : 0;
      observation[6 + direction] = cells[next] === cell.rock ? maxVisits : (this.#visits[next] ?? 0);
    }
    observation[10] = this.#nearestLava(column, row);
    const columns = (diamond % size) - column;
    const rows = Math.floor(diamond / size) - row;
    const visible = Math.abs(columns) <= viewRadius && Math.abs(rows) <= viewRadius;
    observation[11] = visible ? 1 : 0;
    observation[12] = visible ? columns : 0;
    observation[13] = visible ? rows : 0;
    observation[14] = visible ? Math.abs(columns) + Math.abs(rows) : farAway;
    observation[15] = this.#cellsVisited;
    observation[16] = cells[place] === cell.lava ? 1 : 0;
    observation[17] = cells[place] === cell.diamond ? 1 : 0;
  }

  #nearestLava(column: number, row: number): number {
    let nearest = viewRadius + 1;
    for (let rows = -viewRadius; rows <= viewRadius; rows += 1) {
      for (let columns = -viewRadius; columns <= viewRadius; columns += 1) {
        const distance = Math.abs(columns) + Math.abs(rows);
        if (distance < nearest && this.#at(column + columns, row + rows) === cell.lava) nearest = distance;
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
  success: `// The miner has stepped on the diamond.
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
  sparseReward: `// One for the diamond, nothing else.
export function reward({ next }) {
  return { diamond: next.diamonds > 0 ? 1 : 0 };
}
`,
  humanReward: `// The usual grid world's: the goal, the hazard, and a small price of time.
export function reward({ next }) {
  return { diamond: next.diamonds > 0 ? 1 : 0, lava: next.inLava ? -1 : 0, time: -0.01 };
}
`,
  training: { environmentSteps: 500_000, seeds: 3 },
  policyFields: ['lavaNear', 'visitsNear', 'diamondOffset'],
  create: () => new LavaDiamond(),
};
