import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { caller, eventsOf, openWorking, smallTask } from './support/small-task.ts';

const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-screening-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('candidates are screened by a short training, and judged by whole ones once they are promoted', async () => {
  const engine = await openWorking({ dataDirectory: directory });
  try {
    const submission = smallTask({
      evaluator: { kind: 'simulation', training: { environmentSteps: 100_000, seeds: 3 } },
      search: { generations: 1, population: 4, screen: 0.3, raceShare: 0.25, finalists: 2, seed: 5 },
    });
    const submitted = await engine.tasks.submit(caller, submission, undefined);
    if (submitted.kind === 'key-reused') throw new Error('there was no key');
    await eventsOf(engine, submitted.task.id);
    const page = await engine.tasks.candidates(caller, submitted.task.id, { limit: 200 });
    const all = await Promise.all((page?.items ?? []).map(({ id }) => engine.tasks.candidate(caller, id)));
    const found = all.flatMap((candidate) => candidate ?? []);
    const [screened, evaluated] = ['screened', 'evaluated'].map((status) =>
      found.filter((each) => each.status === status),
    );
    expect([screened?.length, evaluated?.length]).toEqual([3, 1]);
    for (const { runs, fitness } of screened ?? []) {
      expect(runs).toHaveLength(1);
      expect(runs[0]?.environmentSteps).toBeLessThan(60_000);
      expect(fitness?.values).toEqual(runs.map((run) => run.fitness));
    }
    for (const { runs, fitness } of evaluated ?? []) {
      // The short one, and a whole one on a second seed.
      expect(runs).toHaveLength(2);
      expect(fitness?.values).toEqual(runs.slice(1).map((run) => run.fitness));
      expect(Math.min(...runs.slice(1).map((run) => run.environmentSteps))).toBeGreaterThan(60_000);
    }
    const task = await engine.tasks.task(caller, submitted.task.id);
    const steps = (stage: string) => task?.spending.stages.find((each) => each.stage === stage)?.environmentSteps ?? 0;
    expect(steps('search-screen')).toBeLessThan(4 * 60_000);
    expect(steps('search-full')).toBeGreaterThan(60_000);
  } finally {
    await engine.close();
  }
});
