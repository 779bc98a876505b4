/** Every limit and period of the task machine. */
export const limits = {
  /** Proposals of one slot in all, until one is accepted; then it stays empty. */
  triesPerSlot: 4,
  /** What does not answer a health check within this is down; a client of a lost server may wait for ever. */
  healthMilliseconds: 2_000,
  /** A step whose lease runs out is taken by another worker. */
  leaseMilliseconds: 30_000,
  heartbeatMilliseconds: 5_000,
  /** Failures of a step for the service's own reasons before its task fails, and the first wait between two; it doubles. */
  stepFailures: 5,
  retryMilliseconds: 1_000,
  /** A sweep wakes this many steps for every training at once; more would pile up beside the wake-ups that are there. */
  sweepMilliseconds: 10_000,
  sweptStepsPerTraining: 4,
  /** A task that paused for a fault which may pass goes on by itself after this; it doubles each time, up to the most. */
  resumeMilliseconds: 30_000,
  resumeMostMilliseconds: 15 * 60_000,
  /** Times that a task goes on by itself without an answer in between, after which it waits for somebody, and the longest `Retry-After` that is waited for. */
  resumptions: 8,
  resumeLongestMilliseconds: 6 * 3_600_000,
  /** A run that had less than this share of its time on a processor was starved, not slow. */
  starvedShare: 0.5,
  /** Tasks advanced at once by one process; a move is one short transaction. */
  advanceConcurrency: 4,
  /**
   * Episodes that measure one training run's policy: as many as cost this share of the run at full length, within the limits. The chance of
   * so few episodes as 32 is as large as what lies between training seeds (docs/decisions/0010-openings.md).
   */
  evaluationShare: 0.1,
  leastEpisodes: 32,
  mostEpisodes: 128,
  /** Training seeds of each round that decides between finalists, half of which it leaves; used for nothing else. */
  confirmationRounds: [1, 2, 2],
  /** Training seeds of the closing comparison; used for nothing else. */
  heldOutSeeds: 5,
  leastHeldOutEpisodes: 64,
  /** Variations of the dynamics that a closing training's policy is measured under, beside the published ones. */
  variations: 8,
  paritySeed: 2026,
  /** Standard errors of a difference by which a flagged candidate is ranked lower. */
  flagErrors: 2,
  /** Probability from which one reward is said to be better than another. */
  sure: 0.95,
  /** Best candidates that the others are judged beside. */
  rivals: 4,
  /** Environment steps below which no training is cut. */
  leastTraining: 1_000,
  /** Half-widths of the bounds in a race between candidates, in standard errors. */
  raceDeviations: 1,
  /** Numbers of a program that are tuned, its `params` first, and trained candidates that a proposal is drawn from, the best and the latest. */
  tunedNumbers: 24,
  tuningTrials: 64,
  /** Finished tasks that a new one learns from. */
  learnedTasks: 50,
  /** Best candidates whose recorded episodes a new program is judged on. */
  recordedCandidates: 4,
  /** What a forecast reckons with: designs a proposal with its repairs, tokens of an answer, characters a token. */
  usualCalls: 1.5,
  usualAnswerTokens: 1_200,
  usualCharactersPerToken: 4,
  /** Characters of episodes, and of a parent's facts, in a prompt that a model has found too long. */
  shorterTrajectories: 1_500,
  shorterFacts: 1_500,
  eventPage: 200,
  lineage: 64,
  /** Time between two moves of a task beyond this is time the service was down, and is not counted as spent. */
  countedGapSeconds: 30,
} as const;
