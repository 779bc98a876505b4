import { limits } from '../limits.ts';
import { discard } from './tidy.ts';

const CACHE_LINE = 64;
const PAGE = 4096;
/** Five lines: 5 and 64 share no factor, so 64 columns in a row begin in 64 different sets of the first cache. */
const STAGGER = 5 * CACHE_LINE;

/** Memory for the labels of one program: column i begins at byte `i * stride`. */
export interface OutputMemory {
  readonly buffer: SharedArrayBuffer;
  readonly stride: number;
}

/** Buffers that are free for the next candidates, every byte of them zero: of the two sizes used last, as of labels and of parts. */
let spare: readonly SharedArrayBuffer[] = [];
const SIZES = 2;

/** Bytes from one column to the next, at least `steps` numbers apart, never a whole number of pages. */
export function strideOf(steps: number): number {
  return Math.ceil(Math.max(0, steps * Float64Array.BYTES_PER_ELEMENT - STAGGER) / PAGE) * PAGE + STAGGER;
}

/** Zeroed memory for a candidate's labels: the last one's when the size fits, which saves the kernel handing out pages. */
export function takeOutput(columns: number, steps: number): OutputMemory {
  const stride = strideOf(steps);
  const taken = spare.find(({ byteLength }) => byteLength === columns * stride);
  spare = spare.filter((buffer) => buffer !== taken);
  return { buffer: taken ?? new SharedArrayBuffer(columns * stride), stride };
}

/** Takes memory back from a candidate whose isolate is gone, and leaves nothing of its labels in it. */
export function returnOutput({ buffer }: OutputMemory): void {
  new Uint8Array(buffer).fill(0);
  discard(limits.isolateRemainsBytes + spare.slice(SIZES - 1).reduce((sum, old) => sum + old.byteLength, 0));
  spare = [buffer, ...spare.slice(0, SIZES - 1)];
}
