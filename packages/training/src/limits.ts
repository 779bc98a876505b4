/** The settings of policy search that were chosen by measurement; docs/decisions/0002-policy-search.md has the figures. */
export const search = {
  /** A multiple of four. */
  hiddenUnits: 8,
  /** Initial step size of the search distribution, in units of a weight. */
  initialSigma: 0.5,
  /** The step size is never widened past this. */
  maxSigma: 4,
  population: 24,
  /** Growth of the population from restart to restart. */
  populationGrowth: 1.5,
  maxPopulation: 96,
  /** Episodes per candidate: grows from the first to the last by doubling, then the search restarts. */
  minEpisodes: 1,
  maxEpisodes: 4,
  /** Generations without a better median return before episodes are doubled. */
  patience: 40,
  /** Step size, as a share of the initial one, under which the search has converged. */
  convergedSigma: 0.02,
  /** Looks at training over one run. */
  checkpoints: 10,
  /**
   * Episodes, the same at every checkpoint, on which policies are compared by the reward trained on: as many as cost
   * this share of the budget at full length, within the limits.
   */
  selectionShare: 0.01,
  minSelectionEpisodes: 8,
  maxSelectionEpisodes: 64,
  /** Best policies that are compared once more on fresh episodes at the end. */
  finalists: 3,
  /** Bytes of the one rollout buffer; a generation that needs more is labelled in several calls. */
  rolloutBytes: 16 * 1024 * 1024,
} as const;
