/**
 * First entry of the path of every random stream of a training run, so that resets, search noise, selection and
 * evaluation never share a draw.
 */
export const stream = { resets: 1, noise: 2, selection: 3, finalists: 4, evaluation: 5 } as const;
