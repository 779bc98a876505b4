import { directions, neighbour } from './grid.ts';
import { pick, type Random } from './random.ts';

/** What a cell of the woodland holds. */
export const ground = { grass: 0, cliff: 1, ravine: 2, tree: 3 } as const;

/** How a woodland is drawn. */
export interface WoodlandShape {
  /** Cells along a side, the cliffs around it included. */
  readonly size: number;
  readonly trees: number;
  readonly ravines: number;
  readonly ravineCells: number;
  /** Columns and rows that lie between the start and every tree, at least, along one of the two. */
  readonly clearing: number;
}

/** A square plain within cliffs, with ravines and a few trees. Row-major cells. */
export class Woodland {
  readonly cells: Uint8Array;
  start = 0;
  readonly #shape: WoodlandShape;

  constructor(shape: WoodlandShape) {
    this.#shape = shape;
    this.cells = new Uint8Array(shape.size * shape.size);
  }

  /** Draws the plain anew; the start and what surrounds it is grass, and no tree is in sight of it. */
  draw(random: Random): void {
    const { size, ravines, ravineCells, trees, clearing } = this.#shape;
    const { cells } = this;
    for (let place = 0; place < cells.length; place += 1) {
      const column = place % size;
      const row = Math.floor(place / size);
      const edge = column === 0 || row === 0 || column === size - 1 || row === size - 1;
      cells[place] = edge ? ground.cliff : ground.grass;
    }
    this.start = this.#inside(random);
    for (let count = 0; count < ravines; count += 1) {
      let place = this.#inside(random);
      for (let length = 0; length < ravineCells; length += 1) {
        if (this.#fromStart(place) > 1) cells[place] = ground.ravine;
        const next = neighbour(place, pick(random, directions.length), size);
        if (cells[next] !== ground.cliff) place = next;
      }
    }
    for (let planted = 0; planted < trees; ) {
      const place = this.#inside(random);
      if (this.#fromStart(place) <= clearing || cells[place] !== ground.grass) continue;
      cells[place] = ground.tree;
      planted += 1;
    }
  }

  #fromStart(place: number): number {
    const { size } = this.#shape;
    const columns = Math.abs((place % size) - (this.start % size));
    const rows = Math.abs(Math.floor(place / size) - Math.floor(this.start / size));
    return Math.max(columns, rows);
  }

  #inside(random: Random): number {
    const { size } = this.#shape;
    return (1 + pick(random, size - 2)) * size + 1 + pick(random, size - 2);
  }
}
