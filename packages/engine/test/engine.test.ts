import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openEngine } from '../src/index.ts';
import { caller, eventsOf, logger, openWorking, outcomeOf, smallTask, submit } from './support/small-task.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'rewardsmith-engine-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

describe('an embedded engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openWorking({ dataDirectory });
  });
  afterAll(() => engine.close());

  test('takes a task from submission to a comparison on held-out seeds', async () => {
    const search = { generations: 2, population: 3, seed: 11, tuner: 0, raceShare: 0.5, finalists: 2 };
    const task = await submit(engine, smallTask({ search }));
    const events = await eventsOf(engine, task.id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('task.'))).toEqual([
      'task.submitted',
      'task.started',
      'task.completed',
    ]);
    const ended = await engine.tasks.task(caller, task.id);
    expect(ended).toMatchObject({ status: 'completed', stopReason: 'generations', generation: 2 });
    const { candidates, final } = await outcomeOf(engine, task);
    // Every generation is screened on one seed; a race says which candidates are trained on the other.
    const races = events.filter((event) => event.type === 'race.decided');
    expect(races.map(({ generation }) => generation)).toEqual([0, 1]);
    for (const { generation, promoted, heldBack } of races) {
      const own = candidates.filter((candidate) => candidate.generation === generation);
      expect(own.filter(({ status }) => status === 'evaluated')).toHaveLength(promoted.length);
      expect(own.filter(({ status }) => status === 'screened')).toHaveLength(heldBack);
      expect(promoted.length).toBeGreaterThanOrEqual(1);
      expect(promoted.length).toBeLessThanOrEqual(2);
    }
    const inFull = candidates.filter(({ status }) => status === 'evaluated').length;
    const best = candidates.filter(({ status }) => status === 'evaluated').map(({ fitness }) => fitness?.mean ?? 0);
    expect(best).toContain(ended?.bestFitness);
    // One short training of the first seed, or one whole training of the second, which alone counts once there is one.
    for (const { fitness } of candidates) expect(fitness?.values).toHaveLength(1);
    expect(final?.best.values).toHaveLength(5);
    expect(final?.sparse.values).toHaveLength(5);
    expect(final?.human.values).toHaveLength(5);
    // The same policies under dynamics that they were not trained on, and how sure the comparison is.
    for (const reward of [final?.best, final?.sparse, final?.human]) {
      expect(reward?.varied?.values).toHaveLength(5);
      expect(reward?.varied?.episodes).toBe(64);
      expect(reward?.shift).toBeCloseTo((reward?.varied?.mean ?? 0) - (reward?.mean ?? 0), 10);
    }
    expect(final?.rivals?.map(({ subject, trainings }) => [subject.includes('/'), trainings])).toEqual([
      [false, 5],
      [false, 5],
      [true, 6],
    ]);
    const each = final?.rivals?.map(({ probability }) => probability) ?? [];
    expect(final?.probabilityBest).toBeGreaterThan(0);
    expect(final?.probabilityBest).toBeLessThanOrEqual(Math.min(...each));
    // What was spent is what the training runs took, the closing ones included.
    const trained = events.filter(({ type }) => type === 'candidate.screened' || type === 'candidate.evaluated').length;
    const closing = events.filter(({ type }) => type === 'final.measured').length;
    expect(trained).toBe(6 + inFull);
    expect(ended?.spending.environmentSteps).toBeGreaterThan((trained + closing) * 3_000);
    expect(ended?.spending.modelCalls).toBe(0);
    const stages = ended?.spending.stages ?? [];
    expect(stages.map(({ stage, steps }) => [stage, steps])).toEqual([
      ['propose', 2],
      ['search-screen', 6],
      ['search-full', inFull],
      ['confirmation', 10],
      ['held-out', 15],
    ]);
    const sum = (of: readonly { environmentSteps: number }[]) =>
      of.reduce((all, each) => all + each.environmentSteps, 0);
    expect(sum(stages)).toBe(ended?.spending.environmentSteps);
    for (const { evaluationSteps, seconds } of stages.slice(1)) {
      expect(evaluationSteps).toBeGreaterThan(0);
      expect(seconds).toBeGreaterThan(0);
    }
    const page = await engine.tasks.candidates(caller, task.id, { limit: 200 });
    const own = await Promise.all((page?.items ?? []).map(({ id }) => engine.tasks.candidate(caller, id)));
    const sparseAndHuman = stages.at(-1)?.environmentSteps ?? 0;
    expect(sum(own.flatMap((candidate) => candidate?.stages ?? []))).toBeLessThan(sum(stages));
    expect(sum(own.flatMap((candidate) => candidate?.stages ?? []))).toBeGreaterThan(sum(stages) - sparseAndHuman);
  });

  test('gives the best reward in every target, with rows that the sandbox has labelled', async () => {
    const task = await submit(engine, smallTask());
    await eventsOf(engine, task.id);
    const answer = await engine.tasks.reward(caller, task.id, 'python');
    if (answer.kind !== 'ok') throw new Error(answer.kind);
    const { reward } = answer;
    expect(reward.code).toContain('def reward(');
    expect(reward.parity.branches.covered).toBe(reward.parity.branches.found);
    const rows = reward.parity.episodes.flat();
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(Object.keys(row.components)).toEqual(reward.components);
      // In the program's order, so to the last bit; hostile steps make it NaN.
      expect(Number(row.total)).toBe(
        Object.values(row.components)
          .map(Number)
          .reduce((sum, value) => sum + value),
      );
    }
    expect(reward.lineage.at(-1)?.id).toBe(reward.candidateId);
  });

  test('a repeated submission with its key is one task; the key with another body is refused', async () => {
    const first = await submit(engine, smallTask(), { key: 'key-1' });
    expect((await submit(engine, smallTask(), { key: 'key-1' })).id).toBe(first.id);
    const other = await engine.tasks.submit(caller, smallTask({ name: 'another' }), 'key-1');
    expect(other).toEqual({ kind: 'key-reused', taskId: first.id });
    await engine.tasks.cancel(caller, first.id);
  });

  test("does not show one tenant's task to another", async () => {
    const task = await submit(engine, smallTask());
    const stranger = { tenant: 'stranger' };
    expect(await engine.tasks.task(stranger, task.id)).toBeUndefined();
    expect(await engine.tasks.cancel(stranger, task.id)).toBeUndefined();
    expect(await engine.tasks.reward(stranger, task.id, 'javascript')).toEqual({ kind: 'no-task' });
    expect(await engine.tasks.candidates(stranger, task.id, { limit: 10 })).toBeUndefined();
    await engine.tasks.cancel(caller, task.id);
  });

  test('a cancelled task ends at once, with its last event, and trains no more', async () => {
    const long = smallTask({ evaluator: { kind: 'simulation', training: { environmentSteps: 50_000_000, seeds: 1 } } });
    const task = await submit(engine, long);
    const seen: string[] = [];
    for await (const event of engine.tasks.events(caller, task.id, 0, new AbortController().signal)) {
      seen.push(event.type);
      if (event.type === 'generation.started') await engine.tasks.cancel(caller, task.id);
    }
    expect(seen.at(-1)).toBe('task.cancelled');
    expect(await engine.tasks.task(caller, task.id)).toMatchObject({ status: 'cancelled', stopReason: 'cancelled' });
    // Its runners are free: another task gets through.
    const next = await submit(engine, smallTask());
    expect((await eventsOf(engine, next.id)).at(-1)?.type).toBe('task.completed');
  });

  test('keeps the search within its cap of environment steps and still compares', async () => {
    // Room for two short runs that screen a generation, and for a whole one of the winner of its race.
    const training = { environmentSteps: 200_000, seeds: 2 };
    const evaluator = { kind: 'simulation', training };
    const task = await submit(engine, smallTask({ evaluator, budget: { environmentSteps: 310_000 } }));
    const events = await eventsOf(engine, task.id);
    const ended = await engine.tasks.task(caller, task.id);
    expect(ended).toMatchObject({ status: 'completed', stopReason: 'budget-environment-steps', generation: 1 });
    expect(ended?.final).not.toBeNull();
    const spent = events.flatMap((event) =>
      event.type === 'candidate.screened' || event.type === 'candidate.evaluated' ? [event.spending] : [],
    );
    expect(spent).toHaveLength(3);
    for (const { environmentSteps } of spent) expect(environmentSteps).toBeLessThanOrEqual(310_000);
  });

  test('trains the best so far on one more seed, and answers with the best as it stands after that', async () => {
    const evaluator = { kind: 'simulation', training: { environmentSteps: 4_000, seeds: 3 } };
    const task = await submit(engine, smallTask({ evaluator }));
    const events = await eventsOf(engine, task.id);
    const { candidates } = await outcomeOf(engine, task);
    const repeated = events.flatMap((event) => (event.type === 'race.decided' && event.again ? [event.again] : []));
    expect(repeated).toHaveLength(1);
    const measured = events.filter(
      (event) => event.type === 'candidate.evaluated' && event.candidateId === repeated[0],
    );
    expect(measured.map((event) => 'fitness' in event && event.fitness)).toMatchObject([
      { values: [expect.any(Number)] },
      { values: [expect.any(Number), expect.any(Number)] },
    ]);
    const inFull = candidates.flatMap(({ status, fitness }) => (status === 'evaluated' && fitness ? [fitness] : []));
    expect(inFull.map(({ values }) => values.length).toSorted()).toEqual([...inFull.slice(1).map(() => 1), 2]);
    expect(await engine.tasks.task(caller, task.id)).toMatchObject({ candidates: { evaluated: 6 } });
  });

  test('proposes no more candidates than its cap', async () => {
    const task = await submit(engine, smallTask({ budget: { candidates: 2 } }));
    await eventsOf(engine, task.id);
    const ended = await engine.tasks.task(caller, task.id);
    expect(ended).toMatchObject({ status: 'completed', stopReason: 'budget-candidates', candidates: { proposed: 2 } });
  });

  test('answers for a reward while every training is taken', async () => {
    const done = await submit(engine, smallTask());
    await eventsOf(engine, done.id);
    const long = smallTask({ evaluator: { kind: 'simulation', training: { environmentSteps: 50_000_000, seeds: 1 } } });
    const task = await submit(engine, long);
    for await (const event of engine.tasks.events(caller, task.id, 0, new AbortController().signal)) {
      if (event.type === 'generation.started') break;
    }
    expect((await engine.tasks.reward(caller, done.id, 'python')).kind).toBe('ok');
    expect((await engine.tasks.task(caller, task.id))?.status).toBe('running');
    await engine.tasks.cancel(caller, task.id);
  });

  test("ranks by the task's own fitness where it has one", async () => {
    const fitness = { source: 'export function success() { return 0.5; }', aggregate: 'mean' };
    const task = await submit(engine, smallTask({ fitness }));
    await eventsOf(engine, task.id);
    const { candidates, final } = await outcomeOf(engine, task);
    const trained = candidates.filter(({ status }) => status !== 'refused');
    expect(trained.length).toBeGreaterThan(2);
    for (const candidate of trained) expect(candidate.fitness?.mean).toBe(0.5);
    expect(final?.best.mean).toBe(0.5);
    expect(final?.humanScore).toBeNull();
  });

  test('a second engine on its directory is refused by name', async () => {
    await expect(openEngine({ dataDirectory, logger, role: 'all', runners: 1 })).rejects.toThrow(dataDirectory);
  });
});
