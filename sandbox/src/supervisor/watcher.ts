import { Worker } from 'node:worker_threads';
import { limits } from '../limits.ts';
import { readUsage, type UsageReader } from './process-usage.ts';
import { type field, monotonicMilliseconds, part, state, verdict, WatchTable } from './watch-table.ts';

/** What a runner may use from arming on; milliseconds and bytes. */
export interface RunLimits {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly memoryBytes: number;
  /** What the service's own work may add to the memory once the candidate's part is over. */
  readonly answerBytes: number;
}

/** What the watcher saw of a run. */
export interface Observation {
  readonly cpuMilliseconds: number;
  readonly peakBytes: number;
  readonly grownBytes: number;
  /** Why the watcher has killed it, if it did. */
  readonly verdict: keyof typeof verdict;
  /** In which part of the run it did so. */
  readonly part: keyof typeof part;
}

const verdicts = new Map<number, keyof typeof verdict>();
for (const name of ['none', 'deadline', 'memory', 'cpu', 'leaderless', 'threads'] as const)
  verdicts.set(verdict[name], name);

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
  #answerBytes = 0;
  /** What was seen of the candidate's part, once that is over. */
  #concluded: Observation | undefined;

  constructor(table: WatchTable, row: number, pid: number, notify: () => void) {
    this.#table = table;
    this.#row = row;
    this.#notify = notify;
    this.#usage = readUsage(pid);
    table.update(row, {
      pid,
      entered: table.get(row, 'entered') + 1,
      verdict: verdict.none,
      endedAt: 0,
      deadline: Number.POSITIVE_INFINITY,
      memoryBytes: Number.POSITIVE_INFINITY,
      cpuMilliseconds: Number.POSITIVE_INFINITY,
      state: state.unused,
    });
  }

  /** As of now; 0 when it is gone. */
  residentBytes(): number {
    return this.#usage.residentBytes() ?? 0;
  }

  /**
   * A request is about to be sent: once `wake` has been called the runner is killed at the first limit it passes. Says
   * whether it begins within them.
   */
  arm(given: RunLimits): boolean {
    this.#concluded = undefined;
    this.#answerBytes = given.answerBytes;
    this.#bytesAtArming = this.residentBytes();
    this.#update({
      run: this.#get('run') + 1,
      part: part.candidate,
      cpuAtArming: this.#usage.cpuMilliseconds() ?? 0,
      cpuUsed: 0,
      peakBytes: this.#bytesAtArming,
      deadline: monotonicMilliseconds() + given.wallMilliseconds,
      memoryBytes: given.memoryBytes,
      cpuMilliseconds: given.cpuMilliseconds,
      state: state.armed,
    });
    return this.#bytesAtArming <= given.memoryBytes;
  }

  /** Has the watching thread look now. It may take the service's place on the processor, so the runner is sent to work first. */
  wake(): void {
    this.#notify();
  }

  /** The candidate's part is over, its last reading counts too; limits of the service's own work hold from here on. */
  conclude(): void {
    if (this.#concluded !== undefined) return;
    this.#concluded = this.#read();
    this.#update({
      part: part.answer,
      deadline: monotonicMilliseconds() + limits.transferMilliseconds,
      memoryBytes: this.#get('memoryBytes') + this.#answerBytes,
      cpuMilliseconds: this.#get('cpuUsed') + limits.transferCpuMilliseconds,
    });
  }

  /** Nothing more is asked of the runner, until it is armed again. */
  rest(): void {
    if (this.#get('state') !== state.armed) return;
    this.conclude();
    this.#update({
      deadline: Number.POSITIVE_INFINITY,
      cpuMilliseconds: this.#get('cpuUsed') + limits.restingCpuMilliseconds,
      state: state.resting,
    });
  }

  /** What was seen of the candidate's part. */
  observe(): Observation {
    return this.#concluded ?? this.#read();
  }

  /**
   * How many milliseconds ago a runner that was killed in this run was first seen to run no more; 0 where it was not. The kernel gives its memory
   * back after that, 10 ms for each 100 MB, and only then tells of its exit.
   */
  get endedAgo(): number {
    const at = this.#get('endedAt');
    const own = this.#get('verdictRun') === this.#get('run');
    return at === 0 || !own ? 0 : monotonicMilliseconds() - at;
  }

  /** The runner has exited; what was seen of it up to its end. */
  leave(): Observation {
    const seen = this.#read();
    this.#update({ state: state.free });
    this.#usage.close();
    this.#notify();
    return seen;
  }

  #read(): Observation {
    const bytes = this.#usage.residentBytes() ?? 0;
    const cpu = this.#usage.cpuMilliseconds();
    const peakBytes = Math.max(bytes, this.#get('peakBytes'));
    this.#set('peakBytes', peakBytes);
    if (cpu !== undefined) this.#set('cpuUsed', cpu - this.#get('cpuAtArming'));
    // A runner that was killed for what it did while it rested is not held against whoever came next.
    const own = this.#get('verdictRun') === this.#get('run');
    return {
      cpuMilliseconds: this.#get('cpuUsed'),
      peakBytes,
      grownBytes: peakBytes - this.#bytesAtArming,
      verdict: (own ? verdicts.get(this.#get('verdict')) : undefined) ?? 'none',
      part: this.#get('verdictPart') === part.candidate ? 'candidate' : 'answer',
    };
  }

  #get(column: keyof typeof field): number {
    return this.#table.get(this.#row, column);
  }

  #update(values: Parameters<WatchTable['update']>[1]): void {
    this.#table.update(this.#row, values);
  }

  #set(column: keyof typeof field, value: number): void {
    this.#table.set(this.#row, column, value);
  }
}
