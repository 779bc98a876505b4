/** Left, up, right, down: the change of column and of row. */
export const directions = [
  [-1, 0],
  [0, -1],
  [1, 0],
  [0, 1],
] as const;

/** The cell next to a cell of a row-major square grid; only for cells that are not at its edge. */
export function neighbour(place: number, direction: number, size: number): number {
  const [columns, rows] = directions[direction] ?? directions[0];
  return place + rows * size + columns;
}

/** The direction to the left (0), ahead (1) or to the right (2) of a heading. */
export function towards(heading: number, side: number): number {
  return (heading + side + 3) % directions.length;
}
