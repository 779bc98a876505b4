export { type JsonlReading, type RowFault, readJsonl } from './jsonl.ts';
export { type Labels, labelColumn } from './labels.ts';
export { rolloutLimits } from './limits.ts';
export { recordedRollout } from './recorded.ts';
export { Rollout, type RolloutCapacity } from './rollout.ts';
export { rowAt, type StepRow } from './row.ts';
export {
  type ComponentStatistics,
  type LabelStatistics,
  labelStatistics,
  type StatisticName,
  statisticNames,
} from './statistics.ts';
