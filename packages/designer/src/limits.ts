/** Limits of the grammar designer. */
export const limits = {
  /** Terms in a program that starts anew, at least and at most. */
  initialTerms: { least: 2, most: 5 },
  /** Terms in any program; an operator that would add more swaps one instead. */
  terms: 8,
  /** Factors of a rescaled weight. */
  factors: [0.1, 0.3, 3, 10],
  /** Factors on a term's base weight when it enters a program. */
  entryFactors: [0.3, 1, 1, 3],
  /** Share of draws from each group of terms. */
  groupShares: { goal: 0.5, field: 0.35, cost: 0.15 },
} as const;
