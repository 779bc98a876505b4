/** Thresholds of the analyzer. */
export const limits = {
  /** An episode that fails before this share of the longest possible one has ended early. */
  earlyShare: 0.5,
  /** A field whose range over the last half of an episode is below this share of its range over all is held still. */
  stillShare: 0.02,
  /** Shortest episode, in steps, of which stuck and drifted are said. */
  steps: 20,
  /** Share of steps at one extreme of the action above which it is saturated. */
  saturatedShare: 0.9,
  /** Share of the components' summed size above which one of them decides alone. */
  dominating: 0.95,
  /** Rise of the return, in its standard deviations over checkpoints, that counts as rising. */
  rising: 0.5,
} as const;
