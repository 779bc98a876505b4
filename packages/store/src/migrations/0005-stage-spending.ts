import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.task add column stages jsonb not null default '[]'`.execute(db);
  await sql`alter table rewardsmith.candidate add column stages jsonb not null default '[]'`.execute(db);
}

/** Where the spending of a task and of a candidate went; tasks of before have none on record. */
export const stageSpending: Migration = { up };
