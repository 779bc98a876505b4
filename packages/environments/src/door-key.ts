import { Environment } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from './builtin.ts';
import { settle, type Variation } from './dynamics.ts';
import { directions, neighbour } from './grid.ts';
import { pick, type Random, randomStream, uniform } from './random.ts';
import type { Simulator } from './simulator.ts';

const size = 7;
const maxVisits = 3;
const maxEpisodeSteps = 100;
/** The chance that a move goes another way than it was meant to. */
const dynamics = { slip: { value: 0, low: 0, high: 0.1 } };

/** The fifth action; the first four are `directions`. */
const USE = 4;

const flag = (name: string, description: string) => ({
  name,
  shape: [],
  unit: 'boolean',
  low: 0,
  high: 1,
  description,
});
const offset = (name: string, thing: string) => ({
  name,
  shape: [2],
  unit: 'cell',
  low: -size,
  high: size,
  description: `Columns to the right and rows down from the agent to ${thing}`,
});
const distance = (name: string, thing: string) => ({
  name,
  shape: [],
  unit: 'cell',
  low: 0,
  high: 2 * size,
  description: `Steps to ${thing}, counted along columns and rows, walls not minded`,
});

const definition = Environment.parse({
  name: 'door-key',
  description:
    'A grid of two rooms with a locked door between them, laid out anew in every episode. The agent starts in the left room: it has to step on the key, which takes it, use it beside the door, walk through, and step on the goal square in the right room. Using the key elsewhere does nothing. The episode ends on the goal.',
  observation: [
    {
      name: 'position',
      shape: [2],
      unit: 'cell',
      low: 1,
      high: size - 2,
      description: 'Column and row of the agent; column 1 is leftmost, row 1 is topmost',
    },
    {
      name: 'visitsNear',
      shape: [4],
      unit: 'visits',
      low: 0,
      high: maxVisits,
      description: `How often the agent has been in the cells to the left, above, to the right and below; at most ${maxVisits}, and ${maxVisits} for walls and the closed door`,
    },
    offset('keyOffset', 'the key; 0 once it is carried'),
    offset('doorOffset', 'the door; 0 once it is open'),
    offset('goalOffset', 'the goal; 0 while the closed door hides it'),
    distance('keyDistance', 'the key; 0 once it is carried'),
    distance('doorDistance', 'the door'),
    distance('goalDistance', 'the goal'),
    flag('atLock', 'The agent carries the key and stands beside the closed door: it can be opened'),
    flag('hasKey', 'The agent carries the key'),
    flag('doorOpen', 'The door is open'),
    flag('atGoal', 'The agent stands on the goal'),
  ],
  action: { kind: 'discrete', n: 5, names: ['left', 'up', 'right', 'down', 'use'] },
  constants: { size, maxVisits },
  maxEpisodeSteps,
});

/** The key room, the wall with its door, and the goal room, after the task of the same name in MiniGrid. */
class DoorKey implements Simulator {
  readonly observation = new Float64Array(19);
  readonly #slip: number;
  #random: Random = randomStream(0);
  #wallColumn = 0;
  readonly #visits = new Uint8Array(size * size);
  #place = 0;
  #key = 0;
  #door = 0;
  #goal = 0;
  #hasKey = false;
  #doorOpen = false;

  constructor(variation?: Variation) {
    this.#slip = settle(dynamics, variation).slip;
  }

  reset(random: Random): void {
    this.#random = random;
    this.#wallColumn = 3 + pick(random, size - 5);
    this.#door = this.#cell(this.#wallColumn, random);
    this.#goal = this.#inside(this.#wallColumn + 1, size - 1, random);
    this.#key = this.#inside(1, this.#wallColumn, random);
    this.#hasKey = false;
    this.#doorOpen = false;
    this.#visits.fill(0);
    let start = this.#key;
    while (start === this.#key) start = this.#inside(1, this.#wallColumn, random);
    this.#enter(start);
    this.#observe();
  }

  step(action: Float64Array): boolean {
    const meant = action[0] ?? USE;
    if (meant === USE) {
      this.#use();
    } else {
      const slipped = this.#slip > 0 && uniform(this.#random, 0, 1) < this.#slip;
      const next = neighbour(this.#place, slipped ? pick(this.#random, directions.length) : meant, size);
      this.#enter(this.#solid(next) ? this.#place : next);
    }
    this.#observe();
    return this.#place === this.#goal;
  }

  #enter(place: number): void {
    this.#place = place;
    this.#visits[place] = Math.min((this.#visits[place] ?? 0) + 1, maxVisits);
    if (place === this.#key) this.#hasKey = true;
  }

  #use(): void {
    if (this.#hasKey && this.#distance(this.#door) === 1) this.#doorOpen = true;
  }

  #solid(place: number): boolean {
    const column = place % size;
    const row = Math.floor(place / size);
    if (column === 0 || row === 0 || column === size - 1 || row === size - 1) return true;
    return column === this.#wallColumn && !(place === this.#door && this.#doorOpen);
  }

  /** A cell of one column, between the outer walls. */
  #cell(column: number, random: Random): number {
    return (1 + pick(random, size - 2)) * size + column;
  }

  /** A cell between two columns, the second excluded. */
  #inside(first: number, end: number, random: Random): number {
    return this.#cell(first + pick(random, end - first), random);
  }

  #columns(place: number): number {
    return (place % size) - (this.#place % size);
  }

  #rows(place: number): number {
    return Math.floor(place / size) - Math.floor(this.#place / size);
  }

  #distance(place: number): number {
    return Math.abs(this.#columns(place)) + Math.abs(this.#rows(place));
  }

  #observe(): void {
    const { observation } = this;
    observation[0] = this.#place % size;
    observation[1] = Math.floor(this.#place / size);
    for (let side = 0; side < directions.length; side += 1) {
      const next = neighbour(this.#place, side, size);
      observation[2 + side] = this.#solid(next) ? maxVisits : (this.#visits[next] ?? 0);
    }
    const key = this.#hasKey ? this.#place : this.#key;
    observation[6] = this.#columns(key);
    observation[7] = this.#rows(key);
    observation[8] = this.#doorOpen ? 0 : this.#columns(this.#door);
    observation[9] = this.#doorOpen ? 0 : this.#rows(this.#door);
    observation[10] = this.#doorOpen ? this.#columns(this.#goal) : 0;
    observation[11] = this.#doorOpen ? this.#rows(this.#goal) : 0;
    observation[12] = this.#distance(key);
    observation[13] = this.#distance(this.#door);
    observation[14] = this.#distance(this.#goal);
    observation[15] = this.#hasKey && !this.#doorOpen && this.#distance(this.#door) === 1 ? 1 : 0;
    observation[16] = this.#hasKey ? 1 : 0;
    observation[17] = this.#doorOpen ? 1 : 0;
    observation[18] = this.#place === this.#goal ? 1 : 0;
  }
}

export const doorKey: BuiltinEnvironment = {
  definition,
  success: `// The agent stands on the goal.
export function success({ next }) {
  return next.atGoal > 0;
}
`,
  fitness: {
    source: `// One for the goal: the mean over episodes is the share of layouts that were solved.
export function success({ next }) {
  return next.atGoal > 0;
}
`,
    aggregate: 'sum',
  },
  solvedAt: 0.8,
  sparseReward: `// One on the goal, nothing else.
export function reward({ next }) {
  return { goal: next.atGoal > 0 ? 1 : 0 };
}
`,
  humanReward: `// The goal, each step towards it once, the way made to what comes next, and a small price of time.
export function reward({ obs, next }) {
  const towardsKey = obs.hasKey > 0 ? 0 : obs.keyDistance - next.keyDistance;
  const towardsDoor = obs.hasKey > 0 && !(obs.doorOpen > 0) ? obs.doorDistance - next.doorDistance : 0;
  const towardsGoal = obs.doorOpen > 0 ? obs.goalDistance - next.goalDistance : 0;
  return {
    goal: next.atGoal > 0 ? 10 : 0,
    key: next.hasKey > obs.hasKey ? 2 : 0,
    door: next.doorOpen > obs.doorOpen ? 4 : 0,
    way: 0.2 * (towardsKey + towardsDoor + towardsGoal),
    time: -0.01,
  };
}
`,
  training: { environmentSteps: 1_000_000, seeds: 3, screen: 0.2 },
  policyFields: ['visitsNear', 'keyOffset', 'doorOffset', 'goalOffset', 'atLock'],
  dynamics,
  create: (variation) => new DoorKey(variation),
};
