import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { limits } from './limits.ts';

/**
 * Listens on a PostgreSQL server through one connection of its own, opened again whenever it is lost.
 * What was notified in between is gone, so after each reconnection `told(undefined)` says: look again at everything.
 */
export async function listenOn(
  databaseUrl: string,
  channel: string,
  told: (payload: string | undefined) => void,
): Promise<() => Promise<void>> {
  const stopped = new AbortController();
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
    next.on('notification', ({ payload }) => told(payload));
    next.on('error', () => undefined);
    try {
      await next.connect();
      await next.query(`listen ${next.escapeIdentifier(channel)}`);
      stopped.signal.throwIfAborted();
    } catch (error) {
      await next.end();
      throw error;
    }
    client = next;
    // Only now: an attempt that fails also ends, and each would begin another series of attempts.
    next.once('end', () => void reconnect());
  };

  const reconnect = async (): Promise<void> => {
    client = undefined;
    while (!stopped.signal.aborted && client === undefined) {
      try {
        await wait(limits.reconnectMilliseconds, undefined, { signal: stopped.signal });
        await connect();
        told(undefined);
      } catch {
        // The server is still away, or the wait was ended by `stop`; the loop's condition tells.
      }
    }
  };

  await connect();
  return async () => {
    stopped.abort();
    await client?.end();
  };
}
