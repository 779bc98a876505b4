import { serialize } from 'node:v8';
import type { Reply, Request } from './messages.ts';

/** Bytes of a frame's head: the body's length, unsigned, little-endian. */
const HEAD = 4;

/** A message to a runner as bytes: its length, then its structured clone. */
export function encodeRequest(request: Request): Buffer {
  return framed(serialize(request));
}

/**
 * A message of a runner's: its length, then its text as JSON. Of what a structured clone can say in a few bytes, such as lists of holes, one list in many
 * places or buffers with room to grow, each costs its reader much more, and thousands of them cost it the process.
 */
export function encodeReply(reply: Reply): Buffer {
  return framed(Buffer.from(JSON.stringify(reply)));
}

function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** What a stream of bytes broke: not a message of this channel, or one that is larger than agreed. */
export class ChannelFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ChannelFault';
  }
}

/**
 * Cuts a stream of bytes into messages. The length that a frame announces is held against `limit` before a byte of it
 * is kept, so that the other side cannot make this one grow. What follows a message raw, as labels do, goes straight
 * into memory that this side has set aside for it.
 */
export class FrameReader {
  readonly #limit: () => number;
  readonly #sinkFor: (message: unknown) => Uint8Array | undefined;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wanted = HEAD;
  #inBody = false;
  #sink: { readonly message: unknown; readonly bytes: Uint8Array; filled: number } | undefined;

  /** `limit`: largest message in bytes, as of now. `sinkFor`: memory for the bytes that follow a message, if any do. */
  constructor(limit: () => number, sinkFor: (message: unknown) => Uint8Array | undefined = () => undefined) {
    this.#limit = limit;
    this.#sinkFor = sinkFor;
  }

  /** The messages that this chunk completes, in order. Throws `ChannelFault`. */
  *push(chunk: Buffer): Generator<unknown> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#sink !== undefined) {
        rest = this.#pour(rest, this.#sink);
        if (this.#sink.filled < this.#sink.bytes.length) return;
        const { message } = this.#sink;
        this.#sink = undefined;
        yield message;
        continue;
      }
      if (this.#limit() === 0) throw new ChannelFault('bytes that nobody has asked for');
      const taken = rest.subarray(0, this.#wanted - this.#buffered);
      rest = rest.subarray(taken.length);
      this.#chunks.push(taken);
      this.#buffered += taken.length;
      if (this.#buffered < this.#wanted) return;
      const part = this.#take();
      if (!this.#inBody) {
        const length = part.readUInt32LE();
        const most = this.#limit();
        if (length > most) throw new ChannelFault(`message of ${length} bytes, ${most} allowed`);
        if (length === 0) throw new ChannelFault('message without content');
        this.#expect(length, true);
        continue;
      }
      this.#expect(HEAD, false);
      const message = decode(part);
      const bytes = this.#sinkFor(message);
      if (bytes === undefined || bytes.length === 0) yield message;
      else this.#sink = { message, bytes, filled: 0 };
    }
  }

  #pour(chunk: Buffer, sink: { readonly bytes: Uint8Array; filled: number }): Buffer {
    const fits = chunk.subarray(0, sink.bytes.length - sink.filled);
    sink.bytes.set(fits, sink.filled);
    sink.filled += fits.length;
    return chunk.subarray(fits.length);
  }

  #expect(bytes: number, inBody: boolean): void {
    this.#wanted = bytes;
    this.#inBody = inBody;
  }

  #take(): Buffer {
    const [first] = this.#chunks;
    const whole =
      this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [];
    this.#buffered = 0;
    return whole;
  }
}

function decode(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ChannelFault('message that cannot be read');
  }
}
