import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Forecast, ModelTerms, TaskEvent, TaskSubmission } from '@rewardsmith/contracts';
import { sql } from 'kysely';
import { v7 as uuid } from 'uuid';
import { type AskedCall, askedCalls } from './asked-calls.ts';
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
import type { CandidateRow, StepRow, TaskRow } from './schema.ts';
import { eventChannel, TaskMove } from './task-move.ts';
import { readTask } from './task-row.ts';

export type StoreSettings =
  | { readonly kind: 'embedded'; readonly dataDirectory: string }
  | { readonly kind: 'server'; readonly databaseUrl: string; readonly dataDirectory: string };

export interface NewTask {
  readonly tenant: string;
  readonly name: string;
  readonly description: string;
  readonly environment: string;
  readonly submission: TaskSubmission;
  /** Two submissions with one idempotency key must have one hash. */
  readonly submissionHash: string;
  readonly idempotencyKey: string | null;
  /** On what terms its model calls are made; null when its designer needs none. */
  readonly terms: ModelTerms | null;
  readonly forecast: Forecast | null;
}

export type Created = { readonly kind: 'created' | 'existing' | 'key-reused'; readonly row: TaskRow };

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
}

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
  async createTask(task: NewTask): Promise<Created> {
    const now = this.#now();
    return this.#connection.db.transaction().execute(async (tx) => {
      const inserted = await tx
        .insertInto('task')
        .values({
          ...task,
          id: uuid(),
          submission: JSON.stringify(task.submission),
          terms: task.terms === null ? null : JSON.stringify(task.terms),
          forecast: task.forecast === null ? null : JSON.stringify(task.forecast),
          modelCost: JSON.stringify({
            promptTokens: 0,
            cachedTokens: 0,
            completionTokens: 0,
            unreportedTokens: 0,
            money: 0,
          }),
          modelStop: null,
          pause: null,
          resumptions: 0,
          arms: '[]',
          critic: '{}',
          stages: '[]',
          status: 'queued',
          stopReason: null,
          failure: null,
          generation: 0,
          proposed: 0,
          refused: 0,
          evaluated: 0,
          failed: 0,
          bestCandidateId: null,
          bestFitness: null,
          final: null,
          environmentSteps: 0,
          modelCalls: 0,
          wallClockSeconds: 0,
          lastSequence: 0,
          createdAt: now,
          updatedAt: now,
          finishedAt: null,
        })
        .onConflict((conflict) => conflict.columns(['tenant', 'idempotencyKey']).doNothing())
        .returningAll()
        .executeTakeFirst();
      if (inserted === undefined) {
        const row = await tx
          .selectFrom('task')
          .selectAll()
          .where('tenant', '=', task.tenant)
          .where('idempotencyKey', '=', task.idempotencyKey)
          .executeTakeFirstOrThrow();
        return { kind: row.submissionHash === task.submissionHash ? 'existing' : 'key-reused', row: readTask(row) };
      }
      const move = new TaskMove(tx, inserted, now);
      await move.appendEvents([{ type: 'task.submitted' }]);
      return { kind: 'created', row: move.task };
    });
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

  /** Newest first. */
  async listTasks(tenant: string, { limit, after }: PageQuery): Promise<Page<TaskRow>> {
    let query = this.#connection.db.selectFrom('task').selectAll().where('tenant', '=', tenant);
    if (after !== undefined) query = query.where('id', '<', after);
    const items = (await query.orderBy('id', 'desc').limit(limit).execute()).map(readTask);
    return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
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
  async listModelCalls(tenant: string, taskId: string, { limit, after }: PageQuery): Promise<Page<AskedCall>> {
    const items = await askedCalls(this.#connection.db, tenant, taskId, limit, after);
    return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
  }

  /** What a tenant's calls hold: those settled since a time, and all that are reserved. */
  tenantHeld(tenant: string, since: Date): Promise<Held> {
    return heldBy(this.#connection.db, 'tenant', tenant, since);
  }

  /** A page of a task's candidates, by generation and index; `after` is `generation.index`. */
  async listCandidates(tenant: string, taskId: string, { limit, after }: PageQuery): Promise<Page<CandidateRow>> {
    let query = this.#connection.db
      .selectFrom('candidate')
      .selectAll()
      .where('taskId', '=', taskId)
      .where('tenant', '=', tenant);
    if (after !== undefined) {
      const [generation = 0, index = 0] = after.split('.').map(Number);
      query = query.where(sql<boolean>`(generation, index) > (${generation}::integer, ${index}::integer)`);
    }
    const items = await query.orderBy('generation').orderBy('index').limit(limit).execute();
    const last = items.length < limit ? undefined : items.at(-1);
    return { items, next: last === undefined ? null : `${last.generation}.${last.index}` };
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
