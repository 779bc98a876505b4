const supervisor = process.ppid;

/**
 * Ends this process when its supervisor has died: a busy loop does not see the channel close. Where the platform can,
 * the kernel does this by itself; this holds everywhere else, once a generation.
 */
export function endWhenOrphaned(): void {
  if (process.ppid !== supervisor) process.exit(0);
}
