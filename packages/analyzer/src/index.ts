export type { AnalysisInput, Rival } from './analysis.ts';
export { analyze } from './analyze.ts';
export { type ComponentFacts, factsText, type TrainingFacts, trainingFacts, typicalRun } from './facts.ts';
export { flagHacking } from './hacking-modes.ts';
export { failsBeside, preferenceForFailure, worstKnown } from './preference.ts';
export { adaptSummary, type Cause, groundedSummary, namedFindings, Summary } from './summary.ts';
export { trajectoriesText } from './trajectory.ts';
export { flagVariedLoss } from './varied.ts';
