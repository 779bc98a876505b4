import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.model_call add column held_tries integer not null default 0`.execute(db);
  await sql`
    update rewardsmith.model_call
    set held_tries = jsonb_array_length(tries) + case when status = 'reserved' then 1 else 0 end
  `.execute(db);
}

/** Requests that a call holds, beside its tokens and money: a retry must not pass a cap on calls. */
export const heldTries: Migration = { up };
