import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientGone, clientGone } from '../src/client-gone.ts';

describe('a caller that hangs up', () => {
  const app = Fastify();
  const signals: AbortSignal[] = [];
  let address = '';
  beforeAll(async () => {
    app.post('/answered', async (_, reply) => {
      signals.push(clientGone(reply));
      return { done: true };
    });
    app.post('/awaited', async (_, reply) => {
      const signal = clientGone(reply);
      signals.push(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return {};
    });
    address = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => app.close());

  it('ends what is done for it, and one that has its answer ends nothing', async () => {
    await (await fetch(`${address}/answered`, { method: 'POST' })).text();
    const abort = new AbortController();
    const request = fetch(`${address}/awaited`, { method: 'POST', signal: abort.signal });
    await expect.poll(() => signals.length).toBe(2);
    abort.abort();
    await expect(request).rejects.toThrow();
    await expect.poll(() => signals[1]?.aborted).toBe(true);
    expect(signals[1]?.reason).toBeInstanceOf(ClientGone);
    expect(signals[0]?.aborted).toBe(false);
  });
});
