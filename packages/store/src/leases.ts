import { type Kysely, sql } from 'kysely';
import type { StepRow, Tables } from './schema.ts';

export interface Unfinished {
  readonly taskIds: readonly string[];
  /** Steps that are pending, or whose lease has run out. */
  readonly stepIds: readonly string[];
}

/** Takes a step that is pending, or whose lease has run out, with the next attempt number; none of a paused task. */
export function claimStep(
  db: Kysely<Tables>,
  id: string,
  now: Date,
  leaseMilliseconds: number,
): Promise<StepRow | undefined> {
  return db
    .updateTable('step')
    .set(({ eb }) => ({
      status: 'running' as const,
      attempt: eb('attempt', '+', 1),
      leaseUntil: new Date(now.getTime() + leaseMilliseconds),
    }))
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('status', '=', 'pending'), eb.and([eb('status', '=', 'running'), eb('leaseUntil', '<', now)])]),
    )
    .where(({ eb, selectFrom }) =>
      eb(
        'taskId',
        'not in',
        selectFrom('task')
          .select('task.id')
          .whereRef('task.id', '=', 'step.taskId')
          .where('task.status', '=', 'paused'),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Extends a lease; false when the step has ended or another attempt holds it. */
export async function renewLease(
  db: Kysely<Tables>,
  id: string,
  attempt: number,
  now: Date,
  leaseMilliseconds: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('step')
    .set({ leaseUntil: new Date(now.getTime() + leaseMilliseconds) })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives a running step back; `failed` counts a failure. Answers the failures so far, or nothing for a stale attempt. */
export async function releaseStep(
  db: Kysely<Tables>,
  id: string,
  attempt: number,
  failed: boolean,
): Promise<number | undefined> {
  const released = await db
    .updateTable('step')
    .set(({ eb }) => ({ status: 'pending', leaseUntil: null, failures: eb('failures', '+', failed ? 1 : 0) }))
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('status', '=', 'running')
    .returning('failures')
    .executeTakeFirst();
  return released?.failures;
}

/** Gives back every running step: in a service of one process, none can be running when it starts. */
export async function releaseEveryStep(db: Kysely<Tables>): Promise<void> {
  await db.updateTable('step').set({ status: 'pending', leaseUntil: null }).where('status', '=', 'running').execute();
}

/** Tasks that have not ended and are not paused, and the oldest of their steps that nobody holds, at most `mostSteps`. */
export async function unfinishedWork(db: Kysely<Tables>, now: Date, mostSteps: number): Promise<Unfinished> {
  const tasks = await db
    .selectFrom('task')
    .select('id')
    .where('finishedAt', 'is', null)
    .where('status', '!=', 'paused')
    .orderBy('id')
    .execute();
  const steps = await db
    .selectFrom('step')
    .innerJoin('task', 'task.id', 'step.taskId')
    .select('step.id')
    .where('task.status', '!=', 'paused')
    .where((eb) =>
      eb.or([
        eb('step.status', '=', 'pending'),
        eb.and([eb('step.status', '=', 'running'), eb('step.leaseUntil', '<', now)]),
      ]),
    )
    .orderBy('step.id')
    .limit(mostSteps)
    .execute();
  return { taskIds: tasks.map(({ id }) => id), stepIds: steps.map(({ id }) => id) };
}

/** Paused tasks that are to go on by themselves at `now` or before. */
export async function duePauses(db: Kysely<Tables>, now: Date): Promise<readonly string[]> {
  const due = await db
    .selectFrom('task')
    .select('id')
    .where('status', '=', 'paused')
    .where(sql<boolean>`pause ->> 'resumesAt' <= ${now.toISOString()}`)
    .orderBy('id')
    .execute();
  return due.map(({ id }) => id);
}
