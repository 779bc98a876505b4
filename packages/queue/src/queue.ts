import { setTimeout as wait } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import {
  createPostgresBackend,
  type JobsOptions,
  Queue as RedisQueue,
  Worker as RedisWorker,
  runMigrations,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { limits } from './limits.ts';
import { PglitePool, queueSchema } from './pglite-pool.ts';

export type QueueSettings =
  /** On the store's own embedded database. */
  | { readonly kind: 'embedded'; readonly pglite: PGlite }
  | { readonly kind: 'postgres'; readonly databaseUrl: string }
  | { readonly kind: 'redis'; readonly redisUrl: string };

/** A wake-up carries an identifier and nothing else; the rows are the truth. */
export type Wake =
  | { readonly kind: 'advance'; readonly taskId: string }
  | { readonly kind: 'step'; readonly stepId: string };

/** What is done on a wake-up. Both may be called more than once for the same identifier, at the same time too. */
export interface WakeListeners {
  readonly advance: (taskId: string) => Promise<void>;
  readonly step: (stepId: string) => Promise<void>;
}

/** Wake-ups, delivered at least once while their queue lives. */
export interface Queue {
  wake(wake: Wake): Promise<void>;
  /** Begins to deliver; at most `concurrency` calls of a kind at once. */
  work(
    listeners: WakeListeners,
    concurrency: Readonly<Record<Wake['kind'], number>>,
    onError: (error: Error) => void,
  ): Promise<void>;
  checkHealth(): Promise<boolean>;
  /** Ends delivery after the calls that are under way. */
  close(): Promise<void>;
}

interface Payload {
  readonly id: string;
}

const jobOptions: JobsOptions = {
  attempts: limits.attempts,
  backoff: { type: 'exponential', delay: limits.backoffMilliseconds },
  removeOnComplete: true,
  removeOnFail: true,
};

/** What is used of BullMQ's classes, whichever backend they are bound to. */
interface BackendQueue {
  add(name: string, payload: Payload, options: JobsOptions): Promise<unknown>;
  getJobCountByTypes(type: 'waiting'): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface BackendWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Backend {
  queue(name: string): BackendQueue;
  worker(name: string, run: (payload: Payload) => Promise<void>, concurrency: number): BackendWorker;
  close(): Promise<void>;
}

function postgresBackend(
  connection: PglitePool | { readonly connectionString: string; readonly schema: string },
): Backend {
  const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);
  return {
    queue: (name) => new PostgresQueue<Payload>(name, { connection }),
    worker: (name, run, concurrency) =>
      new PostgresWorker<Payload, void>(name, (job) => run(job.data), { connection, concurrency }),
    close: async () => undefined,
  };
}

async function embeddedBackend(pglite: PGlite): Promise<Backend> {
  const pool = new PglitePool(pglite);
  await runMigrations(pool, queueSchema);
  await pglite.exec(`set search_path to ${queueSchema}`);
  return postgresBackend(pool);
}

async function serverBackend(databaseUrl: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, queueSchema);
  } finally {
    await client.end();
  }
  return postgresBackend({ connectionString: databaseUrl, schema: queueSchema });
}

async function redisBackend(redisUrl: string): Promise<Backend> {
  // BullMQ's blocking reads must wait for ever, not for a number of retries.
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
  let last: Error | undefined;
  connection.on('error', (error) => {
    last = error;
  });
  try {
    await connection.connect();
  } catch (error) {
    connection.disconnect();
    const { host, port } = connection.options;
    const reason = last?.message || (error instanceof Error ? error.message : String(error));
    throw new QueueUnreachable(`Redis did not answer at ${host}:${port}: ${reason}. Start it, or correct REDIS_URL.`);
  }
  return {
    queue: (name) => new RedisQueue<Payload>(name, { connection }),
    worker: (name, run, concurrency) =>
      new RedisWorker<Payload, void>(name, (job) => run(job.data), { connection, concurrency }),
    close: async () => {
      await connection.quit();
    },
  };
}

function backendFor(settings: QueueSettings): Promise<Backend> | Backend {
  switch (settings.kind) {
    case 'embedded':
      return embeddedBackend(settings.pglite);
    case 'postgres':
      return serverBackend(settings.databaseUrl);
    case 'redis':
      return redisBackend(settings.redisUrl);
  }
}

/** The queue's server does not answer; the message is for an operator. */
class QueueUnreachable extends Error {
  readonly code = 'queue-unreachable';
}

const names = { advance: 'rewardsmith-advance', step: 'rewardsmith-step' } as const;

/** Opens the queue and, on PostgreSQL, brings its schema up to date. */
export async function openQueue(settings: QueueSettings): Promise<Queue> {
  const backend = await backendFor(settings);
  const queues = { advance: backend.queue(names.advance), step: backend.queue(names.step) };
  await Promise.all(Object.values(queues).map((queue) => queue.waitUntilReady()));
  let onQueueError: (error: Error) => void = () => undefined;
  for (const queue of Object.values(queues)) queue.on('error', (error) => onQueueError(error));
  const workers: BackendWorker[] = [];

  return {
    async wake(wake) {
      // No job identifier: BullMQ would swallow a wake-up that comes while the one before it is being worked on.
      const id = wake.kind === 'advance' ? wake.taskId : wake.stepId;
      const added = queues[wake.kind].add(wake.kind, { id }, jobOptions).catch(onQueueError);
      // While its server is away the queue waits for it; whoever wakes need not: a sweep finds what this was for.
      await Promise.race([added, wait(limits.wakeMilliseconds, undefined, { ref: false })]);
    },

    async work(listeners, concurrency, onError) {
      onQueueError = onError;
      for (const kind of ['advance', 'step'] as const) {
        const worker = backend.worker(names[kind], ({ id }) => listeners[kind](id), concurrency[kind]);
        worker.on('error', onError);
        worker.on('failed', (_, error) => onError(error));
        workers.push(worker);
        await worker.waitUntilReady();
      }
    },

    async checkHealth() {
      try {
        await queues.advance.getJobCountByTypes('waiting');
        return true;
      } catch {
        return false;
      }
    },

    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      await backend.close();
    },
  };
}
