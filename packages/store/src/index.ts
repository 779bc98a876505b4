export { StoreError, type StoreErrorCode } from './errors.ts';
export type { CandidateRow, StepRow, StepStatus, TaskRow } from './schema.ts';
export { type Created, type NewTask, openStore, type Page, type Store, type StoreSettings } from './store.ts';
export type { TaskMove } from './task-move.ts';
