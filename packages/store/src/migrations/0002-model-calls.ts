import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rewardsmith.model_call (
      id text primary key,
      task_id text not null references rewardsmith.task on delete cascade,
      tenant text not null,
      key text not null,
      purpose text not null,
      status text not null,
      step_id text not null,
      step_attempt integer not null,
      prompt jsonb not null,
      request_hash text not null,
      request jsonb not null,
      outcome text,
      message text not null,
      answer jsonb,
      tries jsonb not null,
      cost jsonb not null,
      held_tokens double precision not null,
      held_money double precision not null,
      created_at timestamptz(3) not null,
      unique (task_id, key)
    )`.execute(db);
  await sql`create index model_call_by_tenant on rewardsmith.model_call (tenant, created_at)`.execute(db);
  await sql`
    alter table rewardsmith.task
      add column model_cost jsonb not null
        default '{"promptTokens":0,"cachedTokens":0,"completionTokens":0,"unreportedTokens":0,"money":0}',
      add column model_stop text,
      add column terms jsonb,
      add column pause jsonb,
      add column forecast jsonb,
      add column arms jsonb not null default '[]',
      add column critic jsonb not null default '{}'`.execute(db);
  await sql`
    alter table rewardsmith.candidate
      add column behaviour text,
      add column refused_by text,
      add column design jsonb,
      add column explanation jsonb`.execute(db);
  // Submissions from before have neither critic nor model options; readers may rely on the defaults.
  await sql`
    update rewardsmith.task set submission = submission ||
      '{"critic":{"duplicates":true,"smoke":true,"outcomes":true},"model":{"repairs":3,"review":true,"summarise":true,"showSuccess":true,"bandit":true}}'
      where submission -> 'model' is null`.execute(db);
}

/** Calls to the model endpoint with their account, and what they leave on tasks and candidates. */
export const modelCalls: Migration = { up };
