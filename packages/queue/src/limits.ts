/** Limits of the queue. */
export const limits = {
  /** Times a failed wake-up is delivered before it is dropped; the engine's sweep finds what it was for. */
  attempts: 5,
  /** First wait between them; it doubles from one to the next. */
  backoffMilliseconds: 200,
} as const;
