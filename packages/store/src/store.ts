import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { TaskEvent } from '@rewardsmith/contracts';
import { sql } from 'kysely';
import { type AskedCall, listModelCalls } from './asked-calls.ts';
import { BlobDirectory } from './blobs.ts';
import { type Connection, connectEmbedded, connectServer } from './connection.ts';
import {
  claimStep,
  duePauses,
  releaseEveryStep,
  releaseStep,
  renewLease,
  type Unfinished,
  unfinishedWork,
} from './leases.ts';
import { migrate } from './migrations/index.ts';
import { type Held, heldBy } from './model-calls.ts';
import { type Created, createTask, type NewTask } from './new-task.ts';
import { listCandidates, listTasks, type Page, type PageQuery } from './pages.ts';
import type { CandidateRow, StepRow, TaskRow } from './schema.ts';
import { eventChannel, TaskMove } from './task-move.ts';
import { readTask } from './task-row.ts';

export type StoreSettings =
  | { readonly kind: 'embedded'; readonly dataDirectory: string }
  | { readonly kind: 'server'; readonly databaseUrl: string; readonly dataDirectory: string };

/** PostgreSQL, embedded or served, as the truth about tasks; blobs beside it on disk. Time is the service's own. */
export class Store {
  readonly #connection: Connection;
  readonly #blobs: BlobDirectory;
  readonly #listeners = new Set<(taskId: string | undefined) => void>();
  readonly #now: () => Date;
  #stopListening: (() => Promise<void>) | undefined;

  private constructor(connection: Connection, blobs: BlobDirectory, now: () => Date) {
    this.#connection = connection;
    this.#blobs = blobs;
    this.#now = now;
  }

  static async open(settings: StoreSettings, now: () => Date): Promise<Store> {
    const connection =
      settings.kind === 'embedded'
        ? await connectEmbedded(settings.dataDirectory)
        : await connectServer(settings.databaseUrl);
    try {
      await migrate(connection.db);
      const store = new Store(connection, new BlobDirectory(join(settings.dataDirectory, 'blobs')), now);
      store.#stopListening = await connection.listen(eventChannel, (taskId) => {
        for (const listener of store.#listeners) listener(taskId);
      });
      return store;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** The embedded database, for the queue that shares it; absent on a server. */
  get pglite(): PGlite | undefined {
    return this.#connection.pglite;
  }

  /**
   * Writes a task with its first event. With an idempotency key that the tenant has used before, answers the task
   * of that key: `existing` for the same submission, `key-reused` for another.
   */
  createTask(task: NewTask): Promise<Created> {
    return createTask(this.#connection.db, task, this.#now());
  }

  async readTask(tenant: string, id: string): Promise<TaskRow | undefined> {
    const row = await this.taskById(id);
    return row?.tenant === tenant ? row : undefined;
  }

  /** A task whoever it belongs to; for workers only. */
  async taskById(id: string): Promise<TaskRow | undefined> {
    const row = await this.#connection.db.selectFrom('task').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : readTask(row);
  }

  /** A page of a tenant's tasks, newest first; `after` is an id. */
  listTasks(tenant: string, query: PageQuery): Promise<Page<TaskRow>> {
    return listTasks(this.#connection.db, tenant, query);
  }

  readCandidate(tenant: string, id: string): Promise<CandidateRow | undefined> {
    return this.#connection.db
      .selectFrom('candidate')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', tenant)
      .executeTakeFirst();
  }

  /** Every candidate of a task, by generation and index. */
  taskCandidates(taskId: string): Promise<readonly CandidateRow[]> {
    return this.#connection.db
      .selectFrom('candidate')
      .selectAll()
      .where('taskId', '=', taskId)
      .orderBy('generation')
      .orderBy('index')
      .execute();
  }

  /** A page of a task's model calls with all that they asked, in the order in which they were first reserved; `after` is an id. */
  listModelCalls(tenant: string, taskId: string, query: PageQuery): Promise<Page<AskedCall>> {
    return listModelCalls(this.#connection.db, tenant, taskId, query);
  }

  /** What a tenant's calls hold: those settled since a time, and all that are reserved. */
  tenantHeld(tenant: string, since: Date): Promise<Held> {
    return heldBy(this.#connection.db, 'tenant', tenant, since);
  }

  /** A page of a task's candidates, by generation and index; `after` is `generation.index`. */
  listCandidates(tenant: string, taskId: string, query: PageQuery): Promise<Page<CandidateRow>> {
    return listCandidates(this.#connection.db, tenant, taskId, query);
  }

  /** A task's events after a sequence number, in order. */
  async readEvents(
    tenant: string,
    taskId: string,
    afterSequence: number,
    limit: number,
  ): Promise<readonly TaskEvent[]> {
    const rows = await this.#connection.db
      .selectFrom('event')
      .innerJoin('task', 'task.id', 'event.taskId')
      .select(['event.sequence', 'event.at', 'event.body'])
      .where('event.taskId', '=', taskId)
      .where('task.tenant', '=', tenant)
      .where('event.sequence', '>', afterSequence)
      .orderBy('event.sequence')
      .limit(limit)
      .execute();
    return rows.map(({ sequence, at, body }) => ({ ...body, sequence, taskId, at: at.toISOString() }));
  }

  /** Runs one move of a task under its row lock. Throws a `RangeError` when there is no such task. */
  async transact<T>(taskId: string, make: (move: TaskMove) => Promise<T>): Promise<T> {
    return this.#connection.db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('task').selectAll().where('id', '=', taskId).forUpdate().executeTakeFirst();
      if (row === undefined) throw new RangeError(`there is no task ${taskId}`);
      return make(new TaskMove(tx, readTask(row), this.#now()));
    });
  }

  /** Takes a step that is pending, or whose lease has run out, with the next attempt number; none of a paused task. */
  claimStep(id: string, leaseMilliseconds: number): Promise<StepRow | undefined> {
    return claimStep(this.#connection.db, id, this.#now(), leaseMilliseconds);
  }

  /** Extends a lease; false when the step has ended or another attempt holds it. */
  renewLease(id: string, attempt: number, leaseMilliseconds: number): Promise<boolean> {
    return renewLease(this.#connection.db, id, attempt, this.#now(), leaseMilliseconds);
  }

  /** Gives a running step back; `failed` counts a failure. Answers the failures so far, or nothing for a stale attempt. */
  releaseStep(id: string, attempt: number, failed = false): Promise<number | undefined> {
    return releaseStep(this.#connection.db, id, attempt, failed);
  }

  /** Gives back every running step: in a service of one process, none can be running when it starts. */
  releaseEveryStep(): Promise<void> {
    return releaseEveryStep(this.#connection.db);
  }

  /** Tasks that have not ended and are not paused, and the oldest of their steps that nobody holds, at most `mostSteps`. */
  unfinishedWork(mostSteps: number): Promise<Unfinished> {
    return unfinishedWork(this.#connection.db, this.#now(), mostSteps);
  }

  /** Paused tasks that are to go on by themselves at `now` or before. */
  duePauses(now: Date): Promise<readonly string[]> {
    return duePauses(this.#connection.db, now);
  }

  /** Calls `listener` with the task whose events are new, or with `undefined` when any may be; returns how to stop. */
  onEvents(listener: (taskId: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  putBlob(key: string, bytes: Uint8Array): Promise<void> {
    return this.#blobs.put(key, bytes);
  }

  getBlob(key: string): Promise<Uint8Array | undefined> {
    return this.#blobs.get(key);
  }

  async checkHealth(): Promise<boolean> {
    try {
      await sql`select 1`.execute(this.#connection.db);
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#stopListening?.();
    await this.#connection.close();
  }
}

/** Opens the store and brings its schema up to date. Throws a `StoreError` that an operator can act on. */
export function openStore(settings: StoreSettings, now: () => Date = () => new Date()): Promise<Store> {
  return Store.open(settings, now);
}
