/** Thresholds of the analyzer. */
export const limits = {
  /** A run below this share of the steps of its candidate's longest one is a short one, made to screen it. */
  wholeShare: 0.6,
  /** An episode that fails before this share of the longest possible one has ended early. */
  earlyShare: 0.5,
  /** A field whose range over the last half of an episode is below this share of its range over all is held still. */
  stillShare: 0.02,
  /** Shortest episode, in steps, of which stuck and drifted are said. */
  steps: 20,
  /** Share of an episode that a field must stay at a bound at its end to have drifted there. */
  driftedShare: 0.2,
  /** Share of steps at one extreme of the action above which it is saturated. */
  saturatedShare: 0.9,
  /** Share of the components' summed variance above which one of them decides alone. */
  dominating: 0.95,
  /** Rise of the return, in its standard deviations over checkpoints, that counts as rising. */
  rising: 0.5,
  /** Correlation with time above which a value rises, or falls, steadily; and the change, as a share of its size, that counts. */
  trend: 0.5,
  changed: 0.05,
  /** Share of the shortfall at the start that must be made up for the goal to count as approached, and as lost again. */
  approached: 0.5,
  neverApproached: 0.1,
  /** Share of a field's declared width within which it has not moved at all. */
  idleShare: 0.02,
  /** Share of steps on which an action turns round above which it oscillates. */
  oscillating: 0.6,
  /** Share of an action's width that a turn must span. */
  turn: 0.5,
  /** Rise of fitness, in its standard deviations over checkpoints, below which it has not followed the return. */
  followed: 0.25,
  /** Share of the way from the worst known fitness to the rival's below which a policy counts as failing beside it. */
  failingShare: 0.5,
  /** Difference in success rate from which a policy counts as failing beside another. */
  successGap: 0.5,
  /** Share of its own return by which a reward may pay success more than failure and still not tell them apart. */
  indifferent: 0.01,
  /** Standard errors by which failure must be paid more than success: few episodes are sampled, and starts differ. */
  clearErrors: 1,
  /** Share of a component's pay that the pointed-out steps hold. */
  farmedShare: 0.8,
  /** Share of the pointed-out steps on which a sensor must stand at a bound. */
  atBoundShare: 0.8,
  /** Share of the shortfall at the start under which an episode that never succeeds is near the goal. */
  hovering: 0.35,
  /** Share of the longest episode from which one counts as drawn out. */
  drawnOutShare: 0.9,
  /** Times that a field turns round, within a part of its range, before an episode goes back and forth. */
  turnings: 4,
  turningShare: 0.2,
  /** Share by which the mean episode length must change over training to be told as how a reward is farmed. */
  lengthChange: 0.2,
  /** Characters of all rendered episodes, the columns of one, those of fields and actions that it has at least, and its rows. */
  trajectoryCharacters: 6_000,
  trajectoryColumns: 10,
  trajectoryFields: 4,
  trajectoryRows: 24,
  /** Share of the largest value of a column below which a value is shown as 0. */
  trajectoryNought: 1e-3,
  /** Causes and characters of each text of a summary that are kept. */
  causes: 8,
  summaryText: 800,
} as const;
