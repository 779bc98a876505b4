import { ChannelFault } from '../channel/frames.ts';
import type { Reply } from '../channel/messages.ts';
import { limits } from '../limits.ts';

const faultKinds = ['threw', 'timed-out', 'out-of-memory'] as const;

/** Reads one message of a runner, of which nothing is believed. Throws `ChannelFault`. */
export function readReply(message: unknown): Reply {
  if (typeof message !== 'object' || message === null || !('type' in message)) throw new ChannelFault('not a reply');
  switch (message.type) {
    case 'ready':
      return {
        type: 'ready',
        granted: texts('granted' in message ? message.granted : undefined),
        filtered: 'filtered' in message && message.filtered === true,
      };
    case 'recorded':
    case 'loaded':
    case 'done':
    case 'labels':
      return { type: message.type };
    case 'progress':
      return {
        type: 'progress',
        environmentSteps: count('environmentSteps' in message ? message.environmentSteps : 0),
      };
    case 'trained':
      return { type: 'trained', bytes: resultBytes('bytes' in message ? message.bytes : undefined) };
    case 'fault': {
      const kind = faultKinds.find((known) => 'kind' in message && known === message.kind);
      if (kind === undefined) throw new ChannelFault('fault of no known kind');
      return { type: 'fault', kind, message: text('message' in message ? message.message : undefined) };
    }
    case 'broken':
      return { type: 'broken', message: text('message' in message ? message.message : undefined) };
    default:
      throw new ChannelFault('reply of no known type');
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, limits.errorLength) : '';
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > limits.grants) throw new ChannelFault('not a short list');
  return value.map(text);
}

function resultBytes(value: unknown): number {
  const bytes = count(value);
  if (bytes > limits.resultBytes) throw new ChannelFault(`result of ${bytes} bytes, ${limits.resultBytes} allowed`);
  return bytes;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new ChannelFault('not a count');
  return value;
}
