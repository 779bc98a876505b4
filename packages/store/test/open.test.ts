import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { newTask } from './rows.ts';
import { describeWithServer, startPostgres } from './servers.ts';

it('says in one error that a database server does not answer', async () => {
  const databaseUrl = 'postgresql://postgres@127.0.0.1:1/postgres';
  await expect(openStore({ kind: 'server', databaseUrl, dataDirectory: tmpdir() })).rejects.toMatchObject({
    name: 'StoreError',
    code: 'database-unreachable',
  });
});

describeWithServer('postgresql', 'processes that share a PostgreSQL server', () => {
  it('can open a new database at the same time, and hear of each other’s events', async () => {
    const server = await startPostgres();
    const dataDirectory = mkdtempSync(join(tmpdir(), 'rewardsmith-open-'));
    try {
      const open = () => openStore({ kind: 'server', databaseUrl: server.url, dataDirectory });
      const [api, worker, other] = await Promise.all([open(), open(), open()]);
      const heard = Promise.withResolvers<string | undefined>();
      worker.onEvents(heard.resolve);
      const { row } = await api.createTask(newTask());
      expect(await heard.promise).toBe(row.id);
      expect((await other.readTask('alpha', row.id))?.status).toBe('queued');
      await Promise.all([api.close(), worker.close(), other.close()]);
    } finally {
      await server.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  });
});
