import type { BehaviourInput } from '@rewardsmith/model-server';
import { describe, expect, it } from 'vitest';
import { json } from './support/answers.ts';
import { asking, good } from './support/asking.ts';

describe('an error of another form', () => {
  it.each<[string, BehaviourInput, string]>([
    [
      'with its message at the top',
      json({ object: 'error', message: 'The model is gone.' }, 404),
      'The model is gone.',
    ],
    ['with a detail', json({ detail: 'Not Found' }, 404), 'Not Found'],
    ['as a text', json({ error: 'model not found, try pulling it first' }, 404), 'try pulling it first'],
    ['as a page', { kind: 'other-body', body: '<h1>404</h1>', status: 404 }, '<h1>404</h1>'],
  ])('says what it says: %s', async (_, behaviour, told) => {
    const open = await asking({ script: () => behaviour });
    expect((await open.ask()).outcome).toMatchObject({
      reason: 'model-not-found',
      message: expect.stringContaining(told),
    });
  });

  it('is one of the server where it is longer than is read', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024);
    const open = await asking({ script: () => ({ kind: 'other-body', body, status: 500 }) });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'server-error' });
  });
});

const choice = { finish_reason: 'stop', message: { content: good } };

describe('an answer in another shape', () => {
  it('is read in parts, without its thinking', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: '{"verdict":' },
      { text: '"good"}' },
    ];
    const open = await asking({ script: () => json({ choices: [{ finish_reason: 'stop', message: { content } }] }) });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
  });

  it('is its first choice, whatever else it holds, and no part of it is passed over that is none', async () => {
    const open = await asking({ script: () => json({ choices: [choice, ...Array(200_000).fill(1)] }) });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    const content = [{ type: 'text', text: good }, 1];
    const strange = await asking({ script: () => json({ choices: [{ message: { content } }] }) });
    expect((await strange.ask()).outcome).toMatchObject({ reason: 'not-a-completion' });
  });

  it('is read where it does not say that it is JSON', async () => {
    const body = JSON.stringify({ choices: [choice] });
    const open = await asking({ script: () => ({ kind: 'other-body', body, contentType: 'text/plain' }) });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
  });

  it.each<[string, unknown]>([
    ['absent', undefined],
    ['half', { prompt_tokens: 10 }],
    ['negative', { prompt_tokens: -5, completion_tokens: 10 }],
    ['not whole', { prompt_tokens: 10.5, completion_tokens: 10 }],
    ['beyond belief', { prompt_tokens: 10, completion_tokens: 1e18 }],
    ['text', { prompt_tokens: '10', completion_tokens: '10' }],
  ])('has no usage where what it says of it is %s, and is charged at its worst case', async (_, usage) => {
    const open = await asking({ script: () => json({ choices: [choice], usage }) });
    expect(await open.ask()).toMatchObject({ value: { verdict: 'good' }, tries: [{ usage: null, unreported: true }] });
  });

  it.each<[string, object, object]>([
    [
      'ends with an error',
      { choices: [{ finish_reason: 'error', message: { content: 'The reward' } }] },
      { outcome: 'not-a-completion' },
    ],
    ['is an error alone', { error: { code: 'upstream', message: 'it is gone' } }, { outcome: 'not-a-completion' }],
    ['is an error of a status', { error: { code: 502, message: 'it is gone' } }, { outcome: 'server-error' }],
    ['was kept back', { error: { code: 400, message: 'content_filter' } }, { outcome: 'filtered' }],
  ])('is charged at the usage that it reports where it %s', async (_, body, expected) => {
    const counts = { promptTokens: 10, cachedTokens: 0, completionTokens: 3 };
    const open = await asking({
      script: () => json({ ...body, usage: { prompt_tokens: 10, completion_tokens: 3 } }),
    });
    const { tries } = await open.ask();
    expect(tries[0]).toMatchObject({ ...expected, usage: counts, unreported: false });
  });

  it('that is longer than was asked for shows that the limit has another name there', async () => {
    const open = await asking({
      script: (request) => {
        const completion_tokens = Object.hasOwn(request, 'max_tokens') ? 100 : 500;
        return json({ choices: [choice], usage: { prompt_tokens: 10, completion_tokens } });
      },
    });
    for (let call = 0; call < 3; call += 1) await open.ask();
    const names = open.server.requests.map((request) => Object.keys(request).filter((name) => name.startsWith('max_')));
    expect(names).toEqual([['max_completion_tokens'], ['max_tokens'], ['max_tokens']]);
  });
});
