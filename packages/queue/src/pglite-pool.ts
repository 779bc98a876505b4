import type { PGlite } from '@electric-sql/pglite';

/** What BullMQ's PostgreSQL backend calls on a client: `pg`'s shape, as far as it is used. */
interface Notification {
  readonly channel: string;
  readonly payload: string;
}

type NotificationListener = (notification: Notification) => void;

/** The schema that BullMQ's unqualified names are found in. */
export const queueSchema = 'bullmq';

/**
 * The embedded database in the shape of a `pg.Pool`, for BullMQ. PGlite has one session, so every client is that
 * session: PGlite runs a single query to its end before the next, and waits while another caller's transaction is open.
 * Through PGlite's socket server notifications would not arrive; here they do.
 */
export class PglitePool {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async query<Row>(text: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }> {
    if (parameters === undefined || parameters.length === 0) {
      // Migrations hold many statements in one text, which only `exec` takes.
      const results = await this.#pglite.exec(text);
      const last = results.at(-1);
      const rows: Row[] = last === undefined ? [] : last.rows.map((row) => row as Row);
      return { rows, rowCount: last?.affectedRows ?? 0 };
    }
    const { rows, affectedRows } = await this.#pglite.query<Row>(text, [...parameters]);
    return { rows, rowCount: affectedRows ?? rows.length };
  }

  async connect() {
    return new PgliteClient(this.#pglite, this);
  }

  /** The database is its owner's to close. */
  async end(): Promise<void> {}

  /** A session in the process cannot be lost, so there is never an error to tell of. */
  on(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }
}

class PgliteClient {
  readonly #pglite: PGlite;
  readonly #pool: PglitePool;
  readonly #listeners = new Map<unknown, () => void>();

  constructor(pglite: PGlite, pool: PglitePool) {
    this.#pglite = pglite;
    this.#pool = pool;
  }

  query<Row>(text: string, parameters?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }> {
    return this.#pool.query<Row>(text, parameters);
  }

  /** Errors and ends are never told of: a session in the process cannot be lost. */
  on(event: 'notification', listener: NotificationListener): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end', listener: () => void): this;
  on(event: string, listener: (told: Notification & Error) => void): this {
    if (event === 'notification') {
      const stop = this.#pglite.onNotification((channel, payload) =>
        listener({ channel, payload, name: 'notification', message: payload }),
      );
      this.#listeners.set(listener, stop);
    }
    return this;
  }

  removeListener(event: string, listener: NotificationListener): this {
    if (event === 'notification') {
      this.#listeners.get(listener)?.();
      this.#listeners.delete(listener);
    }
    return this;
  }

  removeAllListeners(): this {
    for (const stop of this.#listeners.values()) stop();
    this.#listeners.clear();
    return this;
  }

  release(): void {
    this.removeAllListeners();
  }
}
