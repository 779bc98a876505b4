import type { BehaviourInput } from '@rewardsmith/model-server';
import { describe, expect, it } from 'vitest';
import { outcomeName } from '../src/index.ts';
import { answeredBy, json, status } from './support/answers.ts';
import { good } from './support/asking.ts';

describe('an answer of no use', () => {
  const bad: readonly (readonly [string, BehaviourInput])[] = [
    ['refused', { kind: 'refusal', text: 'I would rather not.' }],
    ['filtered', { kind: 'text', text: '', finishReason: 'content_filter' }],
    ['filtered', status(400, { code: 'content_filter' })],
    ['cut-off', { kind: 'text', text: '{"verdict":"go', finishReason: 'length' }],
    ['empty', { kind: 'empty-choices' }],
    ['empty', { kind: 'text', text: '  ' }],
    ['empty', json({ choices: [{ message: { content: null, reasoning_content: 'I think' } }] })],
    ['empty', json({ choices: [{ message: { content: null, tool_calls: [{ function: { arguments: good } }] } }] })],
    ['cut-off', json({ choices: [{ finish_reason: 'max_tokens', message: { content: '{"ver' } }] })],
    ['filtered', json({ choices: [{ finish_reason: 'SAFETY', message: { content: '' } }] })],
    ['malformed', { kind: 'text', text: '{"verdict":1}' }],
    ['malformed', { kind: 'text', text: 'It is good.' }],
    ['too-large', { kind: 'large', bytes: 10 * 1024 * 1024 }],
  ];

  it.each(bad)('has a name and is not paid for again: %s', async (name, behaviour) => {
    const { result, server } = await answeredBy([behaviour]);
    expect(result.outcome).toMatchObject({ kind: 'bad-answer', reason: name });
    expect(server.account.requests).toBe(1);
  });

  it('is not read to its end when it is ten megabytes long', async () => {
    const before = process.memoryUsage().rss;
    await answeredBy([{ kind: 'large', bytes: 200 * 1024 * 1024 }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

it('takes an answer of another model, and says which', async () => {
  const { result } = await answeredBy([{ kind: 'text', text: good, model: 'somebody-else' }]);
  expect(result.outcome).toMatchObject({ kind: 'answered', answer: { model: 'somebody-else' } });
});

it('leaves out the thinking that a server puts in front of an answer', async () => {
  for (const thinking of ['<think>hm {"verdict":"bad"}</think>\n', 'hm {"verdict":"bad"}\n</think>\n\n']) {
    const { result } = await answeredBy([{ kind: 'text', text: `${thinking}${good}` }]);
    expect(result.value).toEqual({ verdict: 'good' });
  }
  for (const before of ['', '\n ']) {
    const { result } = await answeredBy([{ kind: 'text', text: `${before}{"verdict":"a </think> b"}` }]);
    expect(result.value).toEqual({ verdict: 'a </think> b' });
  }
});

it('reads an answer that is all blanks, or a complaint that is one long word, as fast as any other of its length', async () => {
  // Taken anew from each of its characters, either would hold the service's only thread for half a minute and more.
  const blanks = await answeredBy([{ kind: 'text', text: ' '.repeat(900_000), finishReason: 'length' }]);
  expect(blanks.result.outcome).toMatchObject({ kind: 'bad-answer', reason: 'cut-off' });
  const word = await answeredBy([status(400, { message: 'a.'.repeat(400_000) })]);
  expect(outcomeName(word.result.outcome)).toBe('request-refused');
});

it('holds nothing that a database cannot hold, however it is written', async () => {
  const escaped = '{"verdict":"a\\u0000b\\ud800c"}';
  const { result } = await answeredBy([{ kind: 'text', text: escaped }]);
  expect(result.value).toEqual({ verdict: 'ab\ufffdc' });
  const raw = await answeredBy([{ kind: 'refusal', text: 'no\u0000\ud800' }]);
  expect(raw.result.outcome).toMatchObject({ reason: 'refused', message: 'The model refused: no\ufffd' });
});
