/** Thresholds of the smoke run. */
export const limits = {
  /** Episodes of the smoke rollout, and steps of the longest. */
  episodes: 12,
  steps: 40,
  /** Stand-in bound of a field that declares none. */
  unbounded: 10,
  /** A component of this size or more on any row makes a return meaningless. */
  exploded: 1e6,
  /** Share of the components' summed variance above which one of them decides alone. */
  dominating: 0.95,
} as const;
