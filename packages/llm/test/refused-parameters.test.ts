import type { BehaviourInput } from '@rewardsmith/model-server';
import { describe, expect, it } from 'vitest';
import { json } from './support/answers.ts';
import { asking, good } from './support/asking.ts';

const openai = (message: string, param?: string): BehaviourInput => ({
  kind: 'status',
  status: 400,
  message,
  ...(param === undefined ? {} : { param }),
});

/** A server that refuses requests which hold a parameter, in the words of some provider, and answers all others. */
async function refusing(parameter: string, refusal: BehaviourInput) {
  const open = await asking({
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
    const open = await asking({
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
    const open = await asking({
      script: (request) =>
        Object.hasOwn(request, 'temperature')
          ? openai("Unsupported parameter: 'temperature' is not supported with this model.")
          : openai('no such thing'),
    });
    expect((await open.ask({ temperature: 0.3 })).outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.endpoint.capabilities('small').temperature).toBe(true);
  });

  it('is not the schema where messages have an invalid format', async () => {
    const open = await asking({ script: () => openai('Invalid format: messages[0].content must be a string') });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.server.account.requests).toBe(1);
  });

  it('is not the limit where it is too large, under its newer name alone', async () => {
    const open = await asking({
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
    const open = await asking({
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
    const open = await asking({
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
    const open = await asking({
      script: () => openai('response_format, max_completion_tokens, temperature, reasoning_effort'),
    });
    const { outcome } = await open.ask({ temperature: 0.3, effort: 'low' });
    expect(outcome).toMatchObject({ reason: 'request-refused' });
    expect(open.server.account.requests).toBe(5);
  });
});
