import type {
  Candidate,
  CandidateSummary,
  ExportTarget,
  RewardExport,
  Task,
  TaskEvent,
  TaskSubmission,
} from '@rewardsmith/contracts';
import type { ConversationPage } from '@rewardsmith/llm';

/** Who asks. Every row belongs to one tenant; another tenant's rows do not exist for it. */
export interface Caller {
  readonly tenant: string;
}

export type Submitted =
  | { readonly kind: 'created' | 'existing'; readonly task: Task }
  /** The same idempotency key came with another body. */
  | { readonly kind: 'key-reused'; readonly taskId: string };

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export type RewardAnswer =
  | { readonly kind: 'ok'; readonly reward: RewardExport }
  | { readonly kind: 'no-task' }
  /** No candidate has been evaluated yet. */
  | { readonly kind: 'none-yet' };

export type ConversationAnswer =
  | { readonly kind: 'ok'; readonly conversation: ConversationPage }
  | { readonly kind: 'no-task' | 'no-model' };

/** What the HTTP service needs of the engine. `undefined` stands for "no such row for this caller". */
export interface TaskService {
  submit(caller: Caller, submission: TaskSubmission, idempotencyKey: string | undefined): Promise<Submitted>;
  task(caller: Caller, id: string): Promise<Task | undefined>;
  tasks(caller: Caller, query: { readonly limit: number; readonly after?: string }): Promise<Page<Task>>;
  cancel(caller: Caller, id: string): Promise<Task | undefined>;
  /** Lets a task stand still; what it runs at the moment ends first. Does nothing to one that has ended. */
  pause(caller: Caller, id: string): Promise<Task | undefined>;
  /** Lets a paused task go on where it was. */
  resume(caller: Caller, id: string): Promise<Task | undefined>;
  /** A page of a task's model calls, asked and answered; nothing for a task whose designer asked no model. */
  conversation(
    caller: Caller,
    id: string,
    query: { readonly limit: number; readonly after?: string },
  ): Promise<ConversationAnswer>;
  /** Events after `sequence`, old ones first, then live ones; ends after the task's last event or when `signal` aborts. */
  events(caller: Caller, id: string, after: number, signal: AbortSignal): AsyncIterable<TaskEvent>;
  /** The signal ends the work where nobody waits for the answer any more. */
  reward(caller: Caller, id: string, target: ExportTarget, signal?: AbortSignal): Promise<RewardAnswer>;
  candidates(
    caller: Caller,
    taskId: string,
    query: { readonly limit: number; readonly after?: string },
  ): Promise<Page<CandidateSummary> | undefined>;
  candidate(caller: Caller, id: string): Promise<Candidate | undefined>;
}
