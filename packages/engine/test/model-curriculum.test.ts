import { briefs } from '@rewardsmith/designer';
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

/** A program that reads a field which cart-pole does not have. */
const wrong = (field: string) =>
  `export function reward({ next }) {\n  return { upright: Math.cos(next.${field}) };\n}\n`;

describe('a curriculum', () => {
  test('is several programs of one answer where one is asked for; elsewhere one program is taken', async () => {
    world.answer = soundModel({
      design: (_, count) => {
        const programs = [soundReward(2 * count), soundReward(2 * count + 1)];
        return { kind: 'text', text: JSON.stringify({ thought: 'In stages.', programs }) };
      },
    });
    const seen = world.since();
    // As many slots as there are briefs: each brief is drawn once.
    const { id } = await submit(engine, modelTask({ search: { generations: 1, population: briefs.length } }));
    await eventsOf(engine, id);
    const candidates = await candidatesOf(engine, id);
    const stages = candidates.map(({ design }) => [design?.brief, design?.stage]);
    expect(stages.filter(([brief]) => brief === 'curriculum')).toEqual([
      ['curriculum', 0],
      ['curriculum', 1],
    ]);
    expect(candidates).toHaveLength(briefs.length + 1);
    // What an answer held beside what was asked for is noted.
    const extra = candidates.filter(({ critique }) => critique.some(({ code }) => code === 'extra-programs'));
    expect(extra).toHaveLength(briefs.length - 1);
    // One answer is paid for once; the second program costs its review alone.
    const spent = candidates.reduce((sum, { design }) => sum + (design?.cost.promptTokens ?? 0), 0);
    expect(spent).toBe(seen.account.answered.promptTokens);
  });

  test('has every refused program sent back, each with its findings, and keeps the others', async () => {
    let answers = 0;
    const own = soundModel({
      design: (_, count) => ({ kind: 'text', text: designText(soundReward(10 + count)) }),
      repair: () => {
        answers += 1;
        const programs = answers === 1 ? [wrong('poleAngel'), soundReward(7)] : [soundReward(8)];
        return { kind: 'text', text: JSON.stringify({ thought: 'Put right.', programs }) };
      },
    });
    world.answer = (request) =>
      textOf(request).includes('Give two or three programs')
        ? {
            kind: 'text',
            text: JSON.stringify({
              thought: 'In stages.',
              programs: [wrong('poleAngel'), soundReward(6), wrong('polSpeed')],
            }),
          }
        : own(request);
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: briefs.length }, model: { review: false } }),
    );
    await eventsOf(engine, id);
    const told = seen.requests.filter((request) => askedFor(request) === 'repair').map(textOf);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/Program 1 of 3:.*poleAngel.*\(line 2.*Program 3 of 3:.*polSpeed.*\(line 2/s);
    expect(told[0]).toContain('The other programs of that answer are kept');
    const stages = (await candidatesOf(engine, id)).filter(({ design }) => design?.brief === 'curriculum');
    expect(stages.map(({ status, design }) => [design?.attempt, design?.stage, status])).toEqual([
      [0, 0, 'refused'],
      [0, 1, 'evaluated'],
      [0, 2, 'refused'],
      // The first came back as it was, and is not sent back once more.
      [1, 0, 'refused'],
      [1, 2, 'evaluated'],
    ]);
  });

  test('has sent back once more what a repair of several programs left out', async () => {
    const own = soundModel({
      design: (_, count) => ({ kind: 'text', text: designText(soundReward(10 + count)) }),
      // As many as the model likes: one of the two, and then the other.
      repair: (_, count) => ({ kind: 'text', text: designText(soundReward(6 + count), 'Put right.') }),
    });
    world.answer = (request) =>
      textOf(request).includes('Give two or three programs')
        ? {
            kind: 'text',
            text: JSON.stringify({ thought: 'In stages.', programs: [wrong('poleAngel'), wrong('polSpeed')] }),
          }
        : own(request);
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({
        search: { generations: 1, population: briefs.length },
        model: { review: false, repairs: 3 },
      }),
    );
    await eventsOf(engine, id);
    const [, second = '', ...others] = seen.requests.filter((request) => askedFor(request) === 'repair').map(textOf);
    expect(others).toEqual([]);
    expect(second).toMatch(/Program 1 of 2:.*poleAngel.*not-given-again.*\(line 2/s);
    expect(second).not.toContain('polSpeed');
    const stages = (await candidatesOf(engine, id)).filter(({ design }) => design?.brief === 'curriculum');
    expect(stages.map(({ status, design }) => [design?.attempt, design?.stage, status])).toEqual([
      [0, 0, 'refused'],
      [0, 1, 'refused'],
      [1, 1, 'evaluated'],
      [2, 0, 'evaluated'],
    ]);
  });
});
