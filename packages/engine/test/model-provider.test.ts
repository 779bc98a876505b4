import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { askedFor, eventsUntil, modelSource, modelTask, soundModel, textOf } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld, reported, variables } from './support/model-world.ts';
import { caller, eventsOf, openWorking, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

describe('a provider that fails', () => {
  test('pauses the task with a reason; resumed, it goes on and pays nothing twice', async () => {
    const sound = soundModel();
    world.answer = (request) => (askedFor(request) === 'review' ? { kind: 'status', status: 401 } : sound(request));
    const seen = world.since();
    const { id } = await submit(engine, modelTask());
    await eventsUntil(engine, id, 'task.paused');
    const paused = await endOf(engine, id);
    expect(paused).toMatchObject({ status: 'paused', pause: { reason: 'unauthorised' }, finishedAt: null });
    const before = seen.account;
    expect(before.answered.requests).toBe(2);
    world.answer = sound;
    await engine.tasks.resume(caller, id);
    await eventsOf(engine, id);
    const ended = await endOf(engine, id);
    expect(ended).toMatchObject({ status: 'completed', pause: null });
    expect(reported(ended.modelCost)).toEqual(reported({ ...ended.modelCost, ...seen.account.answered }));
    const designs = seen.requests.filter((request) => askedFor(request) === 'design').map(textOf);
    expect(new Set(designs).size).toBe(designs.length);
  });

  test('for a model that does not exist goes on with the one that the operator sets then', async () => {
    const sound = soundModel();
    const gone = { kind: 'status', status: 404, code: 'model_not_found' } as const;
    world.answer = (request) => (request.model === 'mistyped' ? gone : sound(request));
    const dataDirectory = world.directory();
    const wrong = await openWorking({
      dataDirectory,
      models: modelSource(world.server.url, {
        ...variables,
        REWARDSMITH_MODEL: 'mistyped',
        REWARDSMITH_MODEL_PRICES: '',
      }),
    });
    const { id } = await submit(wrong, modelTask({ search: { generations: 1, population: 1 } }));
    await eventsUntil(wrong, id, 'task.paused');
    expect((await endOf(wrong, id)).pause).toMatchObject({ reason: 'model-not-found' });
    await wrong.close();
    const right = await openWorking({ dataDirectory, models: modelSource(world.server.url, variables) });
    try {
      await right.tasks.resume(caller, id);
      const events = await eventsOf(right, id);
      expect(await endOf(right, id)).toMatchObject({ status: 'completed' });
      expect(events).toContainEqual(expect.objectContaining({ type: 'task.resumed', models: ['small', 'weak'] }));
      expect((await candidatesOf(right, id)).map(({ design }) => design?.model)).toEqual(['small']);
    } finally {
      await right.close();
    }
  });

  test('is not asked any more once the task is paused, and the task goes on from there', async () => {
    const sound = soundModel();
    const underWay = Promise.withResolvers<void>();
    world.answer = (request) => {
      underWay.resolve();
      const reply = sound(request);
      return reply.kind === 'text' ? { ...reply, delayMilliseconds: 1_500 } : reply;
    };
    const seen = world.since();
    const { id } = await submit(engine, modelTask({ search: { generations: 1, population: 2 } }));
    await underWay.promise;
    await engine.tasks.pause(caller, id);
    // Both designs were under way and are paid for; their reviews are not asked for.
    const answered = async () => (await endOf(engine, id)).spending.modelCalls;
    await vi.waitFor(async () => expect(await answered()).toBe(2), { timeout: 60_000 });
    world.answer = sound;
    // Another task is taken to its end in the meantime.
    const other = await submit(engine, modelTask({ description: 'the other pole', search: { generations: 1 } }));
    await eventsOf(engine, other.id);
    const asked = () => seen.requests.filter((request) => !textOf(request).includes('the other pole')).map(askedFor);
    expect(asked()).toEqual(['design', 'design']);
    await engine.tasks.resume(caller, id);
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ status: 'completed' });
    expect(asked().toSorted()).toEqual(['design', 'design', 'review', 'review']);
  });

  test('keeps what waits for its turn when the task is paused, and asks it when it goes on', async () => {
    const single = await world.open({ REWARDSMITH_MODEL_CONCURRENCY: '1' });
    try {
      const sound = soundModel();
      const underWay = Promise.withResolvers<void>();
      world.answer = (request) => {
        underWay.resolve();
        const reply = sound(request);
        return reply.kind === 'text' ? { ...reply, delayMilliseconds: 1_000 } : reply;
      };
      const seen = world.since();
      const { id } = await submit(single, modelTask({ search: { generations: 1, population: 3 } }));
      await underWay.promise;
      await single.tasks.pause(caller, id);
      const answered = async () => (await endOf(single, id)).spending.modelCalls;
      await vi.waitFor(async () => expect(await answered()).toBe(1), { timeout: 60_000 });
      world.answer = sound;
      await single.tasks.resume(caller, id);
      await eventsOf(single, id);
      const ended = await endOf(single, id);
      expect(ended).toMatchObject({ status: 'completed', modelCost: { unreportedTokens: 0 } });
      expect(ended.spending.modelCalls).toBe(seen.account.requests);
      expect((await candidatesOf(single, id)).map(({ status }) => status)).toEqual(Array(3).fill('evaluated'));
    } finally {
      await single.close();
    }
  });

  test('says when it goes on by itself where the provider has asked to be left alone, and for how long', async () => {
    const sound = soundModel();
    const before = Date.now();
    world.answer = (request) =>
      askedFor(request) === 'design' ? { kind: 'status', status: 429, retryAfter: '3600' } : sound(request);
    const { id } = await submit(engine, modelTask({ search: { generations: 1, population: 1 } }));
    await eventsUntil(engine, id, 'task.paused');
    const { pause } = await endOf(engine, id);
    expect(pause?.reason).toBe('rate-limited');
    expect(Date.parse(pause?.resumesAt ?? '')).toBeGreaterThanOrEqual(before + 3_600_000);
    await engine.tasks.cancel(caller, id);
  });

  test('is not asked again by itself once somebody has paused the task that waits for it', async () => {
    const sound = soundModel();
    world.answer = (request) =>
      askedFor(request) === 'design' ? { kind: 'status', status: 429, retryAfter: '3600' } : sound(request);
    const { id } = await submit(engine, modelTask({ search: { generations: 1, population: 1 } }));
    await eventsUntil(engine, id, 'task.paused');
    await vi.waitFor(async () => expect((await endOf(engine, id)).pause?.resumesAt).not.toBeNull());
    const asked = await engine.tasks.pause(caller, id);
    expect(asked).toMatchObject({ status: 'paused', pause: { reason: 'requested', from: 'running', resumesAt: null } });
    world.answer = sound;
    await engine.tasks.resume(caller, id);
    const events = await eventsOf(engine, id);
    expect(events.flatMap((event) => (event.type === 'task.paused' ? [event.pause.reason] : []))).toEqual([
      'rate-limited',
      'requested',
    ]);
    expect(await endOf(engine, id)).toMatchObject({ status: 'completed', pause: null });
  });

  test('goes on by itself after a fault that passes, and waits for somebody after one that does not', async ({
    onTestFinished,
  }) => {
    const usual = { ...limits };
    onTestFinished(() => void Object.assign(limits, usual));
    Object.assign(limits, { resumeMilliseconds: 100, sweepMilliseconds: 200 });
    const eager = await world.open();
    try {
      const sound = soundModel();
      let failures = 0;
      world.answer = (request) => {
        failures += 1;
        return failures <= 4 ? { kind: 'status', status: 503 } : sound(request);
      };
      const { id } = await submit(eager, modelTask({ search: { generations: 1, population: 1 } }));
      const events = await eventsOf(eager, id);
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['task.paused', 'task.resumed']));
      expect(await endOf(eager, id)).toMatchObject({ status: 'completed', pause: null });
      world.answer = () => ({ kind: 'status', status: 401 });
      const other = await submit(eager, modelTask({ search: { generations: 1, population: 1 } }));
      await eventsUntil(eager, other.id, 'task.paused');
      expect((await endOf(eager, other.id)).pause).toMatchObject({ reason: 'unauthorised', resumesAt: null });
    } finally {
      await eager.close();
    }
  });

  test('is waited for again as often as before once a call was answered, or somebody resumed the task', async ({
    onTestFinished,
  }) => {
    const usual = { ...limits };
    onTestFinished(() => void Object.assign(limits, usual));
    Object.assign(limits, { resumeMilliseconds: 100, sweepMilliseconds: 200, resumptions: 1 });
    const eager = await world.open();
    try {
      const sound = soundModel();
      const failed = { design: 0, repair: 0, review: 0, summary: 0 };
      // Both the design and its review fail in all the tries of one call.
      world.answer = (request) => {
        const asked = askedFor(request);
        failed[asked] += 1;
        return failed[asked] <= 4 ? { kind: 'status', status: 503 } : sound(request);
      };
      const { id } = await submit(eager, modelTask({ search: { generations: 1, population: 1 } }));
      const pauses = (await eventsOf(eager, id)).filter(({ type }) => type === 'task.paused');
      expect(pauses).toHaveLength(2);
      expect(await endOf(eager, id)).toMatchObject({ status: 'completed', pause: null });

      world.answer = () => ({ kind: 'status', status: 429, retryAfter: '3600' });
      const other = await submit(eager, modelTask({ search: { generations: 1, population: 1 } }));
      for (let time = 0; time < 3; time += 1) {
        await vi.waitFor(async () => expect((await endOf(eager, other.id)).status).toBe('paused'), { timeout: 60_000 });
        expect((await endOf(eager, other.id)).pause?.resumesAt).not.toBeNull();
        await eager.tasks.resume(caller, other.id);
      }
      await eager.tasks.cancel(caller, other.id);
    } finally {
      await eager.close();
    }
  });

  test('that finds a prompt too long is asked with less in it, and the task goes on', async () => {
    const sound = soundModel();
    world.answer = (request) => {
      const text = textOf(request);
      const rows = text.match(/^\| \d+ \|/gm)?.length ?? 0;
      const long = rows > 12 || text.includes('SOURCE OF THE WORLD');
      return long ? { kind: 'status', status: 400, code: 'context_length_exceeded' } : sound(request);
    };
    const environmentSource = `# SOURCE OF THE WORLD\n${'x = 1\n'.repeat(100)}`;
    const seen = world.since();
    const { id } = await submit(engine, modelTask({ model: { environmentSource } }));
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ status: 'completed' });
    const candidates = await candidatesOf(engine, id);
    expect(candidates.every(({ status }) => status === 'evaluated')).toBe(true);
    expect(candidates.some(({ explanation }) => explanation !== null)).toBe(true);
    expect((await endOf(engine, id)).spending.modelCalls).toBe(seen.account.requests);
  });

  test('can be asked to wait', async () => {
    world.answer = soundModel();
    const { id } = await submit(engine, modelTask());
    const paused = await engine.tasks.pause(caller, id);
    expect(paused).toMatchObject({ status: 'paused', pause: { reason: 'requested' } });
    await engine.tasks.resume(caller, id);
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ status: 'completed' });
  });
});
