export type { Labeller } from './labeller.ts';
export { type Evaluation, type TrainingOptions, type TrainingResult, trainPolicy } from './train-policy.ts';
