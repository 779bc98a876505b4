import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conversation } from '@rewardsmith/llm';
import {
  type ModelServer,
  type ModelServerOptions,
  type ScriptInput,
  startModelServer,
} from '@rewardsmith/model-server';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Command, type Ended, temporaryDirectory } from './command.ts';

// Whole demos, one after the other, beside whatever else the machine does.
vi.setConfig({ testTimeout: 900_000 });

const directory = temporaryDirectory();
const servers: ModelServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function start(script: ModelServerOptions['script']): Promise<ModelServer> {
  const server = await startModelServer({ script });
  servers.push(server);
  return server;
}

function endpoint(server: ModelServer | undefined): Readonly<Record<string, string>> {
  return {
    OPENAI_BASE_URL: server?.url ?? '',
    OPENAI_API_KEY: server === undefined ? '' : 'any',
    REWARDSMITH_MODEL: server === undefined ? '' : 'small',
  };
}

/** The command line with an endpoint in its environment, or without one. */
function run(server: ModelServer | undefined, ...args: readonly string[]): Promise<Ended> {
  return new Command(args, directory, endpoint(server)).ended();
}

const json = (value: unknown) => ({ kind: 'text' as const, text: JSON.stringify(value) });
const source = (weight: number) =>
  `export function reward({ next, terminated }) {\n  return { upright: Math.cos(${weight} * next.poleAngle), fallen: terminated ? -${weight} : 0 };\n}\n`;
const rules: ScriptInput['rules'] = [
  {
    contains: ['You design'],
    answers: [1, 2, 3].map((weight) => json({ thought: `Upright ${weight}.`, programs: [source(weight)] })),
  },
  { contains: ['You review'], answers: [json({ components: [], findings: [] })] },
  { contains: ['You explain'], answers: [json({ causes: [], summary: 'It holds.' })] },
];
const script: ScriptInput = { rules };

const demo = ['demo', '--model', '--task', 'cartpole', '--generations', '2', '--population', '1'];

describe('with a model endpoint', () => {
  it('the doctor asks once in every role and shows what came back', async () => {
    const good = await start(script);
    const { code, out } = await run(good, 'doctor', '--model');
    expect(code).toBe(0);
    for (const role of ['designer', 'critic', 'analyzer']) expect(out).toMatch(new RegExp(`ok.*${role}.*answered`));
    expect(good.account.requests).toBe(3);
    const bad = await start({ rules: [{ answers: [{ kind: 'status', status: 401, message: 'no such key' }] }] });
    const refused = await run(bad, 'doctor', '--model');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('unauthorised');
    expect((await run(undefined, 'doctor', '--model')).error).toContain('OPENAI_BASE_URL');
  });

  it('the doctor asks every model of a role, and fails when any of them does', async () => {
    const server = await start({
      supports: { jsonSchema: false, maxCompletionTokens: false },
      rules: [
        { model: 'poor', contains: ['You review'], answers: [{ kind: 'text', text: 'Looks good.' }] },
        ...(rules ?? []),
      ],
    });
    const models = { REWARDSMITH_CRITIC_MODEL: 'small=3,poor' };
    const { code, out } = await new Command(['doctor', '--model'], directory, {
      ...endpoint(server),
      ...models,
    }).ended();
    expect(code).toBe(1);
    expect(server.account.answered.requests).toBe(4);
    expect(out).toMatch(/ok +designer +small: answered, fenced form, without max_completion_tokens/);
    expect(out).toMatch(/ok +critic +small \(75% of calls\): answered/);
    expect(out).toMatch(/failed +critic +poor \(25% of calls\): malformed/);
    expect(out).toContain('Looks good.');
    expect(out).toContain('1 of 4 calls failed');
  });

  it('the demo designs by it, its task is run again from its record, and the record answers a demo', async () => {
    const server = await start(script);
    const data = join(directory, 'data');
    const first = await run(server, ...demo, '--data', data);
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toContain('small, ');
    const [, id = ''] = /^task (\S+)/m.exec(first.out) ?? [];
    const [, reward = ''] = /The best reward:\n([\s\S]*?)\nFitness on/.exec(first.out) ?? [];
    expect(first.out).toContain(`${server.account.requests} model calls`);

    const nowhere = ['--url', 'http://127.0.0.1:1', '--data', data];
    const again = await run(undefined, 'replay', id, ...nowhere);
    expect(again).toMatchObject({ code: 0, error: '' });
    expect(again.out).toContain('the same scores');

    const record = join(directory, 'conversation.json');
    expect((await run(undefined, 'replay', id, ...nowhere, '--record', record)).code).toBe(0);
    const conversation = Conversation.parse(JSON.parse(readFileSync(record, 'utf8')));
    expect(conversation.calls).toHaveLength(server.account.requests);
    const recorded = await start(conversation);
    const second = await run(recorded, ...demo, '--data', join(directory, 'other'));
    expect(second).toMatchObject({ code: 0, error: '' });
    expect(second.out).toContain(reward);
    expect(recorded.account.requests).toBe(server.account.requests);
  });

  it('a task without an endpoint is refused, and says what to set', async () => {
    const { code, error } = await run(undefined, ...demo, '--data', join(directory, 'none'));
    expect(code).toBe(2);
    expect(error).toContain('This service has no model endpoint.');
    expect(error).toContain('OPENAI_BASE_URL');
  });
});
