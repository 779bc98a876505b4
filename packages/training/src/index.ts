export type { Labeller } from './labeller.ts';
export { type TrainingOptions, type TrainingResult, trainPolicy } from './train-policy.ts';
