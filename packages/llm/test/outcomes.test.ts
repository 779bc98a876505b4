import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import type { BehaviourInput } from '@rewardsmith/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { neverSent } from '../src/client/never-sent.ts';
import { outcomeName } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { type Asking, asking, good, key } from './support/asking.ts';

let open: Asking | undefined;
afterEach(() => open?.server.close());

async function answeredBy(answers: readonly BehaviourInput[], timeoutMilliseconds?: number) {
  open = await asking({ script: { rules: [{ answers: [...answers] }] } }, timeoutMilliseconds);
  return { ...open, result: await open.ask() };
}

const status = (code: number, rest: object = {}): BehaviourInput => ({ kind: 'status', status: code, ...rest });

const json = (body: object): BehaviourInput => ({
  kind: 'other-body',
  body: JSON.stringify(body),
  contentType: 'application/json',
});

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

describe('an endpoint to which nothing can be sent', () => {
  const wrong: readonly (readonly [string, (url: string) => { baseUrl?: string; apiKey?: string }])[] = [
    ['a secure address of a plain server', (url) => ({ baseUrl: url.replace('http:', 'https:') })],
    ['a key that was shortened', () => ({ apiKey: 'a-key-of…' })],
    ['a key with a line end', () => ({ apiKey: `${key}\n${key}` })],
  ];

  it.each(wrong)('is asked once and charged nothing: %s', async (_, over) => {
    open = await asking({ script: {} }, undefined, over);
    const result = await open.ask();
    expect(result.outcome).toMatchObject({ kind: 'unavailable', reason: 'misconfigured' });
    expect(result.tries).toMatchObject([{ outcome: 'misconfigured', unreported: false }]);
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('is one that has no certificate', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    open = await asking({ script: {} }, undefined, () => ({ baseUrl: `https://127.0.0.1:${port}/v1` }));
    const { tries } = await open.ask();
    server.close();
    expect(tries).toMatchObject([{ outcome: 'misconfigured', unreported: false }]);
  });

  it('is told from one whose connection was lost, by what the fault says of itself', () => {
    const reasonOf = (code: string, rest: object = {}) =>
      neverSent(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code, ...rest }) }))?.reason;
    expect(reasonOf('UND_ERR_CONNECT_TIMEOUT')).toBe('unreachable');
    expect(reasonOf('ETIMEDOUT', { syscall: 'connect' })).toBe('unreachable');
    expect(reasonOf('ETIMEDOUT', { syscall: 'read' })).toBeUndefined();
    expect(reasonOf('CERT_HAS_EXPIRED')).toBe('misconfigured');
    expect(reasonOf('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe('misconfigured');
    expect(reasonOf('ERR_TLS_CERT_ALTNAME_INVALID')).toBe('misconfigured');
    for (const code of ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'ECONNRESET', 'UND_ERR_SOCKET'])
      expect(reasonOf(code)).toBeUndefined();
  });
});

describe('an answer of no use', () => {
  const bad: readonly (readonly [string, BehaviourInput])[] = [
    ['refused', { kind: 'refusal', text: 'I would rather not.' }],
    ['filtered', { kind: 'text', text: '', finishReason: 'content_filter' }],
    ['filtered', status(400, { code: 'content_filter' })],
    ['cut-off', { kind: 'text', text: '{"verdict":"go', finishReason: 'length' }],
    ['empty', { kind: 'empty-choices' }],
    ['empty', { kind: 'text', text: '  ' }],
    ['empty', json({ choices: [{ message: { content: null, reasoning_content: 'I think' } }] })],
    ['empty', json({ choices: [{ message: { content: null, tool_calls: [{ function: { arguments: good } }] } }] })],
    ['cut-off', json({ choices: [{ finish_reason: 'max_tokens', message: { content: '{"ver' } }] })],
    ['filtered', json({ choices: [{ finish_reason: 'SAFETY', message: { content: '' } }] })],
    ['malformed', { kind: 'text', text: '{"verdict":1}' }],
    ['malformed', { kind: 'text', text: 'It is good.' }],
    ['too-large', { kind: 'large', bytes: 10 * 1024 * 1024 }],
  ];

  it.each(bad)('has a name and is not paid for again: %s', async (name, behaviour) => {
    const { result, server } = await answeredBy([behaviour]);
    expect(result.outcome).toMatchObject({ kind: 'bad-answer', reason: name });
    expect(server.account.requests).toBe(1);
  });

  it('is not read to its end when it is ten megabytes long', async () => {
    const before = process.memoryUsage().rss;
    await answeredBy([{ kind: 'large', bytes: 200 * 1024 * 1024 }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

it('takes an answer of another model, and says which', async () => {
  const { result } = await answeredBy([{ kind: 'text', text: good, model: 'somebody-else' }]);
  expect(result.outcome).toMatchObject({ kind: 'answered', answer: { model: 'somebody-else' } });
});

it('leaves out the thinking that a server puts in front of an answer', async () => {
  for (const thinking of ['<think>hm {"verdict":"bad"}</think>\n', 'hm {"verdict":"bad"}\n</think>\n\n']) {
    const { result, server } = await answeredBy([{ kind: 'text', text: `${thinking}${good}` }]);
    expect(result.value).toEqual({ verdict: 'good' });
    await server.close();
  }
  for (const before of ['', '\n ']) {
    const { result, server } = await answeredBy([{ kind: 'text', text: `${before}{"verdict":"a </think> b"}` }]);
    expect(result.value).toEqual({ verdict: 'a </think> b' });
    await server.close();
  }
});

it('reads an answer that is all blanks, or a complaint that is one long word, as fast as any other of its length', async () => {
  // Taken anew from each of its characters, either would hold the service's only thread for half a minute and more.
  const blanks = await answeredBy([{ kind: 'text', text: ' '.repeat(900_000), finishReason: 'length' }]);
  expect(blanks.result.outcome).toMatchObject({ kind: 'bad-answer', reason: 'cut-off' });
  await blanks.server.close();
  const word = await answeredBy([status(400, { message: 'a.'.repeat(400_000) })]);
  expect(outcomeName(word.result.outcome)).toBe('request-refused');
});

it('holds nothing that a database cannot hold, however it is written', async () => {
  const escaped = '{"verdict":"a\\u0000b\\ud800c"}';
  const { result } = await answeredBy([{ kind: 'text', text: escaped }]);
  expect(result.value).toEqual({ verdict: 'ab\ufffdc' });
  await open?.server.close();
  const raw = await answeredBy([{ kind: 'refusal', text: 'no\u0000\ud800' }]);
  expect(raw.result.outcome).toMatchObject({ reason: 'refused', message: 'The model refused: no\ufffd' });
});

it('ends when its caller gives up', async () => {
  open = await asking({ script: { rules: [{ answers: [{ kind: 'silence' }] }] } });
  const abort = new AbortController();
  const asked = open.ask({}, { signal: abort.signal });
  abort.abort();
  expect((await asked).outcome).toEqual({ kind: 'cancelled' });
});

describe('an error whose body does not come to its end', () => {
  /** An endpoint that begins to say why it refuses a request, and says no more: it waits, or breaks off. */
  async function beginning(breaksOff: boolean, timeoutMilliseconds: number) {
    const server = createHttpServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.write('{"error":', () => breaksOff && response.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    open = await asking({ script: {} }, timeoutMilliseconds, () => ({ baseUrl: `http://127.0.0.1:${port}/v1` }));
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

describe('the breaker', () => {
  it('opens after many failures in a row, refuses without asking, and lets one call through later', async () => {
    let failing = true;
    open = await asking({ script: () => (failing ? { kind: 'status', status: 500 } : { kind: 'text', text: good }) });
    // Calls count, not their tries: those of one call say the same thing.
    for (let call = 0; call < limits.breakerFailures; call += 1) {
      expect(open.endpoint.breakerOpen).toBe(false);
      await open.ask();
    }
    const asked = open.server.account.requests;
    expect(asked).toBe(limits.breakerFailures * limits.tries);
    expect((await open.ask()).outcome).toMatchObject({ reason: 'breaker-open' });
    expect(open.server.account.requests).toBe(asked);
    failing = false;
    open.advance(limits.breakerOpenMilliseconds);
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect(open.endpoint.breakerOpen).toBe(false);
  });

  it('lets calls that come together wait for the one that it lets through', async () => {
    let failing = true;
    open = await asking({ script: () => (failing ? { kind: 'status', status: 500 } : { kind: 'text', text: good }) });
    const { ask, server, advance, endpoint } = open;
    const together = () => Promise.all([1, 2, 3].map(() => ask()));
    for (let call = 0; call < limits.breakerFailures; call += 1) await ask();
    const asked = server.account.requests;
    advance(limits.breakerOpenMilliseconds);
    const failed = (await together()).map(({ outcome }) => outcomeName(outcome));
    expect(failed.toSorted()).toEqual(['breaker-open', 'breaker-open', 'server-error']);
    expect(server.account.requests).toBe(asked + limits.tries);
    failing = false;
    advance(limits.breakerOpenMilliseconds);
    expect((await together()).map(({ value }) => value)).toEqual([1, 2, 3].map(() => ({ verdict: 'good' })));
    expect(endpoint.breakerOpen).toBe(false);
  });

  it('stays closed when the provider only asks to slow down', async () => {
    open = await asking({ script: { rules: [{ answers: [{ kind: 'status', status: 429 }] }] } });
    for (let call = 0; call < 4; call += 1) await open.ask();
    expect(open.endpoint.breakerOpen).toBe(false);
  });
});
