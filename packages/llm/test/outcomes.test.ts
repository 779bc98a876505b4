import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BehaviourInput } from '@rewardsmith/model-server';
import { describe, expect, it } from 'vitest';
import { outcomeName } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { answeredBy, json, status } from './support/answers.ts';
import { asking, good, key } from './support/asking.ts';

describe('a provider that fails for a while', () => {
  const passing: readonly (readonly [string, BehaviourInput])[] = [
    ['rate-limited', status(429)],
    ['server-error', status(500)],
    ['server-error', status(503)],
    ['connection-lost', { kind: 'reset', text: good, afterBytes: 30 }],
    ['connection-lost', { kind: 'reset', text: good, afterBytes: 0 }],
    ['not-a-completion', { kind: 'cut-off-body', text: good, afterBytes: 40 }],
    ['not-a-completion', { kind: 'other-body', body: '<html>bad gateway</html>' }],
    ['not-a-completion', { kind: 'other-body', body: '{"hello":1', contentType: 'application/json' }],
    ['not-a-completion', json({ hello: 1 })],
    ['not-a-completion', json({ error: { code: 'upstream', message: 'the provider is gone' } })],
    ['not-a-completion', json({ error: 'the provider is gone' })],
    [
      'not-a-completion',
      { kind: 'other-body', body: 'data: {"choices":[]}\n\ndata: [DONE]\n\n', contentType: 'text/event-stream' },
    ],
    ['not-a-completion', json({ choices: [{ finish_reason: 'error', message: { content: 'The reward' } }] })],
    ['rate-limited', json({ error: { code: 429, message: 'slow down' } })],
    ['server-error', json({ error: { code: 502, message: 'the provider is gone' } })],
  ];

  it.each(passing)('is tried again after %s', async (name, behaviour) => {
    const { result, pauses } = await answeredBy([behaviour, { kind: 'text', text: good }]);
    expect(result.tries.map(({ outcome }) => outcome)).toEqual([name, 'answered']);
    expect(result.value).toEqual({ verdict: 'good' });
    expect(pauses).toHaveLength(1);
  });

  it('is tried again after a stall and after silence', async () => {
    const { result } = await answeredBy(
      [{ kind: 'stall', text: good, afterBytes: 30 }, { kind: 'silence' }, { kind: 'text', text: good }],
      300,
    );
    expect(result.tries.map(({ outcome }) => outcome)).toEqual(['timed-out', 'timed-out', 'answered']);
  });

  it('is given up after a bounded number of tries, with growing pauses', async () => {
    const { result, pauses, server } = await answeredBy([status(503)]);
    expect(result.outcome).toMatchObject({ kind: 'unavailable', reason: 'server-error' });
    expect(server.account.requests).toBe(limits.tries);
    expect(pauses.every((pause, index) => pause <= limits.retryBaseMilliseconds * 2 ** index)).toBe(true);
  });

  it('is waited for as long as it asks, in seconds or as a date, whatever the own clock says', async () => {
    const { pauses } = await answeredBy([
      status(429, { retryAfter: '7' }),
      // The endpoint's own clock stands at 1970.
      status(429, { retryAfter: new Date(Date.now() + 11_000).toUTCString() }),
      { kind: 'text', text: good },
    ]);
    expect(pauses[0]).toBeGreaterThanOrEqual(7_000);
    expect(pauses[1]).toBeGreaterThanOrEqual(9_000);
    expect(pauses[1]).toBeLessThan(15_000);
  });

  it('that limits its rate without saying for how long is waited for up to about a minute in all', async () => {
    const { result, pauses, server } = await answeredBy([status(429)]);
    expect(result.outcome).toMatchObject({ kind: 'unavailable', reason: 'rate-limited' });
    expect(server.account.requests).toBe(limits.rateLimitTries);
    const waited = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(30_000);
    expect(waited).toBeLessThanOrEqual(63_000);
    pauses.forEach((pause, index) => {
      expect(pause).toBeLessThanOrEqual(limits.rateLimitBaseMilliseconds * 2 ** index);
      expect(pause).toBeGreaterThanOrEqual((limits.rateLimitBaseMilliseconds * 2 ** index) / 2);
    });
  });

  it('is not waited for when it asks for longer than a task should stand', async () => {
    const { result, server } = await answeredBy([status(429, { retryAfter: '3600' })]);
    expect(result.outcome).toMatchObject({ reason: 'rate-limited', retryAfterMilliseconds: 3_600_000 });
    expect(server.account.requests).toBe(1);
  });
});

describe('a provider that will not answer', () => {
  const lasting: readonly (readonly [string, BehaviourInput])[] = [
    ['unauthorised', status(401)],
    ['unauthorised', status(403)],
    ['quota-exhausted', status(429, { code: 'insufficient_quota' })],
    ['quota-exhausted', status(402)],
    ['model-not-found', status(404, { code: 'model_not_found' })],
    ['prompt-too-long', status(400, { code: 'context_length_exceeded' })],
    ['request-refused', status(400, { message: 'no such thing' })],
    ['prompt-too-long', status(413)],
    ['prompt-too-long', status(400, { message: 'the request exceeds the available context size, try increasing it' })],
    ['prompt-too-long', status(400, { message: 'The input token count (40000) exceeds the maximum number of tokens' })],
    [
      'prompt-too-long',
      status(400, {
        message:
          "'max_tokens' or 'max_completion_tokens' is too large: 16000. This model's maximum context length is 8192 tokens.",
      }),
    ],
    [
      'prompt-too-long',
      status(400, { message: 'input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000' }),
    ],
    ['request-refused', status(400, { message: 'max_tokens (16000) exceeds the maximum of 8192 output tokens' })],
    [
      'request-refused',
      status(400, { message: 'max_tokens is too large: 16000 tokens exceeds what the model can give' }),
    ],
  ];

  it.each(lasting)('is not asked again: %s', async (name, behaviour) => {
    const { result, server } = await answeredBy([behaviour]);
    expect(outcomeName(result.outcome)).toBe(name);
    expect(server.account.requests).toBe(1);
  });

  it('cannot put credentials into what is said of it', async () => {
    const message = `wrong key ${key} in Authorization: Bearer ${key}, sk-other-key-12****ab, at http://me:word@proxy/v1`;
    const { result } = await answeredBy([status(401, { message })]);
    expect(result.outcome).toMatchObject({
      reason: 'unauthorised',
      message: expect.stringContaining('wrong key [key]'),
    });
    for (const secret of [key, 'sk-other', 'me:word']) expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('is told from one that cannot be reached', async () => {
    const { ask, server } = await asking({ script: {} });
    await server.close();
    const result = await ask();
    expect(result.tries.map(({ outcome, unreported }) => [outcome, unreported])).toEqual(
      Array.from({ length: limits.tries }, () => ['unreachable', false]),
    );
  });
});

it('ends when its caller gives up', async () => {
  const open = await asking({ script: { rules: [{ answers: [{ kind: 'silence' }] }] } });
  const abort = new AbortController();
  const asked = open.ask({}, { signal: abort.signal });
  abort.abort();
  expect((await asked).outcome).toEqual({ kind: 'cancelled' });
});

describe('an error whose body does not come to its end', () => {
  /** An endpoint that begins to say why it refuses a request, and says no more: it waits, or breaks off. */
  async function beginning(breaksOff: boolean, timeoutMilliseconds: number) {
    const server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.write('{"error":', () => breaksOff && response.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = await asking({ script: {} }, timeoutMilliseconds, () => ({ baseUrl: `http://127.0.0.1:${port}/v1` }));
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { ask: open.ask, close };
  }

  it('is a try that timed out', async () => {
    const { ask, close } = await beginning(false, 300);
    expect(await ask({}, { mayRetry: async () => false })).toMatchObject({
      outcome: { kind: 'unavailable', reason: 'timed-out' },
      tries: [{ outcome: 'timed-out', unreported: true }],
    });
    close();
  });

  it('is a call that its caller ended', async () => {
    const { ask, close } = await beginning(false, 10_000);
    expect((await ask({}, { signal: AbortSignal.timeout(300) })).outcome).toEqual({ kind: 'cancelled' });
    close();
  });

  it('is what its status says where the endpoint broke off', async () => {
    const { ask, close } = await beginning(true, 10_000);
    expect((await ask()).outcome).toMatchObject({ kind: 'unavailable', reason: 'request-refused' });
    close();
  });
});
