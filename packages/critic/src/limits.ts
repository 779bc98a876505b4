/** Thresholds of the smoke run. */
export const limits = {
  /** Episodes of the smoke rollout, and steps of the longest. */
  episodes: 12,
  steps: 40,
  /** Stand-in bound of a field that declares none. */
  unbounded: 10,
  /** A component of this size or more on any row makes a return meaningless. */
  exploded: 1e6,
  /** Share of what one component differs by from step to step below which the span of every other is drowned. */
  drowned: 0.02,
  /** Pairs of states between which the smoke rollout goes back and forth, and there-and-back trips a pair. */
  pairs: 8,
  trips: 3,
  /** Share of pairs that must pay for going back and forth, and pay in units of the total's standard deviation. */
  oscillationShare: 0.8,
  oscillationPay: 0.25,
  /** Correlation of return and length above which an episode's length alone decides. */
  flooding: 0.98,
  /** Recorded episodes of each outcome below which they are not compared, and rows that meet the success condition. */
  outcomes: 2,
  successRows: 3,
  /** Random steps from which a search for success begins, climbs and draws of one, and rounds. */
  successDraws: 512,
  successPairs: 16,
  successMoves: 24,
  successRounds: 12,
  /** Share of made-up steps that meet the success condition which must pay less than without it. */
  successLess: 0.9,
  /** The gate: pairs of episodes count that differ by this share of the range; so many at least, and at most this share reversed. */
  gate: { difference: 0.1, pairs: 12, reversed: 0.6 },
  /** Significant digits to which behaviour is compared. */
  behaviourDigits: 6,
  /** Characters of a review's texts that are kept. */
  reviewText: 600,
  /** Findings of one review that are kept. */
  reviewFindings: 12,
} as const;
