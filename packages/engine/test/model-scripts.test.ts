import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import hostile from '../../model-server/scripts/hostile.ts';
import strong from '../../model-server/scripts/strong.ts';
import weak from '../../model-server/scripts/weak.ts';
import type { Engine } from '../src/index.ts';
import { modelTask } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld, reported } from './support/model-world.ts';
import { eventsOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

const root = join(import.meta.dirname, '../../..');
const published = ['docs/failure-taxonomy.md', 'docs/reward-language.md']
  .map((page) => readFileSync(join(root, page), 'utf8'))
  .join('\n');

const mountainCar = modelTask({ environment: 'mountain-car', search: { generations: 3, population: 3, seed: 3 } });

async function searchWith(answer: ModelWorld['answer']) {
  world.answer = answer;
  const seen = world.since();
  const { id } = await submit(engine, mountainCar);
  const events = await eventsOf(engine, id);
  const ended = await endOf(engine, id);
  // Whatever a model answers, every request is counted, and every token that the endpoint has reported.
  expect(ended.spending.modelCalls).toBe(seen.account.requests);
  const called = events.flatMap((event) => (event.type === 'model.called' ? [event.cost] : []));
  const sum = called.reduce((all, cost) => all + cost.promptTokens + cost.completionTokens, 0);
  expect(sum).toBe(ended.modelCost.promptTokens + ended.modelCost.completionTokens);
  return { ended, events, seen, candidates: await candidatesOf(engine, id) };
}

describe('a search by a model', () => {
  test('that knows its work gets better from what was found, and nothing of it is refused but repetition', async () => {
    const { ended, candidates, seen } = await searchWith(strong);
    expect(ended.status).toBe('completed');
    expect(reported(ended.modelCost)).toEqual(reported({ ...ended.modelCost, ...seen.account.answered }));
    expect(ended.modelCost.unreportedTokens).toBe(0);
    const refused = candidates.filter(({ status }) => status === 'refused');
    expect(refused.every(({ refusedBy }) => refusedBy === 'duplicates')).toBe(true);
    const told = candidates.flatMap(({ thought }) => (thought.includes('This answers') ? [thought] : []));
    expect(told.length).toBeGreaterThan(0);
    expect(candidates.some(({ explanation }) => explanation !== null)).toBe(true);
  });

  test('that is weak still gets its usable programs, and every refusal has a published name and says what to do', async () => {
    const { ended, candidates, seen } = await searchWith(weak);
    expect(ended.status).toBe('completed');
    expect(reported(ended.modelCost)).toEqual(reported({ ...ended.modelCost, ...seen.account.answered }));
    const errors = candidates.flatMap(({ critique }) => critique.filter(({ severity }) => severity === 'error'));
    expect(errors.length).toBeGreaterThan(3);
    for (const { code, advice } of errors) {
      expect(published).toContain(`\`${code}\``);
      expect(advice).not.toBe('');
    }
    for (const { design } of candidates) expect(design?.attempt ?? 0).toBeLessThanOrEqual(3);
  });

  test('that is hostile ends in order, and none of its texts is taken for a finding, a place or a name', async () => {
    const { ended, candidates, seen } = await searchWith(hostile);
    expect(['completed', 'failed']).toContain(ended.status);
    // Answers that were too long to be read were paid for all the same, at their worst case.
    expect(ended.modelCost.promptTokens).toBeLessThanOrEqual(seen.account.answered.promptTokens);
    const codes = candidates.flatMap(({ critique }) => critique.map(({ code }) => code));
    for (const code of codes) expect(published).toContain(`\`${code}\``);
    for (const { source, thought, critique, design } of candidates) {
      expect(source.length).toBeLessThan(40_000);
      expect(thought.length).toBeLessThan(5_000);
      expect(critique.length).toBeLessThan(60);
      expect(design?.answeredBy?.length ?? 0).toBeLessThanOrEqual(200);
    }
    // No request carries what would swell it, or a key that an error repeated.
    const longest = Math.max(...seen.requests.map((request) => JSON.stringify(request).length));
    expect(longest).toBeLessThan(80_000);
    expect(JSON.stringify(candidates)).not.toContain('sk-secret');
  });
});
