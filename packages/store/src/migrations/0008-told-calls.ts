import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.model_call add column told jsonb`.execute(db);
  // Every call that was settled has had its event.
  await sql`
    update rewardsmith.model_call
      set told = jsonb_build_object('tries', jsonb_array_length(tries), 'cost', cost)
      where status = 'settled'`.execute(db);
}

/** How much of a call those who follow its task have been told of. */
export const toldCalls: Migration = { up };
