import { setTimeout as wait } from 'node:timers/promises';
import { createGrammarDesigner } from '@rewardsmith/designer';
import { openQueue, type Queue } from '@rewardsmith/queue';
import { createSandbox, type Sandbox, type SandboxSettings } from '@rewardsmith/sandbox';
import { openStore, type Store } from '@rewardsmith/store';
import type { Logger } from 'pino';
import { limits } from './limits.ts';
import { StoredTaskService } from './service/task-service.ts';
import type { TaskService } from './service.ts';
import { TaskWork } from './work.ts';

export interface EngineSettings {
  /** Holds the embedded database, the blobs and the lock. */
  readonly dataDirectory: string;
  /** A PostgreSQL server in place of the embedded one. */
  readonly databaseUrl?: string;
  /** A Redis server for the queue; the queue is on PostgreSQL when absent. */
  readonly redisUrl?: string;
  /** Runner processes, which is also how many trainings run at once; one a core when absent. */
  readonly runners?: number;
  /** Walls without which the engine does not open; those that need no container when absent. */
  readonly walls?: SandboxSettings['requiredWalls'];
  readonly logger: Logger;
  /** `api` serves and wakes, `worker` works, `all` does both in one process. */
  readonly role: 'all' | 'api' | 'worker';
}

export interface EngineHealth {
  readonly database: boolean;
  readonly queue: boolean;
  readonly sandbox: boolean;
}

export interface Engine {
  readonly tasks: TaskService;
  readonly sandbox: Sandbox;
  /** Begins to work on tasks, those that an earlier process left unfinished included. */
  start(): Promise<void>;
  health(): Promise<EngineHealth>;
  close(): Promise<void>;
}

async function openQueueFor(settings: EngineSettings, store: Store): Promise<Queue> {
  if (settings.redisUrl !== undefined) return openQueue({ kind: 'redis', redisUrl: settings.redisUrl });
  if (settings.databaseUrl !== undefined) return openQueue({ kind: 'postgres', databaseUrl: settings.databaseUrl });
  if (store.pglite === undefined) throw new Error('the embedded queue needs the embedded store');
  return openQueue({ kind: 'embedded', pglite: store.pglite });
}

function answersInTime(check: Promise<boolean>): Promise<boolean> {
  return Promise.race([check, wait(limits.healthMilliseconds, false, { ref: false })]);
}

function openStoreFor({ dataDirectory, databaseUrl }: EngineSettings): Promise<Store> {
  return databaseUrl === undefined
    ? openStore({ kind: 'embedded', dataDirectory })
    : openStore({ kind: 'server', databaseUrl, dataDirectory });
}

/** Opens store, queue and sandbox and wires the roles of the loop together. */
export async function openEngine(settings: EngineSettings): Promise<Engine> {
  const store = await openStoreFor(settings);
  let queue: Queue | undefined;
  let sandbox: Sandbox;
  try {
    queue = await openQueueFor(settings, store);
    sandbox = await createSandbox({
      ...(settings.runners === undefined ? {} : { runners: settings.runners }),
      ...(settings.walls === undefined ? {} : { requiredWalls: settings.walls }),
    });
  } catch (error) {
    await queue?.close();
    await store.close();
    throw error;
  }
  return assemble(settings, store, queue, sandbox);
}

function assemble(settings: EngineSettings, store: Store, queue: Queue, sandbox: Sandbox): Engine {
  const { logger, role } = settings;
  const now = () => new Date();
  const work = new TaskWork({ store, queue, sandbox, designer: createGrammarDesigner(), logger, now });
  const tasks = new StoredTaskService({ store, queue, sandbox, now, abortTask: (taskId) => work.abortTask(taskId) });
  let sweep: NodeJS.Timeout | undefined;
  const recover = async () => {
    try {
      await work.recover();
    } catch (error) {
      logger.error({ err: error }, 'could not look for unfinished work; trying again');
    }
  };
  return {
    tasks,
    sandbox,
    async start() {
      if (role === 'api') return;
      if (settings.databaseUrl === undefined) await store.releaseEveryStep();
      await queue.work(
        { advance: (taskId) => work.advance(taskId), step: (stepId) => work.runStep(stepId) },
        { advance: limits.advanceConcurrency, step: sandbox.status().settings.runners },
        (error) => logger.error({ err: error }, 'queue error'),
      );
      await recover();
      sweep = setInterval(() => void recover(), limits.sweepMilliseconds);
    },
    async health() {
      const [database, queueAnswers] = await Promise.all([
        answersInTime(store.checkHealth()),
        answersInTime(queue.checkHealth()),
      ]);
      return { database, queue: queueAnswers, sandbox: sandbox.status().runners.length > 0 };
    },
    async close() {
      clearInterval(sweep);
      work.abortAll();
      await queue.close();
      await sandbox.close();
      await store.close();
    },
  };
}
