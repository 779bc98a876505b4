import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { TaskEvent } from '@rewardsmith/contracts';
import type { FastifyReply } from 'fastify';
import { limits } from './limits.ts';

function frame(event: TaskEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * Sends events as they come (WHATWG server-sent events), with a comment now and then so that proxies keep the
 * connection. A slow reader holds the source back; a reader that goes away ends it.
 */
export function streamEvents(
  reply: FastifyReply,
  source: (signal: AbortSignal) => AsyncIterable<TaskEvent>,
): FastifyReply {
  const gone = new AbortController();
  const stream = new PassThrough();
  stream.once('close', () => gone.abort());
  // Sent at once, so that a reader of a quiet task sees that it is connected.
  stream.write(`retry: ${limits.reconnectMilliseconds}\n\n`);
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), limits.heartbeatMilliseconds);
  const pump = async (): Promise<void> => {
    try {
      for await (const event of source(gone.signal)) {
        if (!stream.write(frame(event))) await once(stream, 'drain', { signal: gone.signal });
      }
      stream.end();
    } catch (error) {
      if (!gone.signal.aborted) {
        reply.log.error({ err: error }, 'event stream failed');
        stream.destroy();
      }
    } finally {
      clearInterval(heartbeat);
    }
  };
  void pump();
  return reply
    .header('content-type', 'text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream);
}
