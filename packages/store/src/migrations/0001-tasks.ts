import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rewardsmith.task (
      id text primary key,
      tenant text not null,
      name text not null,
      description text not null,
      environment text not null,
      status text not null,
      stop_reason text,
      failure text,
      submission jsonb not null,
      submission_hash text not null,
      idempotency_key text,
      generation integer not null,
      proposed integer not null,
      refused integer not null,
      evaluated integer not null,
      failed integer not null,
      best_candidate_id text,
      best_fitness double precision,
      final jsonb,
      environment_steps double precision not null,
      model_calls integer not null,
      wall_clock_seconds double precision not null,
      last_sequence integer not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      finished_at timestamptz(3),
      unique (tenant, idempotency_key)
    )`.execute(db);
  await sql`create index task_by_tenant on rewardsmith.task (tenant, id desc)`.execute(db);
  await sql`create index task_unfinished on rewardsmith.task (id) where finished_at is null`.execute(db);
  await sql`
    create table rewardsmith.candidate (
      id text primary key,
      task_id text not null references rewardsmith.task on delete cascade,
      tenant text not null,
      generation integer not null,
      index integer not null,
      operator text not null,
      parents jsonb not null,
      status text not null,
      source text not null,
      thought text not null,
      hash text,
      components jsonb not null,
      params jsonb not null,
      critique jsonb not null,
      findings jsonb not null,
      fitness jsonb,
      failure jsonb,
      runs jsonb not null,
      created_at timestamptz(3) not null,
      unique (task_id, generation, index)
    )`.execute(db);
  await sql`
    create table rewardsmith.step (
      id text primary key,
      task_id text not null references rewardsmith.task on delete cascade,
      key text not null,
      kind text not null,
      status text not null,
      attempt integer not null,
      lease_until timestamptz(3),
      input jsonb not null,
      result jsonb,
      created_at timestamptz(3) not null,
      unique (task_id, key)
    )`.execute(db);
  await sql`create index step_open on rewardsmith.step (id) where status in ('pending', 'running')`.execute(db);
  await sql`
    create table rewardsmith.event (
      task_id text not null references rewardsmith.task on delete cascade,
      sequence integer not null,
      at timestamptz(3) not null,
      body jsonb not null,
      primary key (task_id, sequence)
    )`.execute(db);
}

/** Tasks, their candidates, the steps that advance them, and the events that tell of it. */
export const tasks: Migration = { up };
