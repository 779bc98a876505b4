/** Limits of the queue. */
export const limits = {
  /** Times a failed wake-up is delivered before it is dropped; the engine's sweep finds what it was for. */
  attempts: 5,
  /** A wake-up that is not taken within this is left to the sweep. */
  wakeMilliseconds: 2_000,
  /** First wait between them; it doubles from one to the next. */
  backoffMilliseconds: 200,
} as const;
