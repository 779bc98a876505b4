import { createHash } from 'node:crypto';
import type { ModelCost } from '@rewardsmith/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import { v7 as uuid } from 'uuid';
import { json, storedText } from './json.ts';
import type { KeptRequest, ModelCallRow, StoredRequest, StoredTry, Tables, TaskRow } from './schema.ts';

/** What counts against a cap: what was settled, and what is reserved and not settled yet. */
export interface Held {
  readonly tokens: number;
  readonly money: number;
  /** Requests, retries among them. */
  readonly tries: number;
}

export interface Reservation {
  readonly key: string;
  readonly purpose: string;
  readonly prompt: { readonly version: number; readonly hash: string };
  readonly requestHash: string;
  readonly request: StoredRequest;
  readonly held: Held;
}

/** Who holds a reservation: one attempt at one step. */
export interface Holder {
  readonly stepId: string;
  readonly attempt: number;
}

export interface Settlement {
  readonly outcome: string;
  readonly message: string;
  readonly answer: { readonly text: string; readonly model: string } | null;
  readonly tries: readonly StoredTry[];
  readonly cost: ModelCost;
}

/** What has come so far of a call that is tried again. */
export interface Progress {
  readonly tries: readonly StoredTry[];
  readonly cost: ModelCost;
}

const nothing: ModelCost = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, unreportedTokens: 0, money: 0 };

/** What the calls of a task or a tenant hold: those settled since a time, and all that are reserved, which count on every day. */
export async function heldBy(
  db: Kysely<Tables>,
  where: 'taskId' | 'tenant',
  value: string,
  since: Date,
): Promise<Held> {
  const row = await db
    .selectFrom('modelCall')
    .select(({ fn }) => [
      fn.sum<number>('heldTokens').as('tokens'),
      fn.sum<number>('heldMoney').as('money'),
      fn.sum<number>('heldTries').as('tries'),
    ])
    .where(where, '=', value)
    .where((eb) => eb.or([eb('status', '=', 'reserved'), eb('settledAt', '>=', since)]))
    .executeTakeFirst();
  return { tokens: Number(row?.tokens ?? 0), money: Number(row?.money ?? 0), tries: Number(row?.tries ?? 0) };
}

/** The model calls of one task, within one of its moves. */
export class ModelCalls {
  readonly #tx: Transaction<Tables>;
  readonly #task: TaskRow;
  readonly #now: Date;

  constructor(tx: Transaction<Tables>, task: TaskRow, now: Date) {
    this.#tx = tx;
    this.#task = task;
    this.#now = now;
  }

  /** A call by its key, without what it asked. */
  find(key: string): Promise<ModelCallRow | undefined> {
    return this.#tx
      .selectFrom('modelCall')
      .selectAll()
      .where('taskId', '=', this.#task.id)
      .where('key', '=', key)
      .executeTakeFirst();
  }

  /**
   * What the task, and its tenant since `since`, hold already. The tenant is locked until the move ends, so that two of
   * its tasks cannot both take what is left.
   */
  async held(since: Date): Promise<{ readonly task: Held; readonly tenant: Held }> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${this.#task.tenant}, 0))`.execute(this.#tx);
    return {
      task: await heldBy(this.#tx, 'taskId', this.#task.id, new Date(0)),
      tenant: await heldBy(this.#tx, 'tenant', this.#task.tenant, since),
    };
  }

  /** Reserves a call. One of the same key that came to nothing is reserved again, and keeps its tries and its cost. */
  async reserve(reservation: Reservation, holder: Holder, earlier: ModelCallRow | undefined): Promise<void> {
    const { held, prompt, request, ...plain } = reservation;
    const values = {
      ...plain,
      status: 'reserved' as const,
      stepId: holder.stepId,
      stepAttempt: holder.attempt,
      prompt: json(prompt),
      request: json(await this.#kept(request)),
      outcome: null,
      message: '',
      answer: null,
      heldTokens: held.tokens + (earlier?.heldTokens ?? 0),
      heldMoney: held.money + (earlier?.heldMoney ?? 0),
      heldTries: held.tries + (earlier?.heldTries ?? 0),
    };
    if (earlier !== undefined) {
      await this.#tx.updateTable('modelCall').set(values).where('id', '=', earlier.id).execute();
      return;
    }
    await this.#tx
      .insertInto('modelCall')
      .values({
        ...values,
        id: uuid(),
        taskId: this.#task.id,
        tenant: this.#task.tenant,
        tries: '[]',
        cost: json(nothing),
        sentTries: 0,
        told: null,
        settledAt: null,
        createdAt: this.#now,
      })
      .execute();
  }

  /** Notes that one more request of a reserved call is about to be sent; false when this holder does not hold it any more. */
  async send(key: string, holder: Holder): Promise<boolean> {
    const { numUpdatedRows } = await this.#tx
      .updateTable('modelCall')
      .set(({ eb }) => ({ sentTries: eb('sentTries', '+', 1) }))
      .where('taskId', '=', this.#task.id)
      .where('key', '=', key)
      .where('status', '=', 'reserved')
      .where('stepId', '=', holder.stepId)
      .where('stepAttempt', '=', holder.attempt)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** The request as its row keeps it, with its system part put where the task's other calls find it too. */
  async #kept(request: StoredRequest): Promise<KeptRequest> {
    const messages = await Promise.all(
      request.messages.map(async ({ role, content }) => {
        if (role !== 'system') return { role, content };
        const hash = createHash('sha256').update(content).digest('hex').slice(0, 32);
        await this.#tx
          .insertInto('promptText')
          .values({ taskId: this.#task.id, hash, text: content })
          .onConflict((conflict) => conflict.columns(['taskId', 'hash']).doNothing())
          .execute();
        return { role, content: { hash } };
      }),
    );
    return { ...request, messages };
  }

  /** Changes what a reserved call holds, and notes what came of it, at its end or so far; false when this holder does not hold it any more. */
  async hold(key: string, holder: Holder, held: Held, come: Settlement | Progress): Promise<boolean> {
    const { numUpdatedRows } = await this.#tx
      .updateTable('modelCall')
      .set({
        heldTokens: held.tokens,
        heldMoney: held.money,
        heldTries: held.tries,
        tries: json(come.tries),
        cost: json(come.cost),
        ...('outcome' in come
          ? {
              status: 'settled' as const,
              outcome: come.outcome,
              message: storedText(come.message),
              answer: come.answer === null ? null : json(come.answer),
              settledAt: this.#now,
              told: json({ tries: come.tries.length, cost: come.cost }),
              sentTries: come.tries.length,
            }
          : {}),
      })
      .where('taskId', '=', this.#task.id)
      .where('key', '=', key)
      .where('status', '=', 'reserved')
      .where('stepId', '=', holder.stepId)
      .where('stepAttempt', '=', holder.attempt)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}
