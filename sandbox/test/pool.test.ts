import { describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { Pool } from '../src/supervisor/pool.ts';
import { Runner } from '../src/supervisor/runner.ts';

const settings = completeSettings({ runners: 1, spares: 0 });

describe('a start that takes long', () => {
  test.each([
    { runners: 2, spares: 0 },
    { runners: 2, spares: 1 },
  ])('keeps no one else waiting: $runners runners, $spares spares', async (given) => {
    const held = Promise.withResolvers<void>();
    let starts = 0;
    const pool = new Pool(completeSettings(given), async (watcher) => {
      starts += 1;
      if (starts > 1) await held.promise;
      return Runner.start(watcher);
    });
    const first = await pool.acquire('warm');
    pool.release(first, true);
    const cold = pool.acquire('cold');
    expect(pool.status.queued).toBe(1);
    for (let turn = 0; turn < 3; turn += 1) {
      const again = await pool.acquire('warm');
      expect(again.pid).toBe(first.pid);
      pool.release(again, true);
    }
    expect(pool.status.queued).toBe(1);
    held.resolve();
    pool.release(await cold, true);
    await pool.close();
  });
});

describe('a runner that is given back', () => {
  test.each([
    { runners: 1, spares: 0, others: ['other'] },
    { runners: 2, spares: 1, others: ['other', 'third'] },
  ])(
    'goes to its own tenant that waits before others: $runners runners, $spares spares',
    async ({ others, ...given }) => {
      const held = Promise.withResolvers<void>();
      let starts = 0;
      const pool = new Pool(completeSettings(given), async (watcher) => {
        starts += 1;
        if (starts > given.runners) await held.promise;
        return Runner.start(watcher);
      });
      const first = await pool.acquire('own');
      const busy = await Promise.all(Array.from({ length: given.runners - 1 }, () => pool.acquire('busy')));
      const again = pool.acquire('own');
      const waiting = others.map(async (tenant) => pool.release(await pool.acquire(tenant), true));
      pool.release(first, true);
      expect((await again).pid).toBe(first.pid);
      held.resolve();
      for (const runner of [await again, ...busy]) pool.release(runner, true);
      await Promise.all(waiting);
      await pool.close();
    },
  );
});

describe('two tenants and one runner', () => {
  test('take turns, though the one that comes again has a runner and the other has none', async () => {
    const pool = new Pool(settings);
    const served: string[] = [];
    const ask = async (tenant: string) => {
      const runner = await pool.acquire(tenant);
      served.push(tenant);
      return runner;
    };
    const first = await ask('first');
    const others = [ask('second'), ask('first')].map(async (asked) => pool.release(await asked, true));
    pool.release(first, true);
    await Promise.all(others);
    expect(served).toEqual(['first', 'second', 'first']);
    await pool.close();
  });
});

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
