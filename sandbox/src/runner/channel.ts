import { readSync, writeSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { encodeReply } from '../channel/frames.ts';
import { CHANNEL, type Reply, type Request } from '../channel/messages.ts';
import { discard } from './tidy.ts';

/** Bytes of one call: Node counts them in 32 bits. */
const AT_ONCE = 2 ** 30;

/** Ends the process at once when the supervisor is gone: there is no one to answer. */
function orphaned(): never {
  process.exit(0);
}

/** Blocks until the supervisor's next bytes fill all of this. */
export function fill(buffer: Uint8Array): void {
  for (let at = 0; at < buffer.length; ) {
    const read = readSync(CHANNEL, buffer, at, Math.min(buffer.length - at, AT_ONCE), null);
    if (read === 0) orphaned();
    at += read;
  }
}

/** Blocks until the supervisor's next request; its messages are trusted. */
export function receive(): Request {
  const head = Buffer.alloc(4);
  fill(head);
  const body = Buffer.alloc(head.readUInt32LE());
  fill(body);
  discard(body.length);
  return deserialize(body);
}

/** Writes one reply in full before it returns, so that progress leaves while a training goes on. */
export function send(reply: Reply): void {
  write(encodeReply(reply));
}

/** Writes what a training came to. What is no finite number stands as a text, so that whoever reads it can say what it was; a zero has no sign in it. */
export function sendResult(result: unknown): void {
  const bytes = Buffer.from(
    JSON.stringify(result, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ),
  );
  send({ type: 'trained', bytes: bytes.length });
  write(bytes);
}

/** Writes labels from where they lie; those that lie one after another in one go, so that the other side wakes for them once. */
export function sendLabels(columns: readonly Float64Array[]): void {
  send({ type: 'labels' });
  let together: Uint8Array = new Uint8Array(0);
  for (const { buffer, byteOffset, byteLength } of columns) {
    if (together.buffer === buffer && together.byteOffset + together.byteLength === byteOffset) {
      together = new Uint8Array(buffer, together.byteOffset, together.byteLength + byteLength);
    } else {
      write(together);
      together = new Uint8Array(buffer, byteOffset, byteLength);
    }
  }
  write(together);
}

function write(bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(CHANNEL, bytes, at, Math.min(bytes.length - at, AT_ONCE));
  } catch {
    orphaned();
  }
}
