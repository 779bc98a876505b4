import { deserialize, serialize } from 'node:v8';

/** Bytes of a frame's head: the body's length, unsigned, little-endian. */
const HEAD = 4;

/** One message as bytes: its length, then its structured clone. */
export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message);
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
 * is kept, so that the other side cannot make this one grow.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wanted = HEAD;
  #inBody = false;
  /** Largest body accepted, in bytes. */
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The messages that this chunk completes, in order. Throws `ChannelFault`. */
  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#wanted) {
      const part = this.#take(this.#wanted);
      if (this.#inBody) {
        this.#expect(HEAD, false);
        yield decode(part);
      } else {
        const length = part.readUInt32LE();
        if (length > this.limit) throw new ChannelFault(`message of ${length} bytes, ${this.limit} allowed`);
        this.#expect(length, true);
      }
    }
  }

  #expect(bytes: number, inBody: boolean): void {
    this.#wanted = bytes;
    this.#inBody = inBody;
  }

  #take(bytes: number): Buffer {
    const first = this.#chunks[0];
    const whole =
      this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#buffered);
    const rest = whole.subarray(bytes);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    return whole.subarray(0, bytes);
  }
}

function decode(body: Buffer): unknown {
  try {
    return deserialize(body);
  } catch {
    throw new ChannelFault('message that cannot be read');
  }
}
