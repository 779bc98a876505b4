import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.step add column failures integer not null default 0`.execute(db);
}

/** Failures of a step apart from its attempts: an attempt that was killed is no failure. */
export const stepFailures: Migration = { up };
