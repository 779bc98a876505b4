import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TaskSubmission } from '@rewardsmith/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithServer, type RunningServer, startPostgres, startRedis } from '../../store/test/servers.ts';
import { type EngineSettings, openEngine } from '../src/index.ts';
import { eventsOf, logger, type Outcome, openWorking, outcomeOf, smallTask, submit } from './support/small-task.ts';

const directories: string[] = [];
function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'rewardsmith-engine-'));
  directories.push(made);
  return made;
}
afterAll(() => {
  for (const made of directories) rmSync(made, { recursive: true, force: true });
});

/** Submits a task, follows it to its end, and says what it came to. */
async function run(settings: Partial<EngineSettings>, submission: TaskSubmission): Promise<Outcome> {
  const engine = await openWorking({ dataDirectory: directory(), ...settings });
  try {
    const task = await submit(engine, submission);
    await eventsOf(engine, task.id);
    return await outcomeOf(engine, task);
  } finally {
    await engine.close();
  }
}

describe('the same seed', () => {
  let reference: Outcome;
  beforeAll(async () => {
    reference = await run({}, smallTask());
  });

  test('gives the same candidates and the same figures with another number of runners', async () => {
    expect(await run({ runners: 1 }, smallTask())).toEqual(reference);
  });

  test('of another value gives another search', async () => {
    const other = await run({}, smallTask({ search: { generations: 2, population: 3, seed: 12 } }));
    expect(other.candidates.map(({ source }) => source)).not.toEqual(reference.candidates.map(({ source }) => source));
  });

  test('gives the same after the process was killed again and again', async () => {
    const dataDirectory = directory();
    for (const lines of [1, 5, 9, 12]) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'support/engine-process.ts'), dataDirectory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      let left = lines;
      for await (const _ of createInterface({ input: child.stdout })) {
        left -= 1;
        if (left === 0) child.kill('SIGKILL');
      }
      await ended;
    }
    const engine = await openWorking({ dataDirectory });
    try {
      const task = await submit(engine, smallTask(), { key: 'the-only-one' });
      const events = await eventsOf(engine, task.id);
      const evaluated = events.flatMap((event) => (event.type === 'candidate.evaluated' ? [event.candidateId] : []));
      expect(new Set(evaluated).size).toBe(evaluated.length);
      expect(await outcomeOf(engine, task)).toEqual(reference);
    } finally {
      await engine.close();
    }
  });

  describeWithServer('postgresql', 'on PostgreSQL and Redis, with an API and two workers,', () => {
    let servers: { readonly postgres: RunningServer; readonly redis: RunningServer };
    beforeAll(async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      servers = { postgres, redis };
    });
    afterAll(() => Promise.all([servers?.postgres.stop(), servers?.redis.stop()]));

    test('gives the same', async () => {
      const { postgres, redis } = servers;
      const shared = { databaseUrl: postgres.url, redisUrl: redis.url, dataDirectory: directory(), logger, runners: 1 };
      const engines = await Promise.all([
        openEngine({ ...shared, role: 'api' }),
        openEngine({ ...shared, role: 'worker' }),
        openEngine({ ...shared, role: 'worker' }),
      ]);
      try {
        await Promise.all(engines.map((engine) => engine.start()));
        const [api] = engines;
        const task = await submit(api, smallTask());
        await eventsOf(api, task.id);
        expect(await outcomeOf(api, task)).toEqual(reference);
      } finally {
        await Promise.all(engines.map((engine) => engine.close()));
      }
    });
  });
});
