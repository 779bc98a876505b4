import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskSubmission } from '@rewardsmith/contracts';
import { addCosts, jsonForm, openEndpoint, readModelSettings, worded } from '@rewardsmith/llm';
import { type BehaviourInput, startModelServer } from '@rewardsmith/model-server';
import { openStore } from '@rewardsmith/store';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { TaskAtRest } from '../src/model/failure.ts';
import type { Question } from '../src/model/question.ts';
import { TaskModel } from '../src/model/task-model.ts';

const form = worded(jsonForm('verdict', z.strictObject({ verdict: z.string() })), {
  fenced: 'Answer in a fence.',
  schema: (text) => `Answer with JSON of ${text}`,
});
const good = '{"verdict":"good"}';

function question(key: string, over: Partial<Question<{ verdict: string }>> = {}, content = 'Is it good?') {
  const prompt = { purpose: 'critic.review', version: 1, hash: 'h', messages: [{ role: 'user' as const, content }] };
  return { key, role: 'critic' as const, model: 'small', prompt, form, ...over };
}

/** A task in a store of its own, and attempts at its step that ask a scripted server. */
async function asking(answers: BehaviourInput[], variables: Readonly<Record<string, string>> = {}) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'rewardsmith-task-model-'));
  const store = await openStore({ kind: 'embedded', dataDirectory });
  const server = await startModelServer({ script: { rules: [{ answers }] } });
  const aborts: AbortController[] = [];
  onTestFinished(async () => {
    for (const abort of aborts) abort.abort();
    await server.close();
    await store.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  const reading = readModelSettings({
    OPENAI_BASE_URL: server.url,
    REWARDSMITH_MODEL: 'small',
    REWARDSMITH_ANSWER_TOKENS: '100',
    ...variables,
  });
  if (reading.kind !== 'ok') throw new Error(reading.kind);
  const { terms } = reading.settings;
  const { row } = await store.createTask({
    tenant: 'tests',
    name: 'judge',
    description: 'Judge.',
    environment: 'cartpole',
    submission: TaskSubmission.parse({ environment: 'cartpole' }),
    submissionHash: 'hash',
    idempotencyKey: null,
    terms,
    forecast: null,
  });
  return {
    server,
    /** Another attempt at the step, by a process of its own. */
    async attempt(number: number) {
      const { endpoint } = await openEndpoint(reading.settings, number);
      const abort = new AbortController();
      aborts.push(abort);
      const model = new TaskModel({
        store,
        model: endpoint,
        taskId: row.id,
        terms,
        calls: undefined,
        holder: { stepId: 'step', attempt: number },
        signal: abort.signal,
        now: () => new Date(),
      });
      return { model, abort };
    },
    call: (key: string) => store.transact(row.id, (move) => move.modelCalls.find(key)),
    task: () => store.transact(row.id, async (move) => move.task),
    told: async () => {
      const events = (await store.readEvents('tests', row.id, 0, 100)) ?? [];
      return events.flatMap((event) => (event.type === 'model.called' ? [event] : []));
    },
  };
}

const waits: BehaviourInput = { kind: 'status', status: 429, retryAfter: '45' };

describe('a call that waits for its next try', () => {
  test('when its service is stopped is asked again later, and charged nothing', async () => {
    const { server, attempt, call, task } = await asking([waits, { kind: 'text', text: good }]);
    const first = await attempt(1);
    const asked = first.model.askAll([question('a')]).catch((error: unknown) => error);
    await vi.waitFor(async () => expect((await call('a'))?.heldTries).toBe(2), { timeout: 20_000 });
    first.abort.abort(new TaskAtRest('stopped'));
    expect(await asked).toBeInstanceOf(TaskAtRest);
    expect(await call('a')).toMatchObject({ status: 'settled', outcome: 'unsent', heldTokens: 0, heldTries: 1 });
    const { replies } = await (await attempt(2)).model.askAll([question('a')]);
    expect(replies).toMatchObject([{ kind: 'answered', value: { verdict: 'good' }, cost: { unreportedTokens: 0 } }]);
    expect(await task()).toMatchObject({ modelCalls: server.account.requests, modelCost: { unreportedTokens: 0 } });
  });

  test('when its service is killed is asked again later, and charged nothing', async () => {
    const { server, attempt, call, task } = await asking([waits, { kind: 'text', text: good }]);
    const first = await attempt(1);
    // Its process is gone: nothing more comes of it while the second asks.
    const gone = first.model.askAll([question('a')]).catch(() => undefined);
    await vi.waitFor(async () => expect((await call('a'))?.heldTries).toBe(2), { timeout: 20_000 });
    const { replies } = await (await attempt(2)).model.askAll([question('a')]);
    expect(replies).toMatchObject([{ kind: 'answered', cost: { unreportedTokens: 0 } }]);
    expect(await task()).toMatchObject({ modelCalls: server.account.requests, modelCost: { unreportedTokens: 0 } });
    first.abort.abort();
    await gone;
    expect(await call('a')).toMatchObject({ outcome: 'answered', stepAttempt: 2 });
  });

  test('is told of when its service is killed: the events of a task add up to what it has spent', async () => {
    const lost: BehaviourInput = { kind: 'reset', text: good, afterBytes: 9 };
    const { attempt, call, task, told } = await asking([lost, waits, { kind: 'text', text: good }]);
    const first = await attempt(1);
    const gone = first.model.askAll([question('a')]).catch(() => undefined);
    await vi.waitFor(async () => expect((await call('a'))?.heldTries).toBe(3), { timeout: 20_000 });
    await (await attempt(2)).model.askAll([question('a')]);
    const { modelCost } = await task();
    const events = await told();
    expect(events.map(({ outcome }) => outcome)).toEqual(['unsent', 'answered']);
    expect(events.map(({ cost }) => cost).reduce(addCosts)).toEqual(modelCost);
    expect(events[0]?.cost.unreportedTokens).toBeGreaterThan(0);
    first.abort.abort();
    await gone;
  });

  test('counts each of its tries once', async () => {
    const { server, attempt, call, task } = await asking([
      { kind: 'status', status: 500 },
      { kind: 'reset', text: good, afterBytes: 9 },
      { kind: 'text', text: good },
    ]);
    await (await attempt(1)).model.askAll([question('a')]);
    const row = await call('a');
    expect(row?.tries.map(({ outcome }) => outcome)).toEqual(['server-error', 'connection-lost', 'answered']);
    expect(row).toMatchObject({ sentTries: 3, heldTries: 3 });
    const { modelCalls, modelCost } = await task();
    expect(modelCalls).toBe(server.account.requests);
    expect(modelCost).toEqual(row?.cost);
    expect(modelCost.unreportedTokens).toBeGreaterThan(0);
  });
});

describe('a question that the cap on one call does not allow', () => {
  const long = 'Is it good? '.repeat(200);
  const cap = { REWARDSMITH_CALL_TOKENS: '1000' };

  test('is asked with less in it where it has a shorter form', async () => {
    const { server, attempt } = await asking([{ kind: 'text', text: good }], cap);
    const shorter = () => question('a/shorter-1', { optional: true });
    const { replies, cap: reached } = await (await attempt(1)).model.askAll([
      question('a', { shorter, optional: true }, long),
      question('b'),
    ]);
    expect(reached).toBeUndefined();
    expect(replies).toMatchObject([
      { kind: 'answered', key: 'a/shorter-1' },
      { kind: 'answered', key: 'b' },
    ]);
    expect(server.account.requests).toBe(2);
  });

  test('is left out where it is optional, and ends the task where it is not', async () => {
    const { server, attempt } = await asking([{ kind: 'text', text: good }], cap);
    const { model } = await attempt(1);
    const left = await model.askAll([question('a', { optional: true }, long), question('b')]);
    expect(left).toMatchObject({
      replies: [{ kind: 'bad-answer', reason: 'prompt-too-long' }, { kind: 'answered' }],
      cap: undefined,
    });
    const ended = await model.askAll([question('c', {}, long)]);
    expect(ended).toEqual({ replies: [undefined], cap: 'budget-call' });
    expect(server.account.requests).toBe(1);
  });
});
