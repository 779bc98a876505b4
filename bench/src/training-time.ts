/** Milliseconds for one training in a benchmark: it may wait for its turn on a busy machine, and the figures are not about that. */
export const TRAINING_MILLISECONDS = 3_600_000;
