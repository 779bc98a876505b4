/** Fields of one watched runner, in a table of numbers that the service and its watching thread share. */
export const field = {
  /** Free, unused as yet, resting between two requests, or armed: at work. See `state`. */
  state: 0,
  pid: 1,
  /** `monotonicMilliseconds()` after which it is killed. */
  deadline: 2,
  memoryBytes: 3,
  /** CPU milliseconds from arming on. */
  cpuMilliseconds: 4,
  /** The runner's CPU clock when it was armed. */
  cpuAtArming: 5,
  /** What the watcher saw. */
  cpuUsed: 6,
  peakBytes: 7,
  /** Why it was killed: see `verdict`; in which run, and in which part of that. */
  verdict: 8,
  verdictRun: 9,
  verdictPart: 12,
  /** Counts what it was armed for. */
  run: 10,
  /** `monotonicMilliseconds()` when a runner that was killed was first seen to run no more; 0 before. */
  endedAt: 11,
  /** Whose work the limits are for: see `part`. */
  part: 13,
  /** Counts the runners that the row was given to. */
  entered: 14,
} as const;

export const state = { free: 0, unused: 1, resting: 2, armed: 3 } as const;
export const verdict = { none: 0, deadline: 1, memory: 2, cpu: 3, leaderless: 4, threads: 5 } as const;
/** What was asked for comes first, as a candidate's work; then the answer, which the service has the runner give, and the rest after it. */
export const part = { candidate: 0, answer: 1 } as const;

const FIELDS = 15;
const ROW_BYTES = FIELDS * Float64Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT;

/** A clock that nobody sets, the same in every thread of this process. */
export function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

type Field = keyof typeof field;

/** Row-wise view of the table; a row belongs to one runner from its start to its exit. */
export class WatchTable {
  readonly buffer: SharedArrayBuffer;
  readonly rows: number;
  readonly #numbers: Float64Array;
  /** One of each row, odd while the row is written to. */
  readonly #versions: Int32Array;

  constructor(source: number | SharedArrayBuffer) {
    this.buffer = typeof source === 'number' ? new SharedArrayBuffer(source * ROW_BYTES) : source;
    this.rows = this.buffer.byteLength / ROW_BYTES;
    this.#numbers = new Float64Array(this.buffer, 0, this.rows * FIELDS);
    this.#versions = new Int32Array(this.buffer, this.#numbers.byteLength, this.rows);
  }

  get(row: number, column: Field): number {
    return this.#numbers[row * FIELDS + field[column]] ?? 0;
  }

  set(row: number, column: Field, value: number): void {
    this.#numbers[row * FIELDS + field[column]] = value;
  }

  /**
   * Sets what belongs together: whoever finds the same even version before and after has read none of it half written. What the watcher
   * itself writes is not covered.
   */
  update(row: number, values: Partial<Readonly<Record<Field, number>>>): void {
    Atomics.add(this.#versions, row, 1);
    let column: Field;
    for (column in values) this.set(row, column, values[column] ?? 0);
    Atomics.add(this.#versions, row, 1);
  }

  version(row: number): number {
    // Adds nothing: unlike a mere load it is ordered after what was read before, on every processor.
    return Atomics.add(this.#versions, row, 0);
  }
}
