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
  const asked = { temperature: 0.3, effort: 'xhigh' } as const;
  const result = await open.ask(asked);
  const requests = open.server.requests.length;
  await open.ask(asked);
  return { result, requests, remembered: open.server.requests.length === requests + 1 };
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
      'FastAPI, a schema',
      'response_format',
      json({ detail: [{ loc: ['body', 'response_format'], msg: 'Extra inputs are not permitted' }] }, 422),
    ],
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
    ['LM Studio, a schema', 'response_format', json({ error: "'response_format.type' must be 'text'" }, 400)],
    [
      'OpenAI, an effort',
      'reasoning_effort',
      openai("Unsupported parameter: 'reasoning_effort' is not supported with this model."),
    ],
    ['Ollama, an effort', 'reasoning_effort', json({ error: { message: '"small" does not support thinking' } }, 400)],
  ])('is left out, and in later calls too: %s', async (_, parameter, refusal) => {
    const { result, requests, remembered } = await refusing(parameter, refusal);
    expect(result).toMatchObject({ value: { verdict: 'good' }, tries: [{ outcome: 'answered' }] });
    expect(requests).toBe(2);
    expect(remembered).toBe(true);
  });

  it.each<[string, string, BehaviourInput]>([
    [
      'vLLM, a grammar',
      'response_format',
      openai('The provided JSON schema contains features not supported by xgrammar.'),
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
      'OpenAI, an effort',
      'reasoning_effort',
      openai("Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'.", 'reasoning_effort'),
    ],
    [
      'Ollama, a format by name',
      'response_format',
      json({ error: 'invalid format: "x"; expected "json" or a valid JSON Schema object' }, 400),
    ],
    [
      'OpenAI, a schema with a fault',
      'response_format',
      openai("Invalid schema for response_format 'verdict': schema must have a 'type' key."),
    ],
    ['Anthropic, a temperature', 'temperature', openai('temperature must be between 0 and 1, got 1.5')],
    [
      'FastAPI, a temperature',
      'temperature',
      json({ detail: [{ loc: ['body', 'temperature'], msg: 'Input should be less than or equal to 1' }] }, 422),
    ],
    [
      'OpenAI, an effort of a model',
      'reasoning_effort',
      openai(
        "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. Supported values are 'low', 'medium'.",
      ),
    ],
    ['a proxy, an effort', 'reasoning_effort', openai("reasoning_effort 'xhigh' is not supported with this model")],
  ])(
    'is left out of one call alone where its value is refused, or one answer failed: %s',
    async (_, parameter, refusal) => {
      const { result, requests, remembered } = await refusing(parameter, refusal);
      expect(result).toMatchObject({ value: { verdict: 'good' }, tries: [{ outcome: 'answered' }] });
      expect(requests).toBe(2);
      expect(remembered).toBe(false);
    },
  );

  it('stays out of the tries of its call, though its value alone was refused', async () => {
    let failed = false;
    open = await asking({
      script: (request) => {
        if (Object.hasOwn(request, 'temperature')) return openai('temperature must be between 0 and 1, got 1.5');
        if (failed) return { kind: 'text', text: good };
        failed = true;
        return { kind: 'status', status: 503 };
      },
    });
    const { tries } = await open.ask({ temperature: 1.5 });
    expect(tries.map(({ outcome }) => outcome)).toEqual(['server-error', 'answered']);
    expect(open.server.account.requests).toBe(3);
  });

  it('is not remembered where the request without it is refused as well', async () => {
    open = await asking({
      script: (request) =>
        Object.hasOwn(request, 'temperature')
          ? openai("Unsupported parameter: 'temperature' is not supported with this model.")
          : openai('no such thing'),
    });
    expect((await open.ask({ temperature: 0.3 })).outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.endpoint.capabilities('small').temperature).toBe(true);
  });

  it('is not the schema where messages have an invalid format', async () => {
    open = await asking({ script: () => openai('Invalid format: messages[0].content must be a string') });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.server.account.requests).toBe(1);
  });

  it('is not the limit where it is too large, under its newer name alone', async () => {
    open = await asking({
      script: (request) =>
        Object.hasOwn(request, 'max_completion_tokens')
          ? openai('max_completion_tokens is too large: 16000. This model supports at most 8192 completion tokens.')
          : openai("Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."),
    });
    expect((await open.ask()).outcome).toMatchObject({
      reason: 'request-refused',
      message: expect.stringContaining('too large'),
    });
    expect(open.server.account.requests).toBe(1);
  });

  it('is the limit under either name no more often than each was tried anew', async () => {
    open = await asking({
      script: (request) =>
        Object.hasOwn(request, 'max_completion_tokens')
          ? openai("Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens' instead.")
          : openai("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.server.account.requests).toBe(4);
    expect(open.endpoint.capabilities('small').maxCompletionTokens).toBe(true);
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
    open = await asking({
      script: () => json({ ...body, usage: { prompt_tokens: 10, completion_tokens: 3 } }),
    });
    const { tries } = await open.ask();
    expect(tries[0]).toMatchObject({ ...expected, usage: counts, unreported: false });
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
