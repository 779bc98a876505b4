export type { AskedCall } from './asked-calls.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export type { Held, Holder, Reservation, Settlement } from './model-calls.ts';
export type { CandidateRow, ModelCallRow, StepRow, StepStatus, StoredRequest, StoredTry, TaskRow } from './schema.ts';
export { type Created, type NewTask, openStore, type Page, type Store, type StoreSettings } from './store.ts';
export type { CandidateStanding, TaskMove } from './task-move.ts';
