import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table rewardsmith.model_call
      add column sent_tries integer not null default 0,
      add column settled_at timestamptz(3)`.execute(db);
  // Whether an open reservation of before was sent is not known: it counts as if it was.
  await sql`update rewardsmith.model_call set sent_tries = held_tries`.execute(db);
  await sql`update rewardsmith.model_call set settled_at = created_at where status = 'settled'`.execute(db);
  await sql`drop index rewardsmith.model_call_by_tenant`.execute(db);
  await sql`create index model_call_settled on rewardsmith.model_call (tenant, settled_at)`.execute(db);
  await sql`
    create table rewardsmith.prompt_text (
      task_id text not null references rewardsmith.task on delete cascade,
      hash text not null,
      text text not null,
      primary key (task_id, hash)
    )`.execute(db);
}

/** Which reservations were sent, when calls were settled, and the parts of prompts that a task's calls have in common, once. */
export const sentCalls: Migration = { up };
