import { afterEach, describe, expect, it } from 'vitest';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../src/index.ts';

const servers: ModelServer[] = [];

async function start(options: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function ask(server: ModelServer, content: string, rest: object = {}): Promise<Response> {
  return fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content }], ...rest }),
  });
}

describe('the model server', () => {
  it('answers by the first rule that matches, in the order of its answers', async () => {
    const server = await start({
      script: {
        rules: [
          {
            contains: ['pole'],
            answers: [
              { kind: 'text', text: 'first' },
              { kind: 'text', text: 'then' },
            ],
          },
          { answers: [{ kind: 'text', text: 'other' }] },
        ],
      },
    });
    const texts = [];
    for (const prompt of ['a pole', 'a car', 'a pole', 'a pole']) {
      const body = (await (await ask(server, prompt)).json()) as { choices: { message: { content: string } }[] };
      texts.push(body.choices[0]?.message.content);
    }
    expect(texts).toEqual(['first', 'other', 'then', 'then']);
    expect(server.account).toMatchObject({ requests: 4, answered: { requests: 4 } });
  });

  it('counts a repeated prefix as cached, in whole blocks', async () => {
    const server = await start({ script: { rules: [{ answers: [{ kind: 'text', text: 'yes' }] }] } });
    const prefix = 'x'.repeat(4000);
    await ask(server, `${prefix} one`);
    await ask(server, `${prefix} two`);
    expect(server.account.answered.cachedTokens).toBe(896);
  });

  it('streams the same text with its usage at the end', async () => {
    const server = await start({
      script: { rules: [{ answers: [{ kind: 'text', text: 'a long answer, in chunks' }] }] },
    });
    const response = await ask(server, 'go', { stream: true, stream_options: { include_usage: true } });
    const lines = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: {'));
    const chunks = lines.map(
      (line) =>
        JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[]; usage?: { total_tokens: number } },
    );
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('a long answer, in chunks');
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(
      server.account.answered.promptTokens + server.account.answered.completionTokens,
    );
  });

  it('refuses a parameter that its script says it does not know', async () => {
    const server = await start({
      script: { supports: { jsonSchema: false }, rules: [{ answers: [{ kind: 'text', text: 'yes' }] }] },
    });
    const response = await ask(server, 'go', { response_format: { type: 'json_schema' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'response_format' } });
    expect(server.account.answered.requests).toBe(0);
  });

  it('answers a recorded conversation by what was asked', async () => {
    const request = { model: 'small', messages: [{ role: 'user', content: 'go' }] };
    const server = await start({ script: { calls: [{ request, answer: { text: 'recorded' } }] } });
    expect((await ask(server, 'go')).status).toBe(200);
    expect((await ask(server, 'something else')).status).toBe(404);
  });

  it('charges what it does not deliver to another account', async () => {
    const server = await start({ script: { rules: [{ answers: [{ kind: 'reset', text: 'lost', afterBytes: 20 }] }] } });
    await expect(ask(server, 'go').then((response) => response.text())).rejects.toThrow();
    expect(server.account).toMatchObject({ answered: { requests: 0 }, undelivered: { requests: 1 } });
  });

  it('answers a recorded question that was asked again by the answer to the longer one', async () => {
    const call = (content: string, text: string) => ({
      request: { model: 'small', messages: [{ role: 'user', content }] },
      answer: { text },
    });
    const server = await start({ script: { calls: [call('Write.', 'first'), call('Write.\n\nAgain.', 'second')] } });
    const texts = [];
    for (const prompt of ['Write.\n\nIn this form.', 'Write.\n\nAgain.\n\nIn this form.']) {
      const body = (await (await ask(server, prompt)).json()) as { choices: { message: { content: string } }[] };
      texts.push(body.choices[0]?.message.content);
    }
    expect(texts).toEqual(['first', 'second']);
  });
});
