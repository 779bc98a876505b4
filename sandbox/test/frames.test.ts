import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChannelFault, encodeReply, FrameReader } from '../src/channel/frames.ts';

const head = (length: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
};

const frame = (message: unknown) => {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([head(body.length), body]);
};

describe('a stream of frames', () => {
  test('is read the same however it was cut into chunks, raw bytes after a message included', () => {
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), cuts, (payloads, at) => {
        const stream = Buffer.concat(payloads.flatMap((bytes) => [frame({ raw: bytes.length }), bytes]));
        const filled: Uint8Array[] = [];
        const reader = new FrameReader(
          () => 1_000,
          (message) => {
            const length =
              typeof message === 'object' && message !== null && 'raw' in message ? Number(message.raw) : 0;
            const memory = new Uint8Array(length);
            filled.push(memory);
            return memory;
          },
        );
        const places = [0, ...at.map((place) => Math.min(place, stream.length)).sort((a, b) => a - b), stream.length];
        const messages = places.slice(1).flatMap((end, index) => [...reader.push(stream.subarray(places[index], end))]);
        expect(messages).toEqual(payloads.map((bytes) => ({ raw: bytes.length })));
        expect(filled).toEqual(payloads.map((bytes) => new Uint8Array(bytes)));
      }),
    );
  });

  test.each([
    ['announces more than is allowed', head(1_001)],
    ['announces nothing', head(0)],
    ['holds no message', Buffer.concat([head(3), Buffer.from('abc')])],
    ['holds a structured clone', Buffer.concat([head(serialize({}).length), serialize({})])],
  ])('that %s is refused', (_, stream) => {
    expect(() => [...new FrameReader(() => 1_000).push(stream)]).toThrow(ChannelFault);
  });

  test('that nobody has asked for is refused by its first byte', () => {
    expect(() => [...new FrameReader(() => 0).push(Buffer.from([1]))]).toThrow(ChannelFault);
    let most = 1_000;
    const reader = new FrameReader(() => most);
    const read = () => {
      for (const _ of reader.push(Buffer.concat([encodeReply({ type: 'done' }), Buffer.from([1])]))) most = 0;
    };
    expect(read).toThrow(ChannelFault);
  });
});
