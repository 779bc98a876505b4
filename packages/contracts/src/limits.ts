/** Every limit that input is held to. Each one is enforced by a schema of this package or by the room named beside it. */
export const limits = {
  nameLength: 64,
  descriptionLength: 20_000,
  fieldDescriptionLength: 500,
  fields: 256,
  vectorLength: 256,
  episodeSteps: 10_000,
  /** Characters of reward source text. */
  sourceLength: 32_000,
  environmentSourceLength: 100_000,
  modelNameLength: 128,
  /** Models of one role. */
  models: 8,
  /** Repairs of one proposal. */
  repairs: 10,
  modelTokensPerTask: 1e10,
  modelCallsPerTask: 1e6,
  moneyPerTask: 1e6,
  generations: 100,
  population: 64,
  trainingSeeds: 16,
  environmentStepsPerTraining: 200_000_000,
  environmentStepsPerTask: 1e12,
  wallClockSecondsPerTask: 30 * 86_400,
  listPage: 200,
} as const;
