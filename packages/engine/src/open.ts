import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ModelTerms } from '@rewardsmith/contracts';
import { createGrammarDesigner } from '@rewardsmith/designer';
import { NoModelChosen } from '@rewardsmith/llm';
import { openQueue, type Queue } from '@rewardsmith/queue';
import { createSandbox, type Sandbox, type SandboxSettings } from '@rewardsmith/sandbox';
import { openStore, type Store } from '@rewardsmith/store';
import type { Logger } from 'pino';
import { limits } from './limits.ts';
import { type ModelAccess, type ModelSource, openModelAccess } from './model/access.ts';
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
  /** Trainings that run at once, each in a runner process; one a core when absent. One more runner labels meanwhile. */
  readonly runners?: number;
  /** Walls without which the engine does not open; those that need no container when absent. */
  readonly walls?: SandboxSettings['requiredWalls'];
  /** Limits of the sandbox; its defaults where they are absent. */
  readonly limits?: Partial<SandboxSettings>;
  /** A sandbox that the caller has opened and will close; the engine opens one of its own when absent. */
  readonly sandbox?: Sandbox;
  /** Where models answer; the service works without when absent. */
  readonly models?: ModelSource;
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
  /** On what terms tasks may ask models; absent when the service has no endpoint. */
  readonly modelTerms: ModelTerms | undefined;
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

/** The model's roles; a service whose endpoint names no model works without, and says so to who asks for one. */
async function accessFor(models: ModelSource, logger: Logger): Promise<ModelAccess | undefined> {
  try {
    // Jitter is drawn anew in every process, so that workers that failed together do not come back together.
    return await openModelAccess(models, randomInt(2 ** 31));
  } catch (error) {
    if (!(error instanceof NoModelChosen)) throw error;
    logger.warn({ err: error }, 'no model was chosen; tasks cannot ask for one');
    return undefined;
  }
}

/** Opens store, queue and sandbox and wires the roles of the loop together. */
export async function openEngine(settings: EngineSettings): Promise<Engine> {
  const { models } = settings;
  const access = models === undefined ? undefined : await accessFor(models, settings.logger);
  // Runners start beside the database: each takes a good part of a second.
  const opening = settings.sandbox === undefined ? openSandbox(settings) : Promise.resolve(settings.sandbox);
  // Whether it failed is asked below, where all three come together.
  opening.catch(() => undefined);
  let store: Store | undefined;
  let queue: Queue | undefined;
  try {
    store = await openStoreFor(settings);
    queue = await openQueueFor(settings, store);
    return assemble(settings, access, store, queue, await opening);
  } catch (error) {
    await queue?.close();
    await store?.close();
    const [opened] = await Promise.allSettled([opening]);
    if (opened.status === 'fulfilled' && settings.sandbox === undefined) await opened.value.close();
    throw error;
  }
}

function openSandbox(settings: EngineSettings): Promise<Sandbox> {
  return createSandbox({
    ...settings.limits,
    // Trainings take theirs for minutes: whoever asks for labels must not wait behind them.
    runners: trainingsOf(settings) + 1,
    ...(settings.walls === undefined ? {} : { requiredWalls: settings.walls }),
  });
}

/** Trainings that run at once; none where the role is to serve. */
function trainingsOf({ role, runners }: EngineSettings): number {
  return role === 'api' ? 0 : (runners ?? availableParallelism());
}

function assemble(
  settings: EngineSettings,
  access: ModelAccess | undefined,
  store: Store,
  queue: Queue,
  sandbox: Sandbox,
): Engine {
  const { logger, role } = settings;
  const now = () => new Date();
  const work = new TaskWork({
    store,
    queue,
    sandbox,
    designer: createGrammarDesigner(),
    access,
    trainings: trainingsOf(settings),
    logger,
    now,
  });
  const tasks = new StoredTaskService({
    store,
    queue,
    sandbox,
    access,
    now,
    abortTask: (taskId) => work.abortTask(taskId),
  });
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
    modelTerms: access?.terms,
    async start() {
      if (role === 'api') return;
      if (settings.databaseUrl === undefined) await store.releaseEveryStep();
      await queue.work(
        { advance: (taskId) => work.advance(taskId), step: (stepId) => work.runStep(stepId) },
        { advance: limits.advanceConcurrency, step: trainingsOf(settings) },
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
      if (settings.sandbox === undefined) await sandbox.close();
      await store.close();
    },
  };
}
