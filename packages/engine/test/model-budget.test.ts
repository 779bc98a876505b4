import { TaskSubmission } from '@rewardsmith/contracts';
import { briefs } from '@rewardsmith/designer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSubmission, type Engine } from '../src/index.ts';
import { askedFor, designText, eventsUntil, modelTask, soundModel, soundReward, textOf } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld } from './support/model-world.ts';
import { caller, eventsOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

describe('the budget', () => {
  test('of tokens ends the search before it is passed, and says so', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const { id, forecast } = await submit(
      engine,
      modelTask({ search: { generations: 20, population: 2 }, budget: { modelTokens: 30_000 } }),
    );
    expect(forecast?.proposals).toBeGreaterThan(0);
    await eventsOf(engine, id);
    const ended = await endOf(engine, id);
    expect(ended.stopReason).toBe('budget-model-tokens');
    expect(ended.spending.modelTokens).toBeLessThanOrEqual(30_000);
    const { promptTokens, completionTokens } = seen.account.answered;
    expect(ended.spending.modelTokens).toBe(promptTokens + completionTokens);
  });

  test('of candidates is kept, with repairs and curricula', async () => {
    const refused = 'export function reward({ next }) {\n  return { upright: next.nothing };\n}\n';
    world.answer = soundModel({ design: () => ({ kind: 'text', text: designText(refused) }) });
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 3, population: 2 }, model: { review: false }, budget: { candidates: 3 } }),
    );
    await eventsOf(engine, id);
    expect(await candidatesOf(engine, id)).toHaveLength(3);
  });

  test('of environment steps is kept when every answer is a curriculum', async () => {
    world.answer = soundModel({
      design: (_, count) => {
        const programs = [1, 2, 3].map((stage) => soundReward(3 * count + stage));
        return { kind: 'text', text: JSON.stringify({ thought: 'In stages.', programs }) };
      },
    });
    const submission = modelTask({ search: { generations: 1, population: briefs.length }, model: { review: false } });
    const { seeds = 1, environmentSteps = 0 } = submission.evaluator.training;
    const trainings = briefs.length * seeds;
    const { id } = await submit(engine, {
      ...submission,
      budget: { ...submission.budget, environmentSteps: trainings * environmentSteps },
    });
    await eventsOf(engine, id);
    expect(await candidatesOf(engine, id)).toHaveLength(briefs.length);
  });

  test('of environment steps is kept where programs of a curriculum stand beside tuned ones', async () => {
    world.answer = soundModel({
      // By the question, since slots that are asked at once come in any order.
      design: (request) => {
        const programs = [1, 2, 3].map((stage) => soundReward(textOf(request).length / 1000 + stage));
        return { kind: 'text', text: JSON.stringify({ thought: 'In stages.', programs }) };
      },
    });
    // A seed that draws the curriculum in the second generation alone.
    const search = { population: 4, tuner: 0.5, seed: 5 };
    const model = { review: false, summarise: false, bandit: false };
    const before = await submit(engine, modelTask({ search: { ...search, generations: 1 }, model }));
    await eventsOf(engine, before.id);
    // Trainings may pass their length; those of the same generation do so by as much.
    const spent = (await candidatesOf(engine, before.id)).flatMap(({ runs }) => runs);
    const first = spent.reduce((sum, run) => sum + run.environmentSteps, 0);
    const { seeds = 1, environmentSteps = 0 } = before.submission.evaluator.training;
    const budget = { environmentSteps: first + 4 * seeds * environmentSteps };
    const { id } = await submit(engine, modelTask({ search: { ...search, generations: 2 }, model, budget }));
    await eventsOf(engine, id);
    const later = (await candidatesOf(engine, id)).filter(({ generation }) => generation === 1);
    expect(later.map(({ design }) => design?.brief)).toContain('curriculum');
    expect(later.filter(({ operator }) => operator === 'tune')).toHaveLength(2);
    expect(later).toHaveLength(4);
  });

  test('of calls is kept to the call', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 20, population: 2 }, budget: { modelCalls: 7 } }),
    );
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ stopReason: 'budget-model-calls', spending: { modelCalls: 7 } });
    expect(seen.account.requests).toBe(7);
  });

  test('of calls is not passed by calls that are tried again at the same time', async () => {
    const sound = soundModel();
    world.answer = (request) => {
      const failed = { kind: 'status', status: 500 } as const;
      return askedFor(request) === 'design' ? failed : sound(request);
    };
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 3 }, budget: { modelCalls: 5 } }),
    );
    await eventsUntil(engine, id, 'task.paused');
    expect(seen.account.requests).toBeLessThanOrEqual(5);
    expect((await endOf(engine, id)).spending.modelCalls).toBe(seen.account.requests);
    await engine.tasks.cancel(caller, id);
  });

  test('of a tenant holds over its tasks together', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const strict = await world.open({ REWARDSMITH_TENANT_TOKENS: '30000' });
    try {
      const tasks = [];
      for (const seed of [1, 2]) {
        tasks.push(await submit(strict, modelTask({ search: { generations: 20, population: 2, seed } })));
      }
      await Promise.all(tasks.map(({ id }) => eventsOf(strict, id)));
      const ended = await Promise.all(tasks.map(({ id }) => endOf(strict, id)));
      expect(ended.map(({ stopReason }) => stopReason)).toEqual(['budget-tenant', 'budget-tenant']);
      const { promptTokens, completionTokens } = seen.account.answered;
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(30_000);
    } finally {
      await strict.close();
    }
  });

  test('of one call, or what is left of a tenant, that no call fits is forecast as no proposal', async () => {
    world.answer = soundModel();
    const seen = world.since();
    const tight = await world.open({ REWARDSMITH_CALL_TOKENS: '1000' });
    const spent = await world.open({ REWARDSMITH_TENANT_TOKENS: '30000' });
    try {
      const barred = await submit(tight, modelTask());
      expect(barred.forecast).toMatchObject({ proposals: 0 });
      await eventsOf(tight, barred.id);
      expect(await endOf(tight, barred.id)).toMatchObject({
        stopReason: 'budget-call',
        modelCost: { promptTokens: 0 },
      });
      expect(seen.account.requests).toBe(0);
      const first = await submit(spent, modelTask({ search: { generations: 20, population: 2 } }));
      expect(first.forecast?.proposals).toBeGreaterThan(0);
      await eventsOf(spent, first.id);
      const second = await submit(spent, modelTask({ search: { seed: 8 } }));
      // What the first has left may be good for a last call; it is not the whole day's cap any more.
      expect(second.forecast?.proposals).toBeLessThanOrEqual(1);
      expect(second.forecast?.proposals).toBeLessThan(first.forecast?.proposals ?? 0);
    } finally {
      await tight.close();
      await spent.close();
    }
  });

  test('is refused where it cannot be kept, and models where they are not allowed', async () => {
    const terms = { models: [{ model: 'small', weight: 1 }], maxTokens: 100 };
    const operator = {
      roles: { designer: terms, critic: terms, analyzer: terms },
      prices: {},
      caps: { call: {}, task: {}, tenant: {} },
    };
    const wish = TaskSubmission.parse({
      environment: 'cartpole',
      search: { designer: 'model' },
      budget: { modelMoney: 1 },
      model: { critic: { models: [{ model: 'large' }] } },
    });
    const codes = async (known: typeof operator | undefined) =>
      (await checkSubmission(wish, known, engine.sandbox.compiler({ tenant: 'local' }))).map(({ code }) => code);
    expect(await codes(operator)).toEqual(['model-not-allowed', 'model-without-price']);
    expect(await codes(undefined)).toEqual(['no-model-endpoint']);
  });
});
