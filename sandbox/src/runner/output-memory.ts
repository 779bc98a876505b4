import { KEPT_OUTPUTS, outputBytes, strideOf } from '../channel/outputs.ts';
import { limits } from '../limits.ts';
import { discard } from './tidy.ts';

/** Memory for the labels of one program: column i begins at byte `i * stride`. */
export interface OutputMemory {
  readonly buffer: SharedArrayBuffer;
  readonly stride: number;
}

/** Buffers that are free for the next candidates, every byte of them zero. */
let spare: readonly SharedArrayBuffer[] = [];

/** Zeroed memory for a candidate's labels: the last one's when the size fits, which saves the kernel handing out pages. */
export function takeOutput(columns: number, rows: number): OutputMemory {
  const stride = strideOf(rows);
  const taken = spare.find(({ byteLength }) => byteLength === outputBytes(columns, rows));
  spare = spare.filter((buffer) => buffer !== taken);
  return { buffer: taken ?? new SharedArrayBuffer(outputBytes(columns, rows)), stride };
}

/** Takes memory back from a candidate whose isolate is gone, and leaves nothing of its labels in it. */
export function returnOutput({ buffer }: OutputMemory): void {
  // By the number: V8 writes shared memory byte by byte otherwise, in four times the time.
  new Float64Array(buffer).fill(0);
  discard(limits.isolateRemainsBytes + spare.slice(KEPT_OUTPUTS - 1).reduce((sum, old) => sum + old.byteLength, 0));
  spare = [buffer, ...spare.slice(0, KEPT_OUTPUTS - 1)];
}

/** Keeps none: those of a training are of no use to a labelling, and its supervisor does not know their sizes. */
export function dropOutputs(): void {
  discard(spare.reduce((sum, { byteLength }) => sum + byteLength, 0));
  spare = [];
}
