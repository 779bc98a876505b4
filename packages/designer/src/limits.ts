/** Limits of the grammar designer, then of the model designer. */
export const limits = {
  /** Terms in a program that starts anew, at least and at most. */
  initialTerms: { least: 2, most: 6 },
  /** Terms in any program; an operator that would add more swaps one instead. */
  terms: 8,
  /** Factors of a rescaled weight. */
  factors: [0.1, 0.3, 3, 10],
  /** Factors on a term's base weight when it enters a program. */
  entryFactors: [0.3, 1, 1, 3],
  /** Share of draws from each group of terms. */
  groupShares: { goal: 0.5, field: 0.35, cost: 0.15 },
  /** Programs that one answer may hold. */
  curriculum: 3,
  /** Characters of a program that are kept: more than the language takes, so that a longer one is refused as too long. */
  programLength: 33_000,
  /** Characters of a refused program, and of one finding, that its repair is shown. */
  repairSourceLength: 12_000,
  findingLength: 600,
  /** Characters that the parts of a fitness, or of a condition, have in all, where constants stand in the place of their names. */
  returnedLength: 24_000,
  /** Levels of a Python program's tree that are translated. */
  pythonNesting: 200,
  /** Characters of a thought that are kept. */
  thoughtLength: 4_000,
  /** Findings of a parent that its designer is told. */
  findings: 12,
  /** Earlier rewards that a prompt lists, evaluated and refused. */
  triedEvaluated: 6,
  triedRefused: 4,
  triedThoughtLength: 240,
  triedProblems: 3,
  /** Characters of the best reward so far, where a prompt varies another. */
  triedSourceLength: 4_000,
  /** Characters of one problem, and of the list of components, in that list. */
  triedPartLength: 300,
  /** Characters of a parent's facts, of one cause, and of the summary. */
  factsLength: 12_000,
  causeLength: 800,
} as const;
