import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/index.ts';
import { askedFor, designText, modelTask, soundModel, soundReward, textOf } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld } from './support/model-world.ts';
import { eventsOf, submit } from './support/small-task.ts';

const world = new ModelWorld();
let engine: Engine;
beforeAll(async () => {
  engine = await world.start();
});
afterAll(() => world.end());

describe('an answer that cannot be used', () => {
  test('sends every refusal back with its findings, and keeps every attempt', async () => {
    const wrong = 'export function reward({ next }) {\n  return { upright: Math.cos(next.poleAngel) };\n}\n';
    world.answer = soundModel({ design: () => ({ kind: 'text', text: designText(wrong) }) });
    const seen = world.since();
    const { id } = await submit(engine, modelTask({ search: { generations: 1, population: 1 } }));
    await eventsOf(engine, id);
    const [first, second] = await candidatesOf(engine, id);
    expect(first).toMatchObject({ status: 'refused', refusedBy: 'language', source: wrong, design: { attempt: 0 } });
    expect(second).toMatchObject({ status: 'evaluated', thought: 'Repaired.', design: { attempt: 1, slot: 0 } });
    const repair = seen.requests.find((request) => askedFor(request) === 'repair');
    const finding = first?.critique.find(({ severity }) => severity === 'error');
    expect(repair === undefined ? '' : textOf(repair)).toContain(`error ${finding?.code} (line 2`);
  });

  test('asks the same question again, with the fault beside it, where an answer held no program', async () => {
    const sound = soundModel();
    let varied = 0;
    world.answer = (request) => {
      if (!textOf(request).includes('used to train a policy') || askedFor(request) === 'summary') return sound(request);
      varied += 1;
      if (varied === 1) return { kind: 'text', text: '{"thought": "It waits, so', finishReason: 'length' };
      if (varied === 2) return { kind: 'text', text: '{"thought": "It waits", "programs": ["export' };
      return { kind: 'text', text: designText(soundReward(9), 'At last.') };
    };
    const seen = world.since();
    const { id } = await submit(engine, modelTask({ search: { generations: 2, population: 1 } }));
    await eventsOf(engine, id);
    const asked = seen.requests.map(textOf).filter((text) => text.includes('used to train a policy'));
    const designs = asked.filter((text) => !text.startsWith('You explain'));
    expect(designs).toHaveLength(3);
    const [first = '', second = '', third = ''] = designs.map((text) => text.split('Answer with one JSON')[0]);
    // The whole question stands in each: the parent, its evidence, and what was wrong with the last answer.
    expect(second.startsWith(first.trimEnd())).toBe(true);
    expect(second).toContain('model-cut-off: The answer was cut off at its token limit.');
    expect(third).toContain('the JSON cannot be read');
    const candidates = await candidatesOf(engine, id);
    expect(candidates.map(({ design }) => design?.attempt)).toEqual([0, 0, 1, 2]);
    const [, ...tries] = candidates.map(({ operator, design }) => `${operator} ${design?.prompt.purpose}`);
    expect(new Set(tries).size).toBe(1);
  });

  test('asks for another program where the answer held one that the task has tried', async () => {
    world.answer = soundModel({
      design: () => ({ kind: 'text', text: designText(soundReward(3)) }),
      repair: () => ({ kind: 'text', text: designText(soundReward(4)) }),
    });
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 2 }, model: { review: false } }),
    );
    await eventsOf(engine, id);
    expect((await candidatesOf(engine, id)).map(({ status, refusedBy }) => [status, refusedBy])).toEqual([
      ['evaluated', null],
      ['refused', 'duplicates'],
      ['evaluated', null],
    ]);
    const again = seen.requests.find((request) => askedFor(request) === 'repair');
    expect(again === undefined ? '' : textOf(again)).toContain('Write a reward for the task.');
    expect(again === undefined ? '' : textOf(again)).toContain('weight: 3');
  });

  test('does not ask once more when the same refused program comes back, and says what became of it before', async () => {
    world.answer = soundModel({
      design: () => ({ kind: 'text', text: designText(soundReward(3)) }),
      repair: () => ({ kind: 'text', text: designText(soundReward(3)) }),
    });
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 2, population: 1 }, model: { review: false } }),
    );
    await eventsOf(engine, id);
    const [first, ...others] = await candidatesOf(engine, id);
    expect(others.map(({ refusedBy, design }) => [refusedBy, design?.attempt])).toEqual([
      ['duplicates', 0],
      ['duplicates', 1],
    ]);
    const fitness = Number(first?.fitness?.mean.toPrecision(4));
    expect(others[0]?.critique[0]?.message).toContain(`(generation 1, fitness ${fitness})`);
  });

  test('gives up on a slot after its repairs, and the next generation learns from it', async () => {
    let tries = 0;
    const hostileAnswer = () => {
      tries += 1;
      const hostile = `export function reward() { while (true) {} process.exit(${tries}); }`;
      return { kind: 'text' as const, text: designText(hostile, 'Nobody will notice.\u0000\ud800') };
    };
    world.answer = soundModel({ design: hostileAnswer, repair: hostileAnswer });
    const seen = world.since();
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 2, population: 1 }, model: { repairs: 2, review: false } }),
    );
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ status: 'failed', stopReason: 'no-candidate' });
    expect((await candidatesOf(engine, id)).map(({ design, status }) => [design?.attempt, status])).toEqual([
      [0, 'refused'],
      [1, 'refused'],
      [2, 'refused'],
      [0, 'refused'],
      [1, 'refused'],
      [2, 'refused'],
    ]);
    const designs = seen.requests.filter((request) => askedFor(request) === 'design').map(textOf);
    expect(designs[1]).toContain('What has been tried so far');
    expect(designs[1]).toContain('Nobody will notice.');
  });

  test('keeps answers of no use as refusals with a name', async () => {
    world.answer = soundModel({
      design: () => ({ kind: 'refusal', text: 'I would rather not.' }),
      repair: (_, count) =>
        count === 1 ? { kind: 'text', text: '{"thought":"x","programs":[]}' } : { kind: 'text', text: 'nonsense' },
    });
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 1 }, model: { repairs: 2, review: false } }),
    );
    await eventsOf(engine, id);
    expect((await candidatesOf(engine, id)).map(({ critique, refusedBy }) => [refusedBy, critique[0]?.code])).toEqual([
      ['answer', 'model-refused'],
      ['answer', 'model-no-program'],
      ['answer', 'model-malformed'],
    ]);
  });

  test('takes a weak model that knows neither schemas nor how to stop talking', async () => {
    const fenced = (source: string) => `Sure!\n\nThought: Upright.\n\n\`\`\`javascript\n${source}\`\`\`\n`;
    let count = 0;
    world.answer = (request) => {
      for (const param of ['response_format', 'max_completion_tokens', 'temperature']) {
        if (param in request) return { kind: 'status', status: 400, message: `Unsupported parameter: ${param}` };
      }
      count += 1;
      if (askedFor(request) === 'design') return { kind: 'text', text: fenced(soundReward(count)) };
      return { kind: 'text', text: 'I think it is fine.' };
    };
    const roles = Object.fromEntries(
      ['designer', 'critic', 'analyzer'].map((role) => [role, { models: [{ model: 'weak' }] }]),
    );
    const { id } = await submit(engine, modelTask({ model: roles }));
    await eventsOf(engine, id);
    expect(await endOf(engine, id)).toMatchObject({ status: 'completed' });
    const candidates = await candidatesOf(engine, id);
    expect(candidates.every(({ status }) => status === 'evaluated')).toBe(true);
    // Its reviews have no form; none of them passes for a clean one.
    for (const { critique } of candidates) expect(critique.map(({ code }) => code)).toContain('review-unusable');
  });

  test('takes a program in Python where it can be translated, and sends one back where it cannot', async () => {
    const python = (body: string) => `import numpy as np\n\ndef compute_reward(obs, action, next_obs):\n${body}`;
    const upright = '    upright = np.cos(next_obs["poleAngle"])\n    return upright, {"upright": upright}\n';
    world.answer = soundModel({
      design: () => ({
        kind: 'text',
        text: `Pay the angle.\n\n\`\`\`python\n${python('    return next_obs[2]')}\n\`\`\`\n`,
      }),
      repair: () => ({ kind: 'text', text: designText(python(upright)) }),
    });
    const { id } = await submit(
      engine,
      modelTask({ search: { generations: 1, population: 1 }, model: { review: false } }),
    );
    await eventsOf(engine, id);
    const [first, second] = await candidatesOf(engine, id);
    expect(first).toMatchObject({ status: 'refused', refusedBy: 'language', source: expect.stringContaining('def ') });
    expect(first?.critique).toMatchObject([{ code: 'untranslated-python', line: 4 }]);
    expect(first?.critique[0]?.advice).toContain('next["poleAngle"]');
    expect(second).toMatchObject({ status: 'evaluated', components: ['upright'] });
    expect(second?.source).toContain('const upright = Math.cos(next.poleAngle);');
    expect(second?.critique.map(({ code }) => code)).toContain('translated-from-python');
  });
});
