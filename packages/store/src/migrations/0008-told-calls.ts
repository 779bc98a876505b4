import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rewardsmith.model_call add column told jsonb`.execute(db);
  /*
   * Every call that was settled has had its event, but for those that were given back unsent: their tries were told of where the task
   * came to rest, and not where the service was killed. Nothing of a call that is reserved is taken for told. The tries of it that were
   * made while it waited stand in no event, and its next event tells of them; one that came to rest before and was reserved again is
   * told of twice, rather than never.
   */
  await sql`
    update rewardsmith.model_call as call
      set told = jsonb_build_object('tries', jsonb_array_length(call.tries), 'cost', call.cost)
      where call.status = 'settled' and (call.outcome <> 'unsent' or exists (
        select from rewardsmith.event
          where event.task_id = call.task_id and event.body->>'type' = 'model.called'
            and event.body->>'key' = call.key and event.body->>'outcome' = 'unsent'))`.execute(db);
}

/** How much of a call those who follow its task have been told of. */
export const toldCalls: Migration = { up };
