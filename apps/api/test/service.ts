import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, Task, TaskEvent } from '@rewardsmith/contracts';
import { afterAll, beforeAll } from 'vitest';
import { readSettings, startServer } from '../src/index.ts';

/** A search of seconds: cart-pole, two candidates, one short training each. */
export const smallTask = {
  environment: 'cartpole',
  evaluator: { kind: 'simulation', training: { environmentSteps: 5_000, seeds: 1 } },
  search: { generations: 1, population: 2, finalists: 1, seed: 7 },
};

/** A search that does not end while a test looks. */
export const longTask = {
  environment: 'cartpole',
  evaluator: { kind: 'simulation', training: { environmentSteps: 200_000_000, seeds: 1 } },
  search: { generations: 1, population: 2 },
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Requests to a service as any client makes them. */
export class Caller {
  readonly url: () => string;

  constructor(url: () => string) {
    this.url = url;
  }

  async call(path: string, request: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url()}${path}`, request);
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async submit(task: unknown): Promise<Task> {
    return Task.parse(JSON.parse((await this.post('/v1/tasks', task)).body));
  }

  async task(id: string): Promise<Task> {
    return Task.parse(JSON.parse((await this.call(`/v1/tasks/${id}`)).body));
  }

  /** Every event after `after`; returns when the service ends the stream. */
  async events(id: string, after = 0): Promise<readonly TaskEvent[]> {
    return eventsIn((await this.call(`/v1/tasks/${id}/events`, { headers: { 'last-event-id': `${after}` } })).body);
  }
}

/** The events of a stream that has ended. */
export function eventsIn(stream: string): readonly TaskEvent[] {
  return stream
    .split('\n\n')
    .flatMap((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? [])
    .map((data) => TaskEvent.parse(JSON.parse(data)));
}

/** The problem of an answer, whose media type and status it holds to. */
export function problemOf({ status, headers, body }: Answer): Problem {
  const problem = Problem.parse(JSON.parse(body));
  if (headers.get('content-type') !== 'application/problem+json' || problem.status !== status) {
    throw new Error(`not problem details: ${status} ${headers.get('content-type')} ${body}`);
  }
  return problem;
}

/** An embedded service for the tests of one file, on a directory and a port of its own. */
export function useService(): Caller {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-api-'));
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  beforeAll(async () => {
    server = await startServer(
      readSettings({
        REWARDSMITH_DATA: directory,
        REWARDSMITH_PORT: '0',
        REWARDSMITH_LOG: 'silent',
        REWARDSMITH_RUNNERS: '1',
      }),
    );
  });
  afterAll(async () => {
    await server?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return new Caller(() => {
    if (server === undefined) throw new Error('the service starts before the first test');
    return server.address;
  });
}
