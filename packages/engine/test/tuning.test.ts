import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile, liftLiterals, type RewardProgram, withParams } from '@rewardsmith/language';
import { afterAll, expect, test } from 'vitest';
import { caller, eventsOf, openWorking, smallTask, submit } from './support/small-task.ts';

const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-tuning-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const definition = builtinEnvironments.get('cartpole')?.definition;

function compiled(source: string): RewardProgram {
  if (definition === undefined) throw new Error('cart-pole is gone');
  const compilation = compile(source, definition);
  if (!compilation.ok) throw new Error('a candidate does not compile');
  return compilation.program;
}

/** The program's hash with each of its numbers exchanged for one that stands for its name. */
function shape(source: string): string {
  const lifted = liftLiterals(compiled(source)).source;
  const names = [...compiled(lifted).params.keys()];
  const levelled = withParams(lifted, new Map(names.map((name, index) => [name, index + 2])));
  if (!levelled.ok) throw new Error(levelled.message);
  return compiled(levelled.source).hash;
}

test('a share of each generation varies only the numbers of the best candidate', async () => {
  const engine = await openWorking({ dataDirectory: directory });
  try {
    const submission = smallTask({ search: { generations: 3, population: 4, tuner: 0.5, seed: 5, race: false } });
    const { id } = await submit(engine, submission);
    await eventsOf(engine, id);
    const page = await engine.tasks.candidates(caller, id, { limit: 200 });
    const all = await Promise.all((page?.items ?? []).map(({ id }) => engine.tasks.candidate(caller, id)));
    const found = all.flatMap((candidate) => candidate ?? []);
    const tuned = found.filter(({ operator }) => operator === 'tune');
    expect(tuned.filter(({ status }) => status === 'evaluated')).toHaveLength(4);
    for (const candidate of tuned) {
      const parent = found.find(({ id }) => id === candidate.parents[0]);
      const earlier = found.filter(({ generation }) => generation < candidate.generation);
      const best = Math.max(...earlier.flatMap(({ fitness }) => fitness?.mean ?? []));
      expect(parent?.fitness?.mean).toBe(best);
      expect(candidate.components).toEqual(parent?.components);
      expect(candidate.thought).toMatch(/^Tunes \w+ \S+ to \S+/);
      expect(shape(candidate.source)).toBe(shape(parent?.source ?? ''));
    }
    expect(new Set(tuned.map(({ hash }) => hash)).size).toBe(tuned.length);
  } finally {
    await engine.close();
  }
});

test('a task that asks for it learns from the tenant’s finished ones which forms paid, and keeps what it learnt', async () => {
  const home = mkdtempSync(join(tmpdir(), 'rewardsmith-learning-'));
  const engine = await openWorking({ dataDirectory: home });
  try {
    const learning = (tenant: string, search: object) =>
      submit(engine, smallTask({ search: { generations: 1, population: 4, finalists: 1, ...search } }), { tenant });
    const first = await learning('tests', { seed: 3, learn: true });
    expect(first.submission.search.forms).toBeUndefined();
    await eventsOf(engine, first.id);
    const second = await learning('tests', { seed: 4, learn: true });
    const forms = second.submission.search.forms ?? {};
    expect(Object.keys(forms)).toContain('goal');
    expect(Object.values(forms).some((weight) => weight > 1)).toBe(true);
    expect(Object.values(forms).some((weight) => weight < 1)).toBe(true);
    expect((await engine.tasks.task(caller, second.id))?.submission.search.forms).toEqual(forms);
    expect((await learning('others', { seed: 4, learn: true })).submission.search.forms).toBeUndefined();
    expect((await learning('tests', { seed: 4 })).submission.search.forms).toBeUndefined();
  } finally {
    await engine.close();
    rmSync(home, { recursive: true, force: true });
  }
});
