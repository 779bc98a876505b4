import type { Kernel } from '@rewardsmith/contracts';
import type { Labels, Rollout } from '@rewardsmith/rollouts';
import ivm from 'isolated-vm';
import { limits } from '../limits.ts';
import { CandidateFault } from './fault.ts';
import { takeIsolate } from './hardened-isolate.ts';
import { type OutputMemory, returnOutput, takeOutput } from './output-memory.ts';

export interface IsolateLimits {
  /** Heap that the program may use, on top of the rollout and its labels. */
  readonly megabytes: number;
  /** For loading the program and for each call. */
  readonly milliseconds: number;
}

/** Whole episodes of a rollout, one after another. */
export interface Part {
  readonly episodes: number;
  /** Row of the rollout at which the first begins, and rows of all of them. */
  readonly first: number;
  readonly rows: number;
  /** Where each begins and ends, counted from `first`. */
  readonly offsets: Uint32Array;
}

/** What V8 says when the isolate's allocator refuses a buffer that would pass the limit. */
const saysRefused = /^RangeError: (Array buffer allocation failed|[\w.]+: Out of memory)$/;

/**
 * One kernel and one rollout in an isolate of their own. `label` is one call into the isolate for all episodes, or for those of
 * a part; columns and labels are views over memory that both sides share. Throws `CandidateFault` when the program fails, and is of
 * no use after.
 */
export class IsolatedKernel {
  /** The isolate's whole limit. */
  readonly megabytes: number;
  readonly #kernel: Kernel;
  readonly #rollout: Rollout;
  readonly #limits: IsolateLimits;
  readonly #isolate: ivm.Isolate;
  readonly #label: ivm.Reference;
  readonly #output: OutputMemory;
  readonly #columns: readonly Float64Array[];

  /** `rows` is the largest number of rows that is labelled in one call, `take` gives it an isolate. */
  constructor(
    kernel: Kernel,
    rollout: Rollout,
    isolateLimits: IsolateLimits,
    rows = rollout.capacity.steps,
    take = takeIsolate,
  ) {
    this.#kernel = kernel;
    this.#rollout = rollout;
    this.#limits = isolateLimits;
    const { steps } = rollout.capacity;
    const output = takeOutput(kernel.outputs.length, rows);
    this.#output = output;
    this.#columns = kernel.outputs.map((_, index) => new Float64Array(output.buffer, index * output.stride, rows));
    // Shared memory counts towards an isolate's limit.
    const shared = Math.ceil((rollout.buffer.byteLength + output.buffer.byteLength) / 2 ** 20);
    this.megabytes = isolateLimits.megabytes + shared;
    const { isolate, attach, install, label } = take(this.megabytes);
    this.#isolate = isolate;
    this.#label = label;
    const offsets = kernel.columns.map((reference) => rollout.column(reference).byteOffset);
    attach.applySync(undefined, [
      new ivm.ExternalCopy(rollout.buffer).copyInto(),
      new ivm.ExternalCopy(offsets).copyInto(),
      steps,
      rollout.episodeOffsets.byteOffset,
      rollout.episodeOffsets.length,
      new ivm.ExternalCopy(output.buffer).copyInto(),
      output.stride,
      kernel.outputs.length,
      rows,
    ]);
    const params = Float64Array.from(kernel.params, (parameter) => parameter.value);
    try {
      this.#call(install, [kernel.source, new ivm.ExternalCopy(params).copyInto()]);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Labels the rollout's episodes as they stand now. The columns are overwritten by the next call. */
  label(): Labels {
    const { episodes, steps } = this.#rollout;
    return this.#labels([episodes], steps, this.#limits.milliseconds);
  }

  /** Labels a part within `milliseconds`. The columns are overwritten by the next call. */
  labelPart({ episodes, first, rows, offsets }: Part, milliseconds: number): Labels {
    return this.#labels([episodes, first, rows, new ivm.ExternalCopy(offsets).copyInto()], rows, milliseconds);
  }

  #labels(given: unknown[], rows: number, milliseconds: number): Labels {
    this.#call(this.#label, given, milliseconds);
    return { names: this.#kernel.outputs, columns: this.#columns.map((column) => column.subarray(0, rows)) };
  }

  /** Ends the isolate; the columns of its labels are empty from here on. */
  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
    returnOutput(this.#output);
  }

  #call(bridge: ivm.Reference, given: unknown[], milliseconds = this.#limits.milliseconds): void {
    let failure: unknown;
    const from = performance.now();
    try {
      failure = bridge.applySync(undefined, given, { timeout: milliseconds });
    } catch (error) {
      throw this.#explain(error, performance.now() - from >= milliseconds);
    }
    if (failure === '') return;
    const text = String(failure).slice(0, limits.errorLength);
    throw this.#failed(text, text);
  }

  /** The program's own error, of a buffer that it was refused or another; `text` names it, `message` is told. */
  #failed(text: string, message: string): CandidateFault {
    const refused = saysRefused.test(text) && this.#wasRefusedMemory();
    return new CandidateFault(refused ? 'out-of-memory' : 'threw', message);
  }

  /**
   * Whether the isolate came to its limit. V8 then raises the limit, so that the program can be ended in good order,
   * and what is counted as available falls below zero; no text of a program's does that.
   */
  #wasRefusedMemory(): boolean {
    return this.#isolate.getHeapStatisticsSync().total_available_size < 0;
  }

  /**
   * The isolate's own ways to end a call. Its texts are isolated-vm's, or the program's: an unhandled rejection comes
   * this way too. So each is believed only with a sign that a program cannot give.
   */
  #explain(error: unknown, isLate: boolean): CandidateFault {
    const message = error instanceof Error ? error.message.slice(0, limits.errorLength) : '';
    if (message.includes('timed out') && isLate) {
      return new CandidateFault('timed-out', `ran longer than ${this.#limits.milliseconds} ms`);
    }
    if (this.#isolate.isDisposed) {
      return new CandidateFault('out-of-memory', `passed the ${this.#limits.megabytes} MB of its isolate`);
    }
    return this.#failed(error instanceof Error ? `${error.name}: ${message}` : '', message);
  }
}
