/** Limits and periods of the command line. */
export const limits = {
  /** How long a data directory may be held by a service that is about to end. */
  heldDirectoryMilliseconds: 5_000,
  heldDirectoryPauseMilliseconds: 200,
  /** From a broken connection to the end of the process behind it. */
  endMilliseconds: 500,
  /** Between two lines of progress where no terminal reads. */
  quietSeconds: 5,
} as const;
