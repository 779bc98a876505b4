/**
 * First entry of the path of every random stream of a training run, so that resets, search noise, selection and
 * evaluation, under published and under varied dynamics, never share a draw.
 */
export const stream = {
  resets: 1,
  noise: 2,
  selection: 3,
  finalists: 4,
  evaluation: 5,
  variations: 6,
  varied: 7,
} as const;
