import type { Kysely } from 'kysely';
import type { ModelCallRow, StoredRequest, Tables } from './schema.ts';

/** A call with all that it asked. */
export type AskedCall = Omit<ModelCallRow, 'request'> & { readonly request: StoredRequest };

/** Calls of a task after one of them, in the order in which they were first reserved. */
export async function askedCalls(
  db: Kysely<Tables>,
  tenant: string,
  taskId: string,
  limit: number,
  after: string | undefined,
): Promise<readonly AskedCall[]> {
  let query = db.selectFrom('modelCall').selectAll().where('taskId', '=', taskId).where('tenant', '=', tenant);
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await query.orderBy('id').limit(limit).execute();
  const kept = await db.selectFrom('promptText').select(['hash', 'text']).where('taskId', '=', taskId).execute();
  const texts = new Map(kept.map(({ hash, text }) => [hash, text]));
  return rows.map((row) => ({
    ...row,
    request: {
      ...row.request,
      messages: row.request.messages.map(({ role, content }) => ({
        role,
        content: typeof content === 'string' ? content : (texts.get(content.hash) ?? ''),
      })),
    },
  }));
}
