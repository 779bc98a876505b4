import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/index.ts';
import { askedFor, designText, modelTask, soundModel, soundReward, textOf } from './support/model-task.ts';
import { candidatesOf, ModelWorld } from './support/model-world.ts';
import { eventsOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

describe('a review of a program', () => {
  test('refuses with evidence, but not on the last repair', async () => {
    const complaint = JSON.stringify({
      components: [],
      findings: [
        {
          kind: 'wrong-sign',
          severity: 'error',
          line: 4,
          component: 'upright',
          evidence: 'it is 1 at 0 rad',
          advice: 'turn it round',
        },
      ],
    });
    world.answer = soundModel({ review: () => ({ kind: 'text', text: complaint }) });
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 1 }, model: { repairs: 1 } }),
    );
    await eventsOf(engine, id);
    const [first, second] = await candidatesOf(engine, id);
    expect(first).toMatchObject({ status: 'refused', refusedBy: 'review' });
    expect(first?.critique).toContainEqual(expect.objectContaining({ code: 'wrong-sign', severity: 'error', line: 4 }));
    expect(second?.status).toBe('evaluated');
    expect(second?.critique).toContainEqual(expect.objectContaining({ code: 'wrong-sign', severity: 'warning' }));
  });

  test('lets a program stand that comes back unchanged, without a second review', async () => {
    const finding = { kind: 'wrong-sign', severity: 'error', line: 4, component: 'upright', advice: 'turn it round' };
    const review = { components: [], findings: [{ ...finding, evidence: 'it is 1 at 0 rad' }] };
    const design = () => ({ kind: 'text' as const, text: designText(soundReward(3)) });
    world.answer = soundModel({
      design,
      repair: design,
      review: () => ({ kind: 'text', text: JSON.stringify(review) }),
    });
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 1 }, model: { repairs: 3 } }),
    );
    await eventsOf(engine, id);
    const candidates = await candidatesOf(engine, id);
    expect(candidates.map(({ status, refusedBy }) => [status, refusedBy])).toEqual([
      ['refused', 'review'],
      ['evaluated', null],
    ]);
    expect(candidates[1]?.critique).toContainEqual(
      expect.objectContaining({ code: 'wrong-sign', severity: 'warning' }),
    );
    expect(seen.requests.filter((request) => askedFor(request) === 'review')).toHaveLength(1);
  });

  test('tells whoever varies the program what it has warned of', async () => {
    const warning = { kind: 'wrong-unit', severity: 'warning', line: 4, component: 'upright', advice: 'divide' };
    const review = { components: [], findings: [{ ...warning, evidence: 'it takes 1 m for 1 rad' }] };
    world.answer = soundModel({ review: () => ({ kind: 'text', text: JSON.stringify(review) }) });
    const seen = world.since();
    const { id } = await submit(engine, modelTask({ search: { generations: 2, population: 1 } }));
    await eventsOf(engine, id);
    const varied = seen.requests.filter((request) => askedFor(request) === 'design').map(textOf)[1];
    expect(varied).toMatch(
      /Said before training:\n\n(?:- .*\n)*- wrong-unit \[upright\] \(line 4\): it takes 1 m for 1 rad/,
    );
  });
});
