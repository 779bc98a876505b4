import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PGliteDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { toldCalls } from '../src/migrations/0008-told-calls.ts';
import { newTask } from './rows.ts';

const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-migrations-'));
let store: Store;
beforeAll(async () => {
  store = await openStore({ kind: 'embedded', dataDirectory: directory }, () => new Date('2026-01-01T00:00:00.000Z'));
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const holder = { stepId: 'step', attempt: 1 };
const request = { model: 'small', messages: [], temperature: null, effort: null, maxTokens: 10, form: 'reward_design' };
const cost = { promptTokens: 20, cachedTokens: 0, completionTokens: 10, unreportedTokens: 5, money: 0 };
const tries = [{ outcome: 'connection-lost', milliseconds: 5, usage: null, unreported: true }];
const spending = { environmentSteps: 0, modelCalls: 1, modelTokens: 35, modelMoney: 0, wallClockSeconds: 0 };

describe('the migration that notes what of a call was told', () => {
  it('takes for told what stands in an event: not what was given back after a kill, nor what is reserved', async () => {
    const { row } = await store.createTask(newTask());
    await store.transact(row.id, async ({ modelCalls }) => {
      for (const key of ['answered', 'rested', 'killed', 'reserved']) {
        const held = { tokens: 1, money: 0, tries: 1 };
        const prompt = { version: 1, hash: 'hash' };
        await modelCalls.reserve(
          { key, purpose: 'designer.initial', prompt, requestHash: 'request', request, held },
          holder,
          undefined,
        );
        const outcome = key === 'answered' ? key : 'unsent';
        const come = { message: '', answer: null, tries, cost };
        await modelCalls.hold(key, holder, held, key === 'reserved' ? come : { ...come, outcome });
      }
    });
    await store.transact(row.id, (move) =>
      move.appendEvents([
        {
          type: 'model.called',
          purpose: 'designer.initial',
          key: 'rested',
          model: 'small',
          outcome: 'unsent',
          cost,
          spending,
        },
      ]),
    );
    const { pglite } = store;
    if (pglite === undefined) throw new Error('the store is embedded');
    // The table as it was before.
    await pglite.exec('alter table rewardsmith.model_call drop column told');
    await toldCalls.up(new Kysely({ dialect: new PGliteDialect({ pglite }) }));
    const whole = { tries: 1, cost };
    const told = await store.transact(row.id, ({ modelCalls }) =>
      Promise.all(['answered', 'rested', 'killed', 'reserved'].map(async (key) => (await modelCalls.find(key))?.told)),
    );
    expect(told).toEqual([whole, whole, null, null]);
  });
});
