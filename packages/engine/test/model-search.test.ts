import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/index.ts';
import { askedFor, designText, modelTask, soundModel, textOf } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld, reported } from './support/model-world.ts';
import { eventsOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

describe('a task whose designer is a model', () => {
  test('is taken to its end, and its account is what the endpoint counted', async () => {
    world.answer = soundModel();
    const seen = world.since();
    // One model, so that one price holds.
    const critic = { models: [{ model: 'small' }] };
    const { id } = await submit(engine, modelTask({ model: { critic } }));
    const events = await eventsOf(engine, id);
    const ended = await endOf(engine, id);
    expect(ended).toMatchObject({ status: 'completed', stopReason: 'generations' });
    const { requests, answered } = seen.account;
    const { requests: delivered, ...tokens } = answered;
    expect(ended.spending.modelCalls).toBe(requests);
    expect(delivered).toBe(requests);
    expect(reported(ended.modelCost)).toEqual(tokens);
    expect(ended.modelCost.unreportedTokens).toBe(0);
    expect(ended.spending.modelTokens).toBe(tokens.promptTokens + tokens.completionTokens);
    const fresh = tokens.promptTokens - tokens.cachedTokens;
    const money = (2 * fresh + 0.5 * tokens.cachedTokens + 8 * tokens.completionTokens) / 1e6;
    expect(ended.spending.modelMoney).toBeCloseTo(money, 10);
    // A stable prefix is cached from the second call of a role on.
    expect(tokens.cachedTokens).toBeGreaterThan(tokens.promptTokens / 3);
    const called = events.flatMap((event) => (event.type === 'model.called' ? [event] : []));
    expect(called.map(({ cost }) => cost.promptTokens).reduce((sum, count) => sum + count, 0)).toBe(
      tokens.promptTokens,
    );
    const candidates = await candidatesOf(engine, id);
    expect(candidates).toHaveLength(4);
    for (const { thought, design, status } of candidates) {
      expect(status).toBe('evaluated');
      expect(thought).toBe('Pay for an upright pole.');
      expect(design).toMatchObject({
        attempt: 0,
        model: 'small',
        answeredBy: 'small',
        prompt: { version: expect.any(Number) },
      });
      expect(design?.calls).toHaveLength(2);
    }
    expect(ended.arms.filter(({ kind }) => kind === 'model')).toMatchObject([{ name: 'small', pulls: 2 }]);
    expect(ended.critic).toMatchObject({ answer: { seen: 4, refused: 0 }, review: { seen: 4, refused: 0 } });
  });

  test('tells the next generation what the last one did, and explains its parents', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const { id } = await submit(engine, modelTask());
    await eventsOf(engine, id);
    const explained = (await candidatesOf(engine, id)).filter(({ explanation }) => explanation !== null);
    expect(explained.length).toBeGreaterThan(0);
    expect(explained[0]?.explanation?.causes[0]).toMatchObject({
      finding: explained[0]?.findings[0]?.code,
      advice: 'Pay for the change.',
    });
    const designs = seen.requests.filter((request) => askedFor(request) === 'design').map(textOf);
    const later = designs.find((text) => text.includes('was used to train a policy'));
    expect(later).toContain('Values at');
    expect(later).toContain('correlation with fitness');
    expect(later).toContain('The reward pays for waiting. Pay for the change.');
  });

  test('refines the best where it has no number to tune', async () => {
    const fields = ['poleAngle', 'poleAngularVelocity', 'cartPosition', 'cartVelocity'];
    const terms = fields.flatMap((field) => [`-Math.abs(next.${field})`, `Math.cos(next.${field})`]);
    const program = (count: number) =>
      `export function reward({ next }) {\n  return { term: ${terms[count - 1]} };\n}\n`;
    world.answer = soundModel({ design: (_, count) => ({ kind: 'text', text: designText(program(count)) }) });
    const search = { generations: 2, population: 4, tuner: 0.5 };
    const { id } = await submit(engine, modelTask({ search, model: { review: false, summarise: false } }));
    await eventsOf(engine, id);
    const later = (await candidatesOf(engine, id)).filter(({ generation }) => generation === 1);
    expect(later.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'evaluated'));
    expect(later.map(({ operator }) => operator)).not.toContain('tune');
    expect(later.filter(({ operator }) => operator === 'refine').length).toBeGreaterThanOrEqual(2);
  });

  test('counts a brief as pulled by fresh starts alone', async () => {
    world.answer = soundModel();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 3, population: 3 }, model: { review: false, summarise: false } }),
    );
    await eventsOf(engine, id);
    const briefPulls = (await endOf(engine, id)).arms.flatMap(({ kind, pulls }) => (kind === 'brief' ? [pulls] : []));
    // What the last generation was planned from.
    const earlier = (await candidatesOf(engine, id)).filter(({ generation }) => generation < 2);
    const fresh = earlier.filter(({ operator }) => operator === 'initial').length;
    expect(fresh).toBeLessThan(earlier.length);
    expect(briefPulls.reduce((sum, pulls) => sum + pulls, 0)).toBe(fresh);
  });

  test('begins with the reward that a person gave, as it is, and tells the designer whose it is', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const startReward = 'export function reward({ next }) {\n  return { ownIdea: Math.cos(next.poleAngle) };\n}\n';
    const { id } = await submit(engine, modelTask({ search: { population: 2 }, model: { startReward } }));
    const events = await eventsOf(engine, id);
    const [first, ...others] = await candidatesOf(engine, id);
    expect(first).toMatchObject({
      generation: 0,
      index: 0,
      operator: 'given',
      status: 'evaluated',
      source: startReward,
      design: null,
    });
    expect(others.map(({ generation }) => generation)).toEqual([0, 1, 1]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'candidate.accepted', operator: 'given' }));
    const initial = seen.requests.map(textOf).find((text) => text.includes('Write a reward for the task.'));
    expect(initial).toContain('A person wrote this reward for the task.');
    expect(initial).toContain('ownIdea');
    const later = seen.requests.map(textOf).filter((text) => text.includes('used to train a policy'));
    expect(later.some((text) => text.includes('It is the reward that the person gave to start from.'))).toBe(true);
  });

  test('keeps a given reward that the language does not take as refused, and designs on', async () => {
    world.answer = soundModel();
    const { id } = await submit(
      engine,
      modelTask({
        search: { generations: 1, population: 1 },
        model: { review: false, startReward: 'def compute_reward(self):\n    return self.height' },
      }),
    );
    await eventsOf(engine, id);
    expect((await candidatesOf(engine, id)).map(({ operator, status }) => [operator, status])).toEqual([
      ['given', 'refused'],
      ['initial', 'evaluated'],
    ]);
  });

  test('lets every model of a role take its share of the calls, the same ones for the same seed', async () => {
    const models = ['critic', 'analyzer'].map((role) => [role, { models: [{ model: 'small' }, { model: 'weak' }] }]);
    const run = async () => {
      world.answer = soundModel();
      const seen = world.since();
      const { id } = await submit(
        engine,
        modelTask({ search: { generations: 3, population: 3 }, model: Object.fromEntries(models) }),
      );
      await eventsOf(engine, id);
      const asked = (what: string) =>
        seen.requests
          .filter((request) => askedFor(request) === what)
          .map(({ model }) => model)
          .toSorted();
      return { review: asked('review'), summary: asked('summary') };
    };
    const first = await run();
    expect(new Set(first.review)).toEqual(new Set(['small', 'weak']));
    expect(await run()).toEqual(first);
  });
});
