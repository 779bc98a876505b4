import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.task add column resumptions integer not null default 0`.execute(db);
}

/** How often a task went on by itself without an answer since: attempts at its steps count other things too. */
export const resumptions: Migration = { up };
