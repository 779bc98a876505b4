import { briefs } from '@rewardsmith/designer';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../src/index.ts';
import { askedFor, designText, modelTask, soundModel, soundReward, textOf } from './support/model-task.ts';
import { candidatesOf, endOf, ModelWorld } from './support/model-world.ts';
import { eventsOf, submit } from './support/small-task.ts';

// Whole searches, beside whatever else the machine does.
vi.setConfig({ testTimeout: 600_000 });

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

  test('lets a review refuse with evidence, but not on the last repair', async () => {
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

  test('lets a program stand that comes back unchanged after its review, without a second one', async () => {
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

  test('tells whoever varies a program what its review has warned of', async () => {
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

  test('sends back every refused program of a curriculum, each with its findings, and keeps the others', async () => {
    const wrong = (field: string) =>
      `export function reward({ next }) {\n  return { upright: Math.cos(next.${field}) };\n}\n`;
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

  test('sends back once more what a repair of several programs left out', async () => {
    const wrong = (field: string) =>
      `export function reward({ next }) {\n  return { upright: Math.cos(next.${field}) };\n}\n`;
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

  test('takes several programs of one answer where a curriculum is asked for, and one elsewhere', async () => {
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
});
