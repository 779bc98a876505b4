import { type ModelServer, type ModelServerOptions, startModelServer } from '@rewardsmith/model-server';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createTransport } from '../../src/client/transport.ts';
import { type AskOptions, type CallResult, Endpoint, jsonForm, type ModelRequest, worded } from '../../src/index.ts';

export const form = worded(jsonForm('verdict', z.strictObject({ verdict: z.string() })), {
  fenced: 'Answer with one fenced block: ```json { "verdict": "good" } ```',
  schema: (text) => `Answer with JSON of this schema: ${text}`,
});
export const good = '{"verdict":"good"}';
export const key = 'a-key-of-the-operator';
export const request: ModelRequest = {
  model: 'small',
  messages: [
    { role: 'system', content: 'You judge.' },
    { role: 'user', content: 'Is it good?' },
  ],
  maxTokens: 100,
};

/** A server, an endpoint that speaks to it over HTTP, and the pauses that it would have made. */
export interface Asking {
  readonly server: ModelServer;
  readonly endpoint: Endpoint;
  readonly pauses: readonly number[];
  /** Moves the clock that the breaker reads. */
  advance(milliseconds: number): void;
  ask(over?: Partial<ModelRequest>, options?: Partial<AskOptions>): Promise<CallResult<{ verdict: string }>>;
}

/**
 * Starts a scripted server and an endpoint on it, or on what stands in its place; pauses are noted and not made.
 * The server is closed when the test ends.
 */
export async function asking(
  options: ModelServerOptions,
  timeoutMilliseconds = 10_000,
  over: (url: string) => { readonly baseUrl?: string; readonly apiKey?: string } = () => ({}),
): Promise<Asking> {
  const server = await startModelServer(options);
  onTestFinished(() => server.close());
  const pauses: number[] = [];
  let clock = 0;
  const now = () => clock;
  const endpoint = new Endpoint({
    transport: createTransport({ baseUrl: server.url, apiKey: key, timeoutMilliseconds, ...over(server.url) }, now),
    concurrency: 4,
    random: xoroshiro128plus(1),
    now,
    wait: async (milliseconds) => void pauses.push(milliseconds),
  });
  return {
    server,
    endpoint,
    pauses,
    advance(milliseconds) {
      clock += milliseconds;
    },
    ask: (over = {}, rest = {}) =>
      endpoint.ask({ ...request, ...over }, form, { signal: new AbortController().signal, ...rest }),
  };
}
