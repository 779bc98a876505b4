import { Worker } from 'node:worker_threads';
import { readUsage, type UsageReader } from './process-usage.ts';
import { monotonicMilliseconds, state, verdict, WatchTable } from './watch-table.ts';

/** What a candidate may use from arming on; milliseconds and bytes. */
export interface RunLimits {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly memoryBytes: number;
}

/** What the watcher saw of a run. */
export interface Observation {
  readonly cpuMilliseconds: number;
  readonly peakBytes: number;
  readonly grownBytes: number;
  readonly verdict: 'none' | 'deadline' | 'memory' | 'cpu';
}

const verdicts = ['none', 'deadline', 'memory', 'cpu'] as const satisfies readonly (keyof typeof verdict)[];

/** The service's end of the watching thread. */
export class Watcher {
  readonly #table: WatchTable;
  readonly #wake = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #thread: Worker;

  constructor(rows: number) {
    this.#table = new WatchTable(rows);
    this.#thread = new Worker(new URL('./watch-thread.ts', import.meta.url), {
      workerData: { table: this.#table.buffer, wake: this.#wake.buffer },
      execArgv: [],
    });
    this.#thread.unref();
  }

  /** Watches a runner from its start to its exit. */
  enter(pid: number): WatchedRunner {
    for (let row = 0; row < this.#table.rows; row += 1) {
      if (this.#table.get(row, 'state') === state.free) {
        return new WatchedRunner(this.#table, row, pid, () => this.#notify());
      }
    }
    throw new Error(`more than ${this.#table.rows} runners at once`);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #notify(): void {
    Atomics.add(this.#wake, 0, 1);
    Atomics.notify(this.#wake, 0);
  }
}

/** One runner under watch. */
export class WatchedRunner {
  readonly #table: WatchTable;
  readonly #row: number;
  readonly #notify: () => void;
  readonly #usage: UsageReader;
  #bytesAtArming = 0;

  constructor(table: WatchTable, row: number, pid: number, notify: () => void) {
    this.#table = table;
    this.#row = row;
    this.#notify = notify;
    this.#usage = readUsage(pid);
    table.set(row, 'pid', pid);
    table.set(row, 'verdict', verdict.none);
    table.set(row, 'state', state.resting);
  }

  /** A candidate is about to run: once `wake` has been called the runner is killed at the first limit it passes. */
  arm(limits: RunLimits): void {
    this.#bytesAtArming = this.#usage.residentBytes() ?? 0;
    this.#table.set(this.#row, 'cpuAtArming', this.#usage.cpuMilliseconds() ?? 0);
    this.#table.set(this.#row, 'cpuUsed', 0);
    this.#table.set(this.#row, 'peakBytes', this.#bytesAtArming);
    this.#table.set(this.#row, 'deadline', monotonicMilliseconds() + limits.wallMilliseconds);
    this.#table.set(this.#row, 'memoryBytes', limits.memoryBytes);
    this.#table.set(this.#row, 'cpuMilliseconds', limits.cpuMilliseconds);
    this.#table.set(this.#row, 'state', state.armed);
  }

  /** Has the watching thread look now. It may take the service's place on the processor, so the runner is sent to work first. */
  wake(): void {
    this.#notify();
  }

  /** The candidate is done; its last reading counts too. */
  disarm(): void {
    if (this.#table.get(this.#row, 'state') !== state.armed) return;
    this.#table.set(this.#row, 'state', state.resting);
    const bytes = this.#usage.residentBytes() ?? 0;
    const cpu = this.#usage.cpuMilliseconds();
    this.#table.set(this.#row, 'peakBytes', Math.max(bytes, this.#table.get(this.#row, 'peakBytes')));
    if (cpu !== undefined) this.#table.set(this.#row, 'cpuUsed', cpu - this.#table.get(this.#row, 'cpuAtArming'));
  }

  observe(): Observation {
    const peakBytes = this.#table.get(this.#row, 'peakBytes');
    return {
      cpuMilliseconds: this.#table.get(this.#row, 'cpuUsed'),
      peakBytes,
      grownBytes: peakBytes - this.#bytesAtArming,
      verdict: verdicts[this.#table.get(this.#row, 'verdict')] ?? 'none',
    };
  }

  /** The runner has exited. */
  leave(): void {
    this.#table.set(this.#row, 'state', state.free);
    this.#usage.close();
    this.#notify();
  }
}
