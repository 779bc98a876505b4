import type { Forecast, ModelTerms, TaskSubmission } from '@rewardsmith/contracts';
import type { Kysely } from 'kysely';
import { v7 as uuid } from 'uuid';
import { json } from './json.ts';
import type { Tables, TaskRow } from './schema.ts';
import { TaskMove } from './task-move.ts';
import { readTask } from './task-row.ts';

export interface NewTask {
  readonly tenant: string;
  readonly name: string;
  readonly description: string;
  readonly environment: string;
  readonly submission: TaskSubmission;
  /** Two submissions with one idempotency key must have one hash. */
  readonly submissionHash: string;
  readonly idempotencyKey: string | null;
  /** On what terms its model calls are made; null when its designer needs none. */
  readonly terms: ModelTerms | null;
  readonly forecast: Forecast | null;
}

export type Created = { readonly kind: 'created' | 'existing' | 'key-reused'; readonly row: TaskRow };

/**
 * Writes a task with its first event. With an idempotency key that the tenant has used before, answers the task
 * of that key: `existing` for the same submission, `key-reused` for another.
 */
export async function createTask(db: Kysely<Tables>, task: NewTask, now: Date): Promise<Created> {
  return db.transaction().execute(async (tx) => {
    const inserted = await tx
      .insertInto('task')
      .values({
        ...task,
        id: uuid(),
        submission: json(task.submission),
        terms: task.terms === null ? null : json(task.terms),
        forecast: task.forecast === null ? null : json(task.forecast),
        modelCost: json({
          promptTokens: 0,
          cachedTokens: 0,
          completionTokens: 0,
          unreportedTokens: 0,
          money: 0,
        }),
        modelStop: null,
        pause: null,
        resumptions: 0,
        arms: '[]',
        critic: '{}',
        stages: '[]',
        status: 'queued',
        stopReason: null,
        failure: null,
        generation: 0,
        proposed: 0,
        refused: 0,
        evaluated: 0,
        failed: 0,
        bestCandidateId: null,
        bestFitness: null,
        final: null,
        environmentSteps: 0,
        modelCalls: 0,
        wallClockSeconds: 0,
        lastSequence: 0,
        createdAt: now,
        updatedAt: now,
        finishedAt: null,
      })
      .onConflict((conflict) => conflict.columns(['tenant', 'idempotencyKey']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (inserted === undefined) {
      const row = await tx
        .selectFrom('task')
        .selectAll()
        .where('tenant', '=', task.tenant)
        .where('idempotencyKey', '=', task.idempotencyKey)
        .executeTakeFirstOrThrow();
      return { kind: row.submissionHash === task.submissionHash ? 'existing' : 'key-reused', row: readTask(row) };
    }
    const move = new TaskMove(tx, inserted, now);
    await move.appendEvents([{ type: 'task.submitted' }]);
    return { kind: 'created', row: move.task };
  });
}
