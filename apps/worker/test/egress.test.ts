import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, request, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const configuration = readFileSync(new URL('../egress.cfg', import.meta.url), 'utf8');
const proxies = spawnSync('haproxy', ['-v'], { stdio: 'ignore' }).status === 0;
const directory = mkdtempSync(join(tmpdir(), 'egress-'));
const certificate = join(directory, 'model.pem');

/** Answers with what it was asked. */
const echo: RequestListener = (asked, answer) => {
  const chunks: Buffer[] = [];
  asked.on('data', (chunk: Buffer) => chunks.push(chunk));
  asked.on('end', () => {
    const { host, authorization } = asked.headers;
    answer.end(JSON.stringify({ url: asked.url, host, authorization, body: Buffer.concat(chunks).toString('utf8') }));
  });
};

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

async function freePort(): Promise<number> {
  const server = createHttpServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(!proxies)('the way out to a model (skipped where haproxy is missing)', () => {
  const plain = createHttpServer(echo);
  let secure: Server | undefined;
  let proxy: ChildProcess | undefined;
  const ports = { plain: 0, secure: 0 };

  beforeAll(async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', join(directory, 'key.pem'), '-out', certificate];
    const given = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files];
    execFileSync('openssl', given, { stdio: 'ignore' });
    const key = readFileSync(join(directory, 'key.pem'));
    secure = createHttpsServer({ key, cert: readFileSync(certificate) }, echo);
    ports.plain = await listening(plain);
    ports.secure = await listening(secure);
  });
  afterEach(async () => {
    const running = proxy;
    proxy = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  });
  afterAll(() => {
    plain.close();
    secure?.close();
    rmSync(directory, { recursive: true });
  });

  /** Starts the proxy as the composed deployment does, but for its own port and for whom it trusts. */
  async function open(port: number, tls: 'yes' | 'no', trusted = '@system-ca'): Promise<number> {
    const own = await freePort();
    const file = join(directory, 'egress.cfg');
    writeFileSync(file, configuration.replace('bind :8080', `bind 127.0.0.1:${own}`).replace('@system-ca', trusted));
    const env = { REWARDSMITH_MODEL_HOST: 'localhost', REWARDSMITH_MODEL_PORT: `${port}`, REWARDSMITH_MODEL_TLS: tls };
    proxy = spawn('haproxy', ['-f', file, '-db'], { env: { ...process.env, ...env }, stdio: 'ignore' });
    await expect.poll(() => ask(own).catch(() => undefined), { timeout: 60_000 }).toBeDefined();
    return own;
  }

  function connect(port: number, target: string) {
    return new Promise<{ status: number | undefined }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: target, method: 'CONNECT' });
      sent.on('response', (answer) => resolve({ status: answer.resume().statusCode }));
      sent.on('connect', (answer, socket) => {
        socket.destroy();
        resolve({ status: answer.statusCode });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  function ask(port: number, path = '/v1/models', headers: Readonly<Record<string, string>> = {}) {
    return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, body }));
      });
      sent.on('error', reject);
      sent.end('{"a":1}');
    });
  }

  test('passes a request on to the model, key and body untouched', async () => {
    const port = await open(ports.plain, 'no');
    const { status, body } = await ask(port, '/v1/chat/completions', { authorization: 'Bearer key' });
    const asked = { url: '/v1/chat/completions', host: 'localhost', authorization: 'Bearer key', body: '{"a":1}' };
    expect([status, JSON.parse(body)]).toEqual([200, asked]);
  });

  test('leads nowhere else, whatever host a request names', async () => {
    const port = await open(ports.plain, 'no');
    for (const path of ['/v1/models', 'http://example.org/v1/models']) {
      const { body } = await ask(port, path, { host: 'example.org' });
      expect(JSON.parse(body)).toMatchObject({ url: '/v1/models', host: 'localhost' });
    }
  });

  test('opens no tunnel, not even by way of the model', async () => {
    const asked: (string | undefined)[] = [];
    plain.on('connect', (given, socket) => {
      asked.push(given.url);
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    const port = await open(ports.plain, 'no');
    expect(await connect(port, 'example.org:443')).toEqual({ status: 403 });
    expect(asked).toEqual([]);
  });

  test('speaks TLS to a model whose certificate is trusted', async () => {
    const port = await open(ports.secure, 'yes', certificate);
    expect(await ask(port)).toMatchObject({ status: 200 });
  });

  test('and to no other', async () => {
    const port = await open(ports.secure, 'yes');
    expect(await ask(port)).toMatchObject({ status: 503 });
  });
});
