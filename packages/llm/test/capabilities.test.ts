import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnswerForm, readAnswer } from '../src/index.ts';
import { asking, form, good, request } from './support/asking.ts';

const fenced = `Here it is:\n\n\`\`\`json\n${good}\n\`\`\``;

describe('what an endpoint takes', () => {
  it('is asked to hold the answer to the schema, with every property required', async () => {
    const open = await asking({ script: { rules: [{ answers: [{ kind: 'text', text: good }] }] } });
    await open.ask({ temperature: 0.5, effort: 'low' });
    expect(open.server.requests[0]).toMatchObject({
      max_completion_tokens: 100,
      temperature: 0.5,
      reasoning_effort: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { strict: true, schema: { required: ['verdict'], additionalProperties: false } },
      },
    });
  });

  it('is found out once and remembered: no schema, so the form is said in words', async () => {
    const open = await asking({
      script: { supports: { jsonSchema: false }, rules: [{ answers: [{ kind: 'text', text: fenced }] }] },
    });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect(open.server.account.requests).toBe(3);
    expect(open.server.requests[2]?.messages.at(-1)?.content).toContain(form.instructions);
  });

  it('is found out for every parameter, within one call', async () => {
    const open = await asking({
      script: {
        supports: { jsonSchema: false, maxCompletionTokens: false, temperature: false, reasoningEffort: false },
        rules: [{ answers: [{ kind: 'text', text: fenced }] }],
      },
    });
    const result = await open.ask({ temperature: 1, effort: 'high' });
    expect(result.value).toEqual({ verdict: 'good' });
    expect(result.tries).toHaveLength(1);
    expect(open.server.requests.at(-1)).toMatchObject({ max_tokens: 100 });
  });

  it('is found out from an answer that does not keep to the schema', async () => {
    const open = await asking({
      script: {
        rules: [
          {
            answers: [
              { kind: 'text', text: 'good!' },
              { kind: 'text', text: fenced },
            ],
          },
        ],
      },
    });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'malformed' });
    expect(open.endpoint.capabilities('small').jsonSchema).toBe(false);
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
  });

  it('is found out from an answer that is JSON of another shape; the right shape was said in words', async () => {
    const open = await asking({
      script: {
        rules: [
          {
            answers: [
              { kind: 'text', text: '{"opinion":"good"}' },
              { kind: 'text', text: fenced },
            ],
          },
        ],
      },
    });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'malformed' });
    expect(open.server.requests[0]?.messages.at(-1)?.content).toContain('"required":["verdict"]');
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect(open.server.requests[1]).not.toHaveProperty('response_format');
  });

  it('is remembered for each model on its own', async () => {
    const open = await asking({
      script: (request) =>
        request.model === 'old' && request.response_format !== undefined
          ? { kind: 'status', status: 400, message: 'response_format is not supported' }
          : { kind: 'text', text: request.model === 'old' ? fenced : good },
    });
    await open.ask({ model: 'old' });
    await open.ask({ model: 'new' });
    expect(open.endpoint.capabilities('old').jsonSchema).toBe(false);
    expect(open.endpoint.capabilities('new').jsonSchema).toBe(true);
  });

  it('does not matter to how an answer is read: live, kept and recorded ones are read alike', async () => {
    const design: AnswerForm<{ thought: string; program: string }> = {
      name: 'design',
      schema: z.strictObject({ thought: z.string(), program: z.string() }),
      instructions: '',
      schemaInstructions: '',
      adapt: (value) => value,
      read: (text) => ({ thought: 'fenced', program: /```\n([\s\S]*?)```/.exec(text)?.[1] }),
    };
    // JSON that holds a fence of its own: a reader of fences finds another program in it.
    const text = '{"thought":"json",\n"program":"a"}\n';
    const holds = '{"program":"a","thought":"```\\nb```"}';
    for (const [jsonSchema, said] of [
      [true, text],
      [false, text],
      [true, holds],
      [false, holds],
    ] as const) {
      const open = await asking({
        script: { supports: { jsonSchema }, rules: [{ answers: [{ kind: 'text', text: said }] }] },
      });
      const live = await open.endpoint.ask(request, design, { signal: new AbortController().signal });
      expect(live.value).toMatchObject({ program: 'a' });
      expect(readAnswer(design, said)).toMatchObject({ ok: true, value: live.value });
    }
  });

  it('reads JSON that stands in prose, alone in a list or under one name, and says of JSON that breaks off that it does', () => {
    const value = { verdict: 'good' };
    for (const text of [
      `Here it is: ${good} I hope it helps.`,
      `[${good}]`,
      `{"answer": ${good}}`,
      `Sure:\n\n\`\`\`json\n${good}\n\`\`\`\nBye.`,
    ]) {
      expect(readAnswer(form, text)).toMatchObject({ ok: true, value });
    }
    const lines = readAnswer(form, '{\n\t"verdict": "a \\"quoted\\" line\n\tand \\\\another"\n}');
    expect(lines).toMatchObject({ ok: true, value: { verdict: 'a "quoted" line\n\tand \\another' } });
    const broken = readAnswer(form, '{"verdict": "goo');
    expect(broken).toMatchObject({ ok: false, fault: expect.stringContaining('the JSON cannot be read') });
  });

  it('sends nothing when its turn comes and it may not be sent any more', async () => {
    const open = await asking({ script: { rules: [{ answers: [{ kind: 'text', text: good }] }] } });
    const result = await open.ask({}, { maySend: async () => false });
    expect(result).toMatchObject({ outcome: { kind: 'cancelled' }, tries: [] });
    expect(open.server.account.requests).toBe(0);
  });

  it('refuses a fenced answer with two blocks', async () => {
    const open = await asking({
      script: {
        supports: { jsonSchema: false },
        rules: [{ answers: [{ kind: 'text', text: `${fenced}\n${fenced}` }] }],
      },
    });
    expect((await open.ask()).outcome).toMatchObject({ reason: 'malformed' });
  });
});
