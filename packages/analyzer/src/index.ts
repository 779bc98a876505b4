export type { AnalysisInput } from './analysis.ts';
export { analyze } from './analyze.ts';
