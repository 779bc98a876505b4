export type { AskedCall } from './asked-calls.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export type { Held, Holder, Reservation, Settlement } from './model-calls.ts';
export type { Created, NewTask } from './new-task.ts';
export type { Page } from './pages.ts';
export type { CandidateRow, ModelCallRow, StepRow, StepStatus, StoredRequest, StoredTry, TaskRow } from './schema.ts';
export { openStore, type Store, type StoreSettings } from './store.ts';
export type { CandidateStanding, TaskMove } from './task-move.ts';
