import { SandboxClosed, SandboxOverloaded } from '../errors.ts';
import type { SandboxSettings } from '../settings.ts';
import { Runner } from './runner.ts';
import { Watcher } from './watcher.ts';

interface Waiting {
  readonly tenant: string;
  readonly resolve: (runner: Runner) => void;
  readonly reject: (error: Error) => void;
}

/** One live runner. */
export interface RunnerStatus {
  readonly pid: number;
  /** Absent while nobody has used it. */
  readonly tenant: string | undefined;
  readonly runs: number;
  readonly busy: boolean;
}

/** What an operator sees. */
export interface PoolStatus {
  readonly runners: readonly RunnerStatus[];
  readonly busy: number;
  readonly idle: number;
  readonly starting: number;
  readonly queued: number;
  /** Runners started since the beginning. */
  readonly started: number;
}

/** Starts that may fail one after another before those who wait are told. */
const FAILED_STARTS = 3;

/**
 * Keeps runners warm and lends each to one request at a time. A runner belongs to the first tenant it serves and is
 * retired, never handed on; replacements start beside the runners that work, so that nobody waits for one while a
 * spare is at hand. Whoever cannot be queued is refused.
 */
export class Pool {
  readonly #settings: SandboxSettings;
  readonly #start: (watcher: Watcher) => Promise<Runner>;
  readonly #watcher: Watcher;
  readonly #idle = new Set<Runner>();
  readonly #busy = new Set<Runner>();
  readonly #ending = new Set<Promise<unknown>>();
  #queue: Waiting[] = [];
  #starting = 0;
  #started = 0;
  #failedStarts = 0;
  #closed = false;

  constructor(
    settings: SandboxSettings,
    start: (watcher: Watcher) => Promise<Runner> = (watcher) => Runner.start(watcher),
  ) {
    this.#settings = settings;
    this.#start = start;
    // Killed runners keep their row until they are gone.
    this.#watcher = new Watcher(4 * (settings.runners + settings.spares) + 16);
    this.#refill();
  }

  get status(): PoolStatus {
    return {
      runners: [...this.#busy, ...this.#idle].map((runner) => ({
        pid: runner.pid,
        tenant: runner.tenant,
        runs: runner.runs,
        busy: this.#busy.has(runner),
      })),
      busy: this.#busy.size,
      idle: this.#idle.size,
      starting: this.#starting,
      queued: this.#queue.length,
      started: this.#started,
    };
  }

  /** A runner that has seen no other tenant. Rejects with `SandboxOverloaded`, `SandboxClosed` or the signal's reason. */
  acquire(tenant: string, signal?: AbortSignal): Promise<Runner> {
    if (this.#closed) return Promise.reject(new SandboxClosed());
    if (signal?.aborted) return Promise.reject(signal.reason);
    // Nobody is passed over: who waits is whom no runner is at hand for.
    const runner = this.#lend(tenant);
    if (runner !== undefined) {
      this.#refill();
      return Promise.resolve(runner);
    }
    if (this.#queue.length >= this.#settings.queued) {
      return Promise.reject(new SandboxOverloaded(this.#queue.length));
    }
    return new Promise<Runner>((resolve, reject) => {
      const abort = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener('abort', abort);
      const waiting: Waiting = {
        tenant,
        resolve: (lent) => {
          settled();
          resolve(lent);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiting);
      this.#refill();
    });
  }

  /** Takes a runner back; it is retired when it has run enough or when `keep` is false. */
  release(runner: Runner, keep: boolean): void {
    this.#busy.delete(runner);
    if (keep && runner.alive && runner.quiet && !this.#closed && runner.runs < this.#settings.runsPerRunner)
      this.#idle.add(runner);
    else this.#retire(runner);
    this.#serve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new SandboxClosed());
    for (const runner of [...this.#idle, ...this.#busy]) this.#retire(runner);
    while (this.#ending.size > 0) await Promise.allSettled(this.#ending);
    await this.#watcher.close();
  }

  /** A runner of the tenant's own, else one that nobody has used. */
  #lend(tenant: string): Runner | undefined {
    if (this.#busy.size >= this.#settings.runners) return undefined;
    const idle = [...this.#idle].filter(({ alive }) => alive);
    const runner =
      idle.find((candidate) => candidate.tenant === tenant) ?? idle.find(({ tenant: owner }) => owner === undefined);
    if (runner === undefined) return undefined;
    if (runner.runs > 0 && runner.agedBytes > this.#settings.agedBytes) {
      this.#idle.delete(runner);
      this.#retire(runner);
      return this.#lend(tenant);
    }
    runner.tenant = tenant;
    runner.runs += 1;
    this.#idle.delete(runner);
    this.#busy.add(runner);
    return runner;
  }

  /** Lends in turn to those for whom a runner is at hand; one for whom there is none has room made for it before others are lent theirs. */
  #serve(): void {
    for (const waiting of [...this.#queue]) {
      const runner = this.#lend(waiting.tenant);
      if (runner === undefined) {
        this.#refill();
        continue;
      }
      this.#queue = this.#queue.filter((other) => other !== waiting);
      waiting.resolve(runner);
    }
    this.#refill();
  }

  /**
   * Starts what is missing: a runner for each that waits and has none of its own, and each spare, making room by retiring
   * another tenant's idle one, of those that do not wait themselves where there are any.
   */
  #refill(): void {
    if (this.#closed) return;
    const { runners, spares } = this.#settings;
    const total = runners + spares;
    const idle = [...this.#idle];
    const unowned = idle.filter(({ tenant }) => tenant === undefined).length + this.#starting;
    const waits = (runner: Runner) => this.#queue.some(({ tenant }) => tenant === runner.tenant);
    const owned = idle.filter(({ tenant }) => tenant !== undefined).sort((a, b) => Number(waits(a)) - Number(waits(b)));
    const lacking = this.#queue.filter(({ tenant }) => !idle.some((runner) => runner.tenant === tenant)).length;
    const wanted = Math.max(spares, Math.min(runners, lacking), this.#started === 0 ? 1 : 0) - unowned;
    for (let missing = wanted; missing > 0; missing -= 1) {
      if (this.#busy.size + this.#idle.size + this.#starting >= total) {
        const other = owned.shift();
        if (other === undefined) return;
        this.#idle.delete(other);
        this.#retire(other);
      }
      this.#startOne();
    }
  }

  /** Starts the pool's first runners one after another: all at once they would keep the first of them waiting. */
  #warm(): void {
    const total = this.#settings.runners + this.#settings.spares;
    if (this.#started < total && this.#busy.size + this.#idle.size + this.#starting < total) this.#startOne();
  }

  #startOne(): void {
    this.#starting += 1;
    this.#started += 1;
    const started = this.#start(this.#watcher).then(
      (runner) => {
        this.#starting -= 1;
        this.#failedStarts = 0;
        if (this.#closed) return this.#retire(runner);
        this.#idle.add(runner);
        this.#warm();
        runner.exited.then(() => this.#lost(runner));
        this.#serve();
      },
      (error: unknown) => {
        this.#starting -= 1;
        this.#failedStarts += 1;
        if (this.#failedStarts < FAILED_STARTS) return this.#refill();
        this.#failedStarts = 0;
        const failure = error instanceof Error ? error : new Error(String(error));
        for (const waiting of this.#queue.splice(0)) waiting.reject(failure);
      },
    );
    this.#track(started);
  }

  /** An idle runner has ended by itself. */
  #lost(runner: Runner): void {
    if (this.#idle.delete(runner)) this.#serve();
  }

  #retire(runner: Runner): void {
    runner.kill();
    this.#track(runner.exited);
  }

  #track(ending: Promise<unknown>): void {
    this.#ending.add(ending);
    ending.finally(() => this.#ending.delete(ending));
  }
}
