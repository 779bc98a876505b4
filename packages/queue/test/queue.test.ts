import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithServer, type RunningServer, startPostgres, startRedis } from '../../store/test/servers.ts';
import { openQueue, type Queue, type QueueSettings, type WakeListeners } from '../src/index.ts';

/** Resolves once something has been told `count` times. */
class Tally {
  readonly told: string[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  tell(what: string): void {
    this.told.push(what);
    for (const { count, resolve } of this.#waiting) if (this.told.length >= count) resolve();
  }

  reach(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      if (this.told.length >= count) resolve();
    });
  }
}

const nothing = async () => undefined;

function declare(settings: () => QueueSettings): void {
  /** Runs `test` on a queue that delivers to `listeners`, and closes it. */
  const withQueue = async (
    listeners: Partial<WakeListeners>,
    concurrency: number,
    test: (queue: Queue, errors: Tally) => Promise<void>,
  ) => {
    const queue = await openQueue(settings());
    const errors = new Tally();
    try {
      await queue.work(
        { advance: nothing, step: nothing, ...listeners },
        { advance: concurrency, step: concurrency },
        (error) => errors.tell(error.message),
      );
      await test(queue, errors);
    } finally {
      await queue.close();
    }
  };

  it('delivers identifiers to the listener of their kind', async () => {
    const heard = new Tally();
    const listeners = {
      advance: async (id: string) => heard.tell(`advance ${id}`),
      step: async (id: string) => heard.tell(`step ${id}`),
    };
    await withQueue(listeners, 2, async (queue) => {
      await queue.wake({ kind: 'advance', taskId: 'a' });
      await queue.wake({ kind: 'step', stepId: 'b' });
      await heard.reach(2);
    });
    expect(heard.told.toSorted()).toEqual(['advance a', 'step b']);
  });

  it('delivers what was asked for before anybody worked, and across a restart of the queue', async () => {
    const before = await openQueue(settings());
    await before.wake({ kind: 'advance', taskId: 'early' });
    await before.close();
    const heard = new Tally();
    await withQueue({ advance: async (id) => heard.tell(id) }, 1, () => heard.reach(1));
    expect(heard.told).toEqual(['early']);
  });

  it('does not lose a wake-up that comes while the same task is being worked on', async () => {
    const heard = new Tally();
    const release = Promise.withResolvers<void>();
    const advance = async (id: string) => {
      heard.tell(id);
      if (heard.told.length === 1) await release.promise;
    };
    await withQueue({ advance }, 1, async (queue) => {
      await queue.wake({ kind: 'advance', taskId: 'busy' });
      await heard.reach(1);
      await queue.wake({ kind: 'advance', taskId: 'busy' });
      release.resolve();
      await heard.reach(2);
    });
    expect(heard.told).toEqual(['busy', 'busy']);
  });

  it('lets a listener wake its own step again', async () => {
    const heard = new Tally();
    const queue: { open?: Queue } = {};
    const step = async (id: string) => {
      heard.tell(id);
      if (heard.told.length < 3) await queue.open?.wake({ kind: 'step', stepId: id });
    };
    await withQueue({ step }, 1, async (open) => {
      queue.open = open;
      await open.wake({ kind: 'step', stepId: 'again' });
      await heard.reach(3);
    });
    expect(heard.told).toEqual(['again', 'again', 'again']);
  });

  it('delivers again after a failure, and tells of it', async () => {
    const heard = new Tally();
    const advance = async (id: string) => {
      heard.tell(id);
      if (heard.told.length === 1) throw new Error('the first call fails');
    };
    await withQueue({ advance }, 1, async (queue, errors) => {
      await queue.wake({ kind: 'advance', taskId: 'flaky' });
      await heard.reach(2);
      expect(errors.told).toEqual(['the first call fails']);
    });
  });

  it('works on as many at once as it may, and no more', async () => {
    const started = new Tally();
    const release = Promise.withResolvers<void>();
    let most = 0;
    let now = 0;
    const step = async (id: string) => {
      now += 1;
      most = Math.max(most, now);
      started.tell(id);
      await release.promise;
      now -= 1;
    };
    await withQueue({ step }, 3, async (queue) => {
      await Promise.all(Array.from({ length: 9 }, (_, index) => queue.wake({ kind: 'step', stepId: `${index}` })));
      await started.reach(3);
      release.resolve();
      await started.reach(9);
    });
    expect(most).toBe(3);
    expect(new Set(started.told).size).toBe(9);
  });

  it('answers for its health', () =>
    withQueue({}, 1, async (queue) => {
      expect(await queue.checkHealth()).toBe(true);
    }));
}

describe('embedded', () => {
  let pglite: PGlite | undefined;
  beforeAll(async () => {
    pglite = await PGlite.create();
  });
  afterAll(() => pglite?.close());
  const database = () => {
    if (pglite === undefined) throw new Error('the database opens first');
    return pglite;
  };
  declare(() => ({ kind: 'embedded', pglite: database() }));

  it('keeps out of the transactions of the database that it shares', async () => {
    const shared = database();
    await shared.exec('create table public.shared (value integer not null)');
    const heard = new Tally();
    const queue = await openQueue({ kind: 'embedded', pglite: shared });
    const errors: Error[] = [];
    await queue.work({ advance: async (id) => heard.tell(id), step: nothing }, { advance: 4, step: 1 }, (error) =>
      errors.push(error),
    );
    const rolledBack = (value: number) =>
      shared
        .transaction(async (tx) => {
          await tx.query('insert into public.shared values ($1)', [value]);
          // Asked for while this transaction is open; a queue inside it would be undone with it.
          void queue.wake({ kind: 'advance', taskId: `${value}` });
          await tx.query('select 1');
          throw new Error('rolled back');
        })
        .catch(() => undefined);
    await Promise.all(Array.from({ length: 30 }, (_, value) => rolledBack(value)));
    await heard.reach(30);
    await queue.close();
    expect(new Set(heard.told).size).toBe(30);
    expect(errors).toEqual([]);
    expect((await shared.query('select * from public.shared')).rows).toEqual([]);
  });
});

describeWithServer('postgresql', 'on a PostgreSQL server', () => {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  declare(() => ({ kind: 'postgres', databaseUrl: server?.url ?? '' }));
});

describeWithServer('redis', 'on a Redis server', () => {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  declare(() => ({ kind: 'redis', redisUrl: server?.url ?? '' }));
});
