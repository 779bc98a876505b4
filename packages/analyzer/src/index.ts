export type { AnalysisInput } from './analysis.ts';
export { analyze } from './analyze.ts';
export { type ComponentFacts, factsText, type TrainingFacts, trainingFacts, typicalRun } from './facts.ts';
export { type Cause, groundedSummary, namedFindings, Summary, summaryExample } from './summary.ts';
export { trajectoriesText } from './trajectory.ts';
