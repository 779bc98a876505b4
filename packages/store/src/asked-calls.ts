import type { Kysely } from 'kysely';
import type { Page, PageQuery } from './pages.ts';
import type { ModelCallRow, StoredRequest, Tables } from './schema.ts';

/** A call with all that it asked. */
export type AskedCall = Omit<ModelCallRow, 'request'> & { readonly request: StoredRequest };

/** A page of a task's model calls with all that they asked, in the order in which they were first reserved; `after` is an id. */
export async function listModelCalls(
  db: Kysely<Tables>,
  tenant: string,
  taskId: string,
  { limit, after }: PageQuery,
): Promise<Page<AskedCall>> {
  let query = db.selectFrom('modelCall').selectAll().where('taskId', '=', taskId).where('tenant', '=', tenant);
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await query.orderBy('id').limit(limit).execute();
  const kept = await db.selectFrom('promptText').select(['hash', 'text']).where('taskId', '=', taskId).execute();
  const texts = new Map(kept.map(({ hash, text }) => [hash, text]));
  const items = rows.map((row) => ({
    ...row,
    request: {
      ...row.request,
      messages: row.request.messages.map(({ role, content }) => ({
        role,
        content: typeof content === 'string' ? content : (texts.get(content.hash) ?? ''),
      })),
    },
  }));
  return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
}
