import { directions, neighbour } from './grid.ts';
import { pick, type Random } from './random.ts';

/** What a cell of a cave holds. */
export const cell = { floor: 0, rock: 1, lava: 2, diamond: 3 } as const;

/** How a cave is drawn. */
export interface CaveShape {
  /** Cells along a side, the rock around it included. */
  readonly size: number;
  readonly pools: number;
  readonly poolCells: number;
  /** Steps of the shortest safe way from the start to the diamond, at least. */
  readonly minDistance: number;
}

/** A square cave walled by rock, with pools of lava and one diamond that can be reached. Row-major cells. */
export class Cave {
  readonly cells: Uint8Array;
  start = 0;
  diamond = 0;
  readonly #shape: CaveShape;
  readonly #distance: Int16Array;
  readonly #queue: Int16Array;

  constructor(shape: CaveShape) {
    this.#shape = shape;
    this.cells = new Uint8Array(shape.size * shape.size);
    this.#distance = new Int16Array(this.cells.length);
    this.#queue = new Int16Array(this.cells.length);
  }

  /** Draws caves until one has a diamond far enough from the start. */
  draw(random: Random): void {
    do {
      this.#walls();
      for (let pool = 0; pool < this.#shape.pools; pool += 1) this.#pool(random);
      this.start = this.#inside(random);
      this.diamond = this.#inside(random);
    } while (
      this.cells[this.start] !== cell.floor ||
      this.cells[this.diamond] !== cell.floor ||
      this.#walk() < this.#shape.minDistance
    );
    this.cells[this.diamond] = cell.diamond;
  }

  #walls(): void {
    const { size } = this.#shape;
    for (let index = 0; index < this.cells.length; index += 1) {
      const column = index % size;
      const row = Math.floor(index / size);
      const edge = column === 0 || row === 0 || column === size - 1 || row === size - 1;
      this.cells[index] = edge ? cell.rock : cell.floor;
    }
  }

  /** Lava along a random walk. */
  #pool(random: Random): void {
    let place = this.#inside(random);
    for (let count = 0; count < this.#shape.poolCells; count += 1) {
      this.cells[place] = cell.lava;
      const next = neighbour(place, pick(random, directions.length), this.#shape.size);
      if (this.cells[next] !== cell.rock) place = next;
    }
  }

  #inside(random: Random): number {
    const { size } = this.#shape;
    return (1 + pick(random, size - 2)) * size + 1 + pick(random, size - 2);
  }

  /** Steps of the shortest way over floor from the start to the diamond; -1 when there is none. */
  #walk(): number {
    this.#distance.fill(-1);
    this.#distance[this.start] = 0;
    this.#queue[0] = this.start;
    let length = 1;
    for (let head = 0; head < length; head += 1) {
      const place = this.#queue[head] ?? 0;
      if (place === this.diamond) return this.#distance[place] ?? -1;
      for (let direction = 0; direction < directions.length; direction += 1) {
        const next = neighbour(place, direction, this.#shape.size);
        if (this.cells[next] !== cell.floor || this.#distance[next] !== -1) continue;
        this.#distance[next] = (this.#distance[place] ?? 0) + 1;
        this.#queue[length] = next;
        length += 1;
      }
    }
    return -1;
  }
}
