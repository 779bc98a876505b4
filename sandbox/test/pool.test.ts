import { describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { Pool } from '../src/supervisor/pool.ts';
import { Runner } from '../src/supervisor/runner.ts';

const settings = completeSettings({ runners: 1, spares: 0 });

describe('a request that was refused and is given up afterwards', () => {
  test('leaves the queue to those who wait in it', async () => {
    const healthy = Promise.withResolvers<void>();
    let starts = 0;
    const pool = new Pool(settings, async (watcher) => {
      starts += 1;
      if (starts <= 3) throw new Error('no process can be started');
      await healthy.promise;
      return Runner.start(watcher);
    });
    const abort = new AbortController();
    await expect(pool.acquire('first', abort.signal)).rejects.toThrow('no process can be started');
    const second = pool.acquire('second');
    abort.abort();
    expect(pool.status.queued).toBe(1);
    healthy.resolve();
    pool.release(await second, false);
    await pool.close();
  });
});

describe('a request that is given up while it waits', () => {
  test('leaves the queue, and no other request does', async () => {
    const pool = new Pool(settings);
    const first = await pool.acquire('tenant');
    const abort = new AbortController();
    const given = expect(pool.acquire('tenant', abort.signal)).rejects.toThrow('enough');
    const kept = pool.acquire('tenant');
    abort.abort(new Error('enough'));
    await given;
    expect(pool.status.queued).toBe(1);
    pool.release(first, true);
    pool.release(await kept, true);
    await pool.close();
  });
});
