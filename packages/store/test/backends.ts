import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { describeWithServer, type RunningServer, startPostgres } from './servers.ts';

/** What a suite gets: an open store, and the clock that it reads. */
export interface Opened {
  readonly store: Store;
  readonly clock: { now: Date };
}

function declare(open: (directory: string, now: () => Date) => Promise<Store>, suite: (opened: Opened) => void): void {
  const clock = { now: new Date('2026-01-01T00:00:00.000Z') };
  let store: Store | undefined;
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-store-'));
  beforeAll(async () => {
    store = await open(directory, () => clock.now);
  });
  afterAll(async () => {
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  suite({
    get store() {
      if (store === undefined) throw new Error('the store opens before the first test');
      return store;
    },
    clock,
  });
}

/** Declares one suite for the embedded database and for a PostgreSQL server. */
export function describeOnEachStore(suite: (opened: Opened) => void): void {
  describe('embedded', () => {
    declare((dataDirectory, now) => openStore({ kind: 'embedded', dataDirectory }, now), suite);
  });
  describeWithServer('postgresql', 'on a PostgreSQL server', () => {
    let server: RunningServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.stop());
    declare(async (dataDirectory, now) => {
      if (server === undefined) throw new Error('the server starts first');
      return openStore({ kind: 'server', databaseUrl: server.url, dataDirectory }, now);
    }, suite);
  });
}
