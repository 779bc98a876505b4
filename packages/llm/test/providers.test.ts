import type { BehaviourInput } from '@rewardsmith/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { type Asking, asking, good } from './support/asking.ts';

let open: Asking | undefined;
afterEach(() => open?.server.close());

const json = (body: object, status = 200): BehaviourInput => ({
  kind: 'other-body',
  body: JSON.stringify(body),
  contentType: 'application/json',
  status,
});
const openai = (message: string, param?: string): BehaviourInput => ({
  kind: 'status',
  status: 400,
  message,
  ...(param === undefined ? {} : { param }),
});

/** A server that refuses requests which hold a parameter, in the words of some provider, and answers all others. */
async function refusing(parameter: string, refusal: BehaviourInput) {
  open = await asking({
    script: (request) => (Object.hasOwn(request, parameter) ? refusal : { kind: 'text', text: good }),
  });
  const result = await open.ask({ temperature: 0.3, effort: 'xhigh' });
  return { result, requests: open.server.requests };
}

describe('a parameter that is refused', () => {
  it.each<[string, string, BehaviourInput]>([
    [
      'OpenAI, a schema',
      'response_format',
      openai("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
    ],
    [
      'vLLM of before, a schema',
      'response_format',
      json(
        {
          object: 'error',
          message: "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type')}]",
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
        400,
      ),
    ],
    [
      'vLLM, a grammar',
      'response_format',
      openai('The provided JSON schema contains features not supported by xgrammar.'),
    ],
    [
      'FastAPI, a schema',
      'response_format',
      json({ detail: [{ loc: ['body', 'response_format'], msg: 'Extra inputs are not permitted' }] }, 422),
    ],
    [
      'llama.cpp, a grammar',
      'response_format',
      json({ error: { code: 400, message: 'Failed to parse grammar', type: 'invalid_request_error' } }, 400),
    ],
    [
      'llama.cpp of before, a grammar',
      'response_format',
      json({ error: { code: 500, message: 'json schema conversion failed', type: 'server_error' } }, 500),
    ],
    ['Ollama, a format', 'response_format', json({ error: 'invalid format: expected a schema' }, 400)],
    ['Groq, a schema', 'response_format', openai('Failed to generate JSON. Please adjust your prompt.')],
    [
      'Gemini, a schema',
      'response_format',
      openai('Invalid JSON payload received. Unknown name "additionalProperties" at \'response_schema\''),
    ],
    [
      'a plain proxy, a schema',
      'response_format',
      { kind: 'other-body', body: 'response_format: unknown field', status: 400 },
    ],
    [
      'OpenAI, a limit',
      'max_completion_tokens',
      openai("Unsupported parameter: 'max_completion_tokens' is not supported with this model."),
    ],
    [
      'Mistral, a limit',
      'max_completion_tokens',
      json({ detail: [{ loc: ['body', 'max_completion_tokens'], msg: 'Extra inputs are not permitted' }] }, 422),
    ],
    [
      'OpenAI, a temperature',
      'temperature',
      openai(
        "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.",
      ),
    ],
    [
      'OpenAI, an effort',
      'reasoning_effort',
      openai("Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'.", 'reasoning_effort'),
    ],
    ['Ollama, an effort', 'reasoning_effort', json({ error: { message: '"small" does not support thinking' } }, 400)],
  ])('is left out: %s', async (_, parameter, refusal) => {
    const { result, requests } = await refusing(parameter, refusal);
    expect(result).toMatchObject({ value: { verdict: 'good' }, tries: [{ outcome: 'answered' }] });
    expect(requests).toHaveLength(2);
  });

  it('is the system role, whose words then stand at the head of the first message', async () => {
    open = await asking({
      script: ({ messages }) =>
        messages.some(({ role }) => role === 'system')
          ? json({ object: 'error', message: 'System role not supported', code: 400 }, 400)
          : { kind: 'text', text: good },
    });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect(open.server.requests[1]?.messages).toMatchObject([
      { role: 'user', content: expect.stringMatching(/^You judge\.\n\nIs it good\?/) },
    ]);
  });

  it('is asked about in bounded number where every request is refused', async () => {
    open = await asking({
      script: () => openai('response_format, max_completion_tokens, temperature, reasoning_effort'),
    });
    const { outcome } = await open.ask({ temperature: 0.3, effort: 'low' });
    expect(outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.server.account.requests).toBe(5);
  });
});

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
    open = await asking({ script: () => behaviour });
    expect((await open.ask()).outcome).toMatchObject({
      reason: 'model-not-found',
      message: expect.stringContaining(told),
    });
  });

  it('is one of the server where it is longer than is read', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024);
    open = await asking({ script: () => ({ kind: 'other-body', body, status: 500 }) });
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
    open = await asking({ script: () => json({ choices: [{ finish_reason: 'stop', message: { content } }] }) });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
  });

  it('is read where it does not say that it is JSON', async () => {
    const body = JSON.stringify({ choices: [choice] });
    open = await asking({ script: () => ({ kind: 'other-body', body, contentType: 'text/plain' }) });
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
    open = await asking({ script: () => json({ choices: [choice], usage }) });
    expect(await open.ask()).toMatchObject({ value: { verdict: 'good' }, tries: [{ usage: null, unreported: true }] });
  });

  it('that is longer than was asked for shows that the limit has another name there', async () => {
    open = await asking({
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
