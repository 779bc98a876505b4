import { Worker } from 'node:worker_threads';
import type { Finding } from '@rewardsmith/contracts';
import { SandboxClosed, SandboxOverloaded } from '../errors.ts';
import { limits } from '../limits.ts';
import { FairQueue } from './fair-queue.ts';
import type { AnyJob, Gives, Job, JobEnd, JobKind } from './jobs.ts';

/** Whose work it is, and whether it is still wanted. */
export interface Asker {
  readonly tenant: string;
  /** Ends the work, or the wait for it. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly job: AnyJob;
  readonly asker: Asker;
  readonly resolve: (end: JobEnd<Gives<JobKind>>) => void;
  readonly reject: (error: unknown) => void;
  readonly abandon: () => void;
}

interface Running extends Waiting {
  readonly thread: Thread;
  readonly from: number;
  timer: NodeJS.Timeout;
}

interface Thread {
  readonly worker: Worker;
  /** Milliseconds of processor time up to its last answer, which no job has to answer for; absent while it starts. */
  spent: number | undefined;
}

/** What a thread says when it has started, without an end, and of every job. */
interface Answer {
  readonly end?: JobEnd<Gives<JobKind>>;
  readonly spent: number;
}

const timedOut = (milliseconds: number): Finding => ({
  code: 'compile-timeout',
  severity: 'error',
  message: `The program takes more than ${milliseconds} ms to compile or to write out.`,
  advice: 'Shorten its loops and vectors.',
});

const outOfMemory: Finding = {
  code: 'program-too-large',
  severity: 'error',
  message: `The program takes more than ${limits.compileMegabytes} MB to compile or to write out.`,
  advice: 'Shorten its loops and vectors.',
};

/** A promise's value, or nothing where it takes long: a thread may be in no state to answer. */
function soon<T>(value: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), limits.compileLookMilliseconds);
  });
  return Promise.race([value, late]);
}

/**
 * A thread that does one job after another on programs that strangers wrote, beside the service's own; tenants take turns. It is ended where a
 * job takes more than `milliseconds` of its processor time, or memory without end, and a new one takes its place for the next;
 * one that rests goes too, where it `retires`.
 */
export class SupervisedThread {
  readonly #milliseconds: number;
  readonly #retires: boolean;
  readonly #queue: FairQueue<Waiting>;
  #idle: Thread | undefined;
  #running: Running | undefined;
  #rest: NodeJS.Timeout | undefined;
  #closed = false;

  /** `most` jobs may wait, half of them one tenant's. */
  constructor(milliseconds: number, most: number, retires = true) {
    this.#milliseconds = milliseconds;
    this.#retires = retires;
    this.#queue = new FairQueue(most, Math.ceil(most / 2));
  }

  /** Rejects with `SandboxOverloaded`, `SandboxClosed`, the signal's reason, or what the service got wrong. */
  run<K extends JobKind>(job: Job<K>, asker: Asker): Promise<JobEnd<Gives<K>>>;
  run(job: AnyJob, asker: Asker): Promise<JobEnd<Gives<JobKind>>> {
    const { tenant, signal } = asker;
    if (this.#closed) return Promise.reject(new SandboxClosed());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abandon = () => this.#abandon(waiting);
      const waiting: Waiting = { job, asker, resolve, reject, abandon };
      const full = this.#queue.push(tenant, waiting);
      if (full !== undefined) {
        reject(
          full === 'queue'
            ? new SandboxOverloaded(this.#queue.length, 'the compiler')
            : new SandboxOverloaded(this.#queue.waitingFor(tenant), 'a share of the compiler'),
        );
        return;
      }
      signal?.addEventListener('abort', abandon, { once: true });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.drain()) this.#settle(waiting, ({ reject }) => reject(new SandboxClosed()));
    const thread = this.#running?.thread ?? this.#idle;
    this.#stop(({ reject }) => reject(new SandboxClosed()));
    this.#retire();
    await thread?.worker.terminate();
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    clearTimeout(this.#rest);
    try {
      const thread = this.#idle ?? this.#start();
      this.#idle = undefined;
      thread.worker.ref();
      const timer = setTimeout(() => this.#look(), this.#milliseconds);
      this.#running = { ...waiting, thread, from: performance.now(), timer };
      thread.worker.postMessage(waiting.job);
    } catch (error) {
      // A thread that cannot be started, or a job that cannot be sent: its caller is told, and the next has its turn.
      const isSent = this.#running !== undefined;
      if (isSent) this.#stop(({ reject }) => reject(error));
      else this.#settle(waiting, ({ reject }) => reject(error));
      if (!isSent) setImmediate(() => this.#next());
    }
  }

  #start(): Thread {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.compileMegabytes },
    });
    const thread: Thread = { worker, spent: undefined };
    worker.on('message', ({ end, spent }: Answer) => {
      thread.spent = spent;
      if (end !== undefined && this.#running?.thread === thread) this.#answered(this.#running, end);
    });
    worker.on('exit', () => {
      if (this.#idle === thread) this.#idle = undefined;
      if (this.#running?.thread !== thread) return;
      this.#stop(({ reject }) => reject(new Error('the thread that compiles has ended')));
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      if (this.#running?.thread !== thread) return;
      const tooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#stop(({ resolve, reject }) => (tooLarge ? resolve({ ok: false, finding: outOfMemory }) : reject(error)));
    });
    return thread;
  }

  #answered(running: Running, end: JobEnd<Gives<JobKind>>): void {
    clearTimeout(running.timer);
    this.#running = undefined;
    this.#idle = running.thread;
    running.thread.worker.unref();
    if (this.#retires) this.#rest = setTimeout(() => this.#retire(), limits.compileRestMilliseconds).unref();
    this.#settle(running, ({ resolve }) => resolve(end));
    this.#next();
  }

  /**
   * Its processor time counts, so that a busy machine is not held against a program. One that has not had its share after
   * much longer is given up: the machine is too busy to tell.
   */
  async #look(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const { thread } = running;
    const used = await soon(thread.worker.cpuUsage().catch(() => undefined));
    if (this.#running !== running) return;
    const own = used === undefined || thread.spent === undefined ? 0 : (used.user + used.system) / 1000 - thread.spent;
    if (own >= this.#milliseconds) {
      this.#stop(({ resolve }) => resolve({ ok: false, finding: timedOut(this.#milliseconds) }));
    } else if (performance.now() - running.from >= this.#milliseconds + limits.compilePatienceMilliseconds) {
      this.#stop(({ reject }) => reject(new SandboxOverloaded(this.#queue.length, 'the compiler')));
    } else {
      running.timer = setTimeout(() => this.#look(), limits.compileLookMilliseconds);
    }
  }

  #abandon(waiting: Waiting): void {
    const settled = ({ reject }: Waiting) => reject(waiting.asker.signal?.reason);
    if (this.#running?.abandon === waiting.abandon) {
      this.#stop(settled);
      return;
    }
    this.#queue.remove(waiting.asker.tenant, waiting);
    this.#settle(waiting, settled);
  }

  /** Ends the job that is under way, and its thread with it. */
  #stop(settled: (waiting: Waiting) => void): void {
    const running = this.#running;
    if (running === undefined) return;
    clearTimeout(running.timer);
    this.#running = undefined;
    running.thread.worker.terminate();
    this.#settle(running, settled);
    this.#next();
  }

  #settle(waiting: Waiting, settled: (waiting: Waiting) => void): void {
    waiting.asker.signal?.removeEventListener('abort', waiting.abandon);
    settled(waiting);
  }

  #retire(): void {
    clearTimeout(this.#rest);
    this.#idle?.worker.terminate();
    this.#idle = undefined;
  }
}
