import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, WithSchemaPlugin } from 'kysely';
import pg from 'pg';
import { StoreError } from './errors.ts';
import { limits } from './limits.ts';
import { lockDirectory } from './lock.ts';
import { listenOn } from './notifications.ts';
import type { Tables } from './schema.ts';

/** Tells of payloads on a channel until the returned function is called. `undefined` means: look again at everything. */
export type Listen = (channel: string, told: (payload: string | undefined) => void) => Promise<() => Promise<void>>;

/** One open database, embedded or served. */
export interface Connection {
  readonly db: Kysely<Tables>;
  readonly listen: Listen;
  /** The embedded database; absent on a server. */
  readonly pglite: PGlite | undefined;
  close(): Promise<void>;
}

/** The service's own schema, so that the queue's tables in the same database never meet its names. */
export const schema = 'rewardsmith';

const plugins = [new WithSchemaPlugin(schema), new CamelCasePlugin({ maintainNestedObjectKeys: true })];

/** WASI's number for a full disk; PGlite's file system throws plain objects with such a number and no message. */
const noSpace = 51;

function didNotOpen(dataDirectory: string, error: unknown): StoreError {
  const number = typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined;
  if (number === noSpace) {
    const message = `No space is left on the disk of ${dataDirectory}. Free some, or name another directory.`;
    return new StoreError('disk-full', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : `its files answer with error ${number}`;
  return new StoreError(
    'data-directory-unusable',
    `The embedded database in ${dataDirectory} did not open: ${reason}`,
    { cause: error },
  );
}

/** Opens PGlite in a locked directory of its own; a second opener is refused. */
export async function connectEmbedded(dataDirectory: string): Promise<Connection> {
  const unlock = lockDirectory(dataDirectory);
  try {
    const pglite = await PGlite.create(join(dataDirectory, 'pgdata'));
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }), plugins });
    return {
      db,
      pglite,
      listen: async (channel, told) => pglite.listen(channel, told),
      async close() {
        if (!pglite.closed) await pglite.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw didNotOpen(dataDirectory, error);
  }
}

/** Connects to a PostgreSQL server. */
export async function connectServer(databaseUrl: string): Promise<Connection> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: limits.poolConnections });
  // An idle client that loses its server emits here; the next query reports it to its caller.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw new StoreError(
      'database-unreachable',
      `PostgreSQL did not answer: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins });
  return {
    db,
    pglite: undefined,
    listen: (channel, told) => listenOn(databaseUrl, channel, told),
    close: () => db.destroy(),
  };
}
