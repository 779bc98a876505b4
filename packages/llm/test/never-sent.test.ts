import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { neverSent } from '../src/client/never-sent.ts';
import { asking, key } from './support/asking.ts';

describe('an endpoint to which nothing can be sent', () => {
  const wrong: readonly (readonly [string, (url: string) => { baseUrl?: string; apiKey?: string }])[] = [
    ['a secure address of a plain server', (url) => ({ baseUrl: url.replace('http:', 'https:') })],
    ['a key that was shortened', () => ({ apiKey: 'a-key-of…' })],
    ['a key with a line end', () => ({ apiKey: `${key}\n${key}` })],
  ];

  it.each(wrong)('is asked once and charged nothing: %s', async (_, over) => {
    const open = await asking({ script: {} }, undefined, over);
    const result = await open.ask();
    expect(result.outcome).toMatchObject({ kind: 'unavailable', reason: 'misconfigured' });
    expect(result.tries).toMatchObject([{ outcome: 'misconfigured', unreported: false }]);
    expect(JSON.stringify(result)).not.toContain(key);
  });

  it('is one that has no certificate', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = await asking({ script: {} }, undefined, () => ({ baseUrl: `https://127.0.0.1:${port}/v1` }));
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
