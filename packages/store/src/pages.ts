import { type Kysely, sql } from 'kysely';
import type { CandidateRow, Tables, TaskRow } from './schema.ts';
import { readTask } from './task-row.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** A page of a tenant's tasks, newest first; `after` is an id. */
export async function listTasks(
  db: Kysely<Tables>,
  tenant: string,
  { limit, after }: PageQuery,
): Promise<Page<TaskRow>> {
  let query = db.selectFrom('task').selectAll().where('tenant', '=', tenant);
  if (after !== undefined) query = query.where('id', '<', after);
  const items = (await query.orderBy('id', 'desc').limit(limit).execute()).map(readTask);
  return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
}

/** A page of a task's candidates, by generation and index; `after` is `generation.index`. */
export async function listCandidates(
  db: Kysely<Tables>,
  tenant: string,
  taskId: string,
  { limit, after }: PageQuery,
): Promise<Page<CandidateRow>> {
  let query = db.selectFrom('candidate').selectAll().where('taskId', '=', taskId).where('tenant', '=', tenant);
  if (after !== undefined) {
    const [generation = 0, index = 0] = after.split('.').map(Number);
    query = query.where(sql<boolean>`(generation, index) > (${generation}::integer, ${index}::integer)`);
  }
  const items = await query.orderBy('generation').orderBy('index').limit(limit).execute();
  const last = items.length < limit ? undefined : items.at(-1);
  return { items, next: last === undefined ? null : `${last.generation}.${last.index}` };
}
