/** Limits of the HTTP service. */
export const limits = {
  bodyBytes: 8 * 1024 * 1024,
  /** Entries of the arrays and objects of a body, recorded rows apart, and of one row. */
  bodyEntries: 50_000,
  rowEntries: 200_000,
  /** Numbers in one answer: each takes 25 bytes of JSON at most, so 16 MB in all. */
  answerNumbers: 640_000,
  /** The largest number that counts events: PostgreSQL's `integer`. */
  eventSequence: 2 ** 31 - 1,
  /** What a reader of events waits before it connects again. */
  reconnectMilliseconds: 2_000,
  /** Between two comments on an idle event stream. */
  heartbeatMilliseconds: 15_000,
  /** Time that requests under way are given when the service stops. */
  closeMilliseconds: 10_000,
} as const;
