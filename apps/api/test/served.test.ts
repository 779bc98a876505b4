import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  describeWithServer,
  type RunningServer,
  startPostgres,
  startRedis,
} from '../../../packages/store/test/servers.ts';
import { Caller, problemOf, smallTask } from './service.ts';

const apps = join(import.meta.dirname, '../..');

/** One program of the service, with the lines that it logged. */
class Program {
  readonly lines: Record<string, unknown>[] = [];
  readonly #child: ChildProcess;
  #said = '';

  constructor(entry: string, settings: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [join(apps, entry)], {
      env: { PATH: process.env['PATH'] ?? '', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
  }

  /** Resolves at the first logged line with this message; rejects when the program ends before it. */
  async ready(message: string): Promise<void> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('standard output is a pipe');
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: stdout }).on('line', (text) => {
        const line: Record<string, unknown> = JSON.parse(text);
        this.lines.push(line);
        if (String(line['msg']).startsWith(message)) resolve();
      });
      this.#child.once('exit', (code) => reject(new Error(`ended with ${code}: ${this.#said}`)));
    });
  }

  /** Kills it: in order it would wait for the server that the last test has taken away. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Its exit code and what it said on standard error. */
  async ended(): Promise<{ code: unknown; said: string }> {
    const [code] = await once(this.#child, 'close');
    return { code, said: this.#said };
  }
}

async function freePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  return String(typeof address === 'object' ? address?.port : address);
}

describeWithServer('postgresql', 'an API and a worker of their own', () => {
  describeWithServer('redis', 'on PostgreSQL and Redis', () => {
    const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-served-'));
    const running: { stop(): Promise<void> }[] = [];
    let redis: RunningServer;
    let api: Program;
    let service: Caller;

    beforeAll(async () => {
      const postgres = await startPostgres();
      redis = await startRedis();
      running.push(postgres, redis);
      const settings = {
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        REWARDSMITH_DATA: directory,
        REWARDSMITH_RUNNERS: '1',
        REWARDSMITH_PORT: await freePort(),
        REWARDSMITH_ROLE: 'api',
      };
      api = new Program('api/src/server.ts', settings);
      running.unshift(api);
      await api.ready('Server listening');
      const worker = new Program('worker/src/main.ts', settings);
      running.unshift(worker);
      await worker.ready('worker started');
      service = new Caller(() => `http://127.0.0.1:${settings.REWARDSMITH_PORT}`);
    });
    afterAll(async () => {
      for (const one of running) await one.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    it('carry a task from its submission to its reward', async () => {
      const { id } = await service.submit(smallTask);
      expect((await service.events(id)).at(-1)?.type).toBe('task.completed');
      expect((await service.task(id)).status).toBe('completed');
      expect((await service.call(`/v1/tasks/${id}/reward?target=python`)).status).toBe(200);
    });

    it('log the request and the task that each line is about', async () => {
      const { id } = await service.submit({ ...smallTask, environment: 'pendulum' });
      const answer = await service.call(`/v1/tasks/${id}/cancel`, { method: 'POST' });
      const request = answer.headers.get('x-request-id');
      // Lines come through a pipe of their own, and may come after the answer.
      const lineWith = (fields: Readonly<Record<string, unknown>>) =>
        vi.waitFor(() => expect(api.lines).toContainEqual(expect.objectContaining(fields)), { timeout: 30_000 });
      await lineWith({ reqId: request, msg: 'request completed', taskId: id });
      await lineWith({ taskId: id, msg: 'task submitted', reqId: expect.any(String) });
    });

    it('name what is down in /readyz, while /healthz still answers', async () => {
      expect((await service.call('/readyz')).status).toBe(200);
      await redis.stop();
      const problem = problemOf(await service.call('/readyz'));
      expect(problem).toMatchObject({ status: 503, code: 'not-ready', detail: 'Not answering: queue.' });
      expect((await service.call('/healthz')).status).toBe(200);
    });
  });
});

it('a worker without a database server says what it needs', async () => {
  const { code, said } = await new Program('worker/src/main.ts', {}).ended();
  expect(code).toBe(1);
  expect(said).toMatch(/^A worker needs DATABASE_URL.*\n$/);
});

it('settings that are wrong are named, all of them', async () => {
  const settings = { REWARDSMITH_PORT: 'http', REWARDSMITH_ROLE: 'boss' };
  const { code, said } = await new Program('api/src/server.ts', settings).ended();
  expect(code).toBe(1);
  expect(said).toMatch(/REWARDSMITH_PORT.*REWARDSMITH_ROLE.*\n$/);
});
