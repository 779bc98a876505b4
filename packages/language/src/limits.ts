/** What a program may use at compile time. Each limit is a refusal with its own code. */
export const limits = {
  /** Characters of source text. */
  sourceLength: 32_000,
  /** Brackets inside brackets. */
  nesting: 200,
  /** Nodes of the traced graph, dead ones included. */
  nodes: 60_000,
  /** Scalar nodes once vectors are unrolled for the kernel. */
  scalarNodes: 200_000,
  /** Operands of all nodes together, for each node that a graph may have: the largest of thousands has thousands. */
  operandsPerNode: 8,
  /** Times round one loop. */
  loopTrips: 4_096,
  /** Times round one loop while its condition depends on values of the step. */
  openTrips: 128,
  /** Times round one loop that each may leave it, by `break` or `return` under a condition of the step. */
  leftTurns: 512,
  /** Nodes of a loop's condition within which its end is looked for. */
  loopTestNodes: 256,
  /** Statements and expressions evaluated while tracing, and what is looked at for it: 16 nodes count as one. */
  evaluations: 1_000_000,
  /** Nested helper calls. */
  callDepth: 64,
  /** Entries of an array that a program builds, characters of a text it joins. */
  arrayLength: 4_096,
  /** Components of one reward: what the sandbox labels. */
  components: 64,
  /** Entries that are compared to write what a program unrolls as operations on vectors again; what is left stays unrolled. */
  rerolledEntries: 200_000,
  /** Characters of comments that all values together keep for the exports: a comment in a loop is kept each time round. */
  keptComments: 2_000_000,
  /** Terms of one sum or product that the normal form puts in order; a longer one keeps its grouping. */
  normalTerms: 96,
  /** Times that a memory is told from others by how it changes. */
  normalMemoryRounds: 2,
  /** Steps of a parity file, at least and at most, and of one of its episodes where a program keeps memory. */
  parityFewestSteps: 48,
  parityMostSteps: 256,
  parityEpisodeSteps: 12,
  /** Steps of an episode in which what memory counts has to grow, and of a file with such episodes. */
  parityLongestEpisode: 320,
  parityMostLongSteps: 1_024,
  /** Steps drawn in vain before the search moves towards the ways that none went, and steps of such a search for one way. */
  parityDraws: 200,
  parityMoves: 240,
  /** Operations evaluated in such searches for one file. */
  parityWork: 60_000_000,
  /** Entries of a table that are each a way. */
  parityTable: 64,
  /** Steps of a proof that a condition never holds before it counts as possible. */
  proofSteps: 2_000,
  /** Conditions that hold at once in such a proof: each is a few calls deeper. */
  proofDepth: 500,
  /** Nodes looked at for what guards a quotient or a function: once for each set of fields that a culprit depends on. */
  guardSteps: 1_000_000,
  /** Different factors of one product that its range is reckoned from together. */
  rangeFactors: 16,
  /** Multiplications taken apart for it: a square of a square of a square has few factors, and very many of each. */
  rangeProducts: 32,
  /** Rounds in which the range of the memory settles. */
  memoryRounds: 12,
  /** Times that a step of an episode is drawn anew because the last place of a function decides it. */
  parityRedraws: 20,
  /** Faults reported for one program. */
  findings: 20,
} as const;

export type CompileLimits = { readonly [name in keyof typeof limits]: number };
