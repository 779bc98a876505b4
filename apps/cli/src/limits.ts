/** Limits and periods of the command line. */
export const limits = {
  /** How long a data directory may be held by a service that is about to end. */
  heldDirectoryMilliseconds: 5_000,
  heldDirectoryPauseMilliseconds: 200,
  /** From a broken connection to the end of the process behind it. */
  endMilliseconds: 500,
  /** Characters of a thought or a reason on one line. */
  thoughtLength: 160,
  /** Characters of a model's answer that `doctor --model` shows. */
  answerLength: 1_200,
  /** How long a service has to say that it is there. */
  reachMilliseconds: 2_000,
  /** Between two lines of progress where no terminal reads. */
  quietSeconds: 5,
} as const;
