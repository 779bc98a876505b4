import { describe, expect, it } from 'vitest';
import type { Reservation, Settlement } from '../src/index.ts';
import { describeOnEachStore } from './backends.ts';
import { newTask } from './rows.ts';

const holder = { stepId: 'step', attempt: 1 };
const later = { stepId: 'step', attempt: 2 };
const ever = new Date(0);

function reservation(key: string, tokens = 100): Reservation {
  return {
    key,
    purpose: 'designer.initial',
    prompt: { version: 1, hash: 'hash' },
    requestHash: 'request',
    request: {
      model: 'small',
      messages: [{ role: 'user', content: 'Write.' }],
      temperature: null,
      effort: null,
      maxTokens: 10,
      form: 'reward_design',
    },
    held: { tokens, money: tokens / 1000, tries: 1 },
  };
}

function settlement(outcome: string): Settlement {
  return {
    outcome,
    message: '',
    answer: outcome === 'answered' ? { text: '{"thought":"a \\"b\\""}', model: 'small' } : null,
    tries: [{ outcome, milliseconds: 5, usage: null, unreported: false }],
    cost: { promptTokens: 20, cachedTokens: 8, completionTokens: 10, unreportedTokens: 0, money: 0.03 },
  };
}

describeOnEachStore((opened) => {
  const created = async (tenant: string) => (await opened.store.createTask(newTask({ tenant }))).row;

  describe('model calls', () => {
    it('count in full while they are reserved, and at their cost once they are settled', async () => {
      const { id } = await created('counting');
      await opened.store.transact(id, async ({ modelCalls }) => {
        await modelCalls.reserve(reservation('a'), holder, undefined);
        await modelCalls.reserve(reservation('b', 50), holder, undefined);
        expect((await modelCalls.held(ever)).task.tokens).toBe(150);
        expect((await modelCalls.held(ever)).task.money).toBeCloseTo(0.15, 12);
        expect(await modelCalls.hold('a', holder, { tokens: 30, money: 0.03, tries: 1 }, settlement('answered'))).toBe(
          true,
        );
        expect((await modelCalls.held(ever)).task.tokens).toBe(80);
      });
      const { items: rows } = await opened.store.listModelCalls('counting', id, { limit: 10 });
      expect(rows.map(({ key, status, outcome }) => [key, status, outcome])).toEqual([
        ['a', 'settled', 'answered'],
        ['b', 'reserved', null],
      ]);
      expect(rows[0]).toMatchObject(settlement('answered'));
      expect((await opened.store.listModelCalls('somebody else', id, { limit: 10 })).items).toEqual([]);
    });

    it('count for a tenant over its tasks, since a time, and for no other', async () => {
      const [first, second, other] = [await created('one'), await created('one'), await created('two')];
      for (const { id } of [first, second, other]) {
        await opened.store.transact(id, ({ modelCalls }) => modelCalls.reserve(reservation('a'), holder, undefined));
      }
      await opened.store.transact(first.id, async ({ modelCalls }) => {
        expect(await modelCalls.held(ever)).toMatchObject({
          task: { tokens: 100, tries: 1 },
          tenant: { tokens: 200, tries: 2 },
        });
      });
      expect(await opened.store.tenantHeld('one', ever)).toMatchObject({ tokens: 200 });
    });

    it('count on the day on which they were settled, and on every day until then', async () => {
      const { id } = await created('midnight');
      const day = 86_400_000;
      const today = new Date(opened.clock.now.getTime());
      const tomorrow = new Date(today.getTime() + day);
      const tenant = (since: Date) => opened.store.tenantHeld('midnight', since).then(({ tokens }) => tokens);
      await opened.store.transact(id, ({ modelCalls }) => modelCalls.reserve(reservation('a'), holder, undefined));
      expect([await tenant(today), await tenant(tomorrow)]).toEqual([100, 100]);
      opened.clock.now = tomorrow;
      await opened.store.transact(id, ({ modelCalls }) =>
        modelCalls.hold('a', holder, { tokens: 30, money: 0, tries: 1 }, settlement('answered')),
      );
      expect([await tenant(tomorrow), await tenant(new Date(tomorrow.getTime() + day))]).toEqual([30, 0]);
      opened.clock.now = today;
    });

    it('are known to have been sent, or not', async () => {
      const { id } = await created('sent');
      await opened.store.transact(id, async ({ modelCalls }) => {
        await modelCalls.reserve(reservation('a'), holder, undefined);
        expect((await modelCalls.find('a'))?.sentTries).toBe(0);
        expect(await modelCalls.send('a', later)).toBe(false);
        expect(await modelCalls.send('a', holder)).toBe(true);
        expect((await modelCalls.find('a'))?.sentTries).toBe(1);
      });
    });

    it('are read page by page with all that they asked, and keep what they have in common once', async () => {
      const { id } = await created('paging');
      const system = { role: 'system' as const, content: `You design. ${'x'.repeat(10_000)}` };
      await opened.store.transact(id, async ({ modelCalls }) => {
        for (const key of ['a', 'b', 'c']) {
          const asked = reservation(key);
          const messages = [system, { role: 'user' as const, content: key }];
          await modelCalls.reserve({ ...asked, request: { ...asked.request, messages } }, holder, undefined);
        }
        // The row itself holds a hash in place of the long part.
        expect(JSON.stringify((await modelCalls.find('a'))?.request).length).toBeLessThan(500);
      });
      const first = await opened.store.listModelCalls('paging', id, { limit: 2 });
      const second = await opened.store.listModelCalls('paging', id, { limit: 2, after: first.next ?? '' });
      expect(second.next).toBeNull();
      expect([...first.items, ...second.items].map(({ key, request }) => [key, request.messages])).toEqual(
        ['a', 'b', 'c'].map((key) => [key, [system, { role: 'user', content: key }]]),
      );
    });

    it('are settled by the attempt that holds them alone, and once', async () => {
      const { id } = await created('fenced');
      await opened.store.transact(id, async ({ modelCalls }) => {
        await modelCalls.reserve(reservation('a'), holder, undefined);
        const held = { tokens: 1, money: 0, tries: 2 };
        expect(await modelCalls.hold('a', later, held, settlement('answered'))).toBe(false);
        expect(await modelCalls.hold('a', holder, held, settlement('answered'))).toBe(true);
        expect(await modelCalls.hold('a', holder, held, settlement('refused'))).toBe(false);
        expect((await modelCalls.find('a'))?.outcome).toBe('answered');
      });
    });

    it('that came to nothing are reserved again under their key, and keep what they had cost', async () => {
      const { id } = await created('again');
      await opened.store.transact(id, async ({ modelCalls }) => {
        await modelCalls.reserve(reservation('a'), holder, undefined);
        await modelCalls.hold('a', holder, { tokens: 30, money: 0.03, tries: 1 }, settlement('server-error'));
        const earlier = await modelCalls.find('a');
        await modelCalls.reserve(reservation('a'), later, earlier);
        expect(await modelCalls.find('a')).toMatchObject({
          status: 'reserved',
          stepAttempt: 2,
          heldTokens: 130,
          heldTries: 2,
          cost: { promptTokens: 20 },
          tries: [{ outcome: 'server-error' }],
        });
      });
    });

    it('of two tasks of a tenant never both take what is left', async () => {
      const tasks = await Promise.all(Array.from({ length: 6 }, () => created('racing')));
      const taken = await Promise.all(
        tasks.map(({ id }) =>
          opened.store.transact(id, async ({ modelCalls }) => {
            const { tenant } = await modelCalls.held(ever);
            if (tenant.tokens + 100 > 250) return 0;
            await modelCalls.reserve(reservation('a'), holder, undefined);
            return 1;
          }),
        ),
      );
      expect(taken.reduce<number>((sum, count) => sum + count, 0)).toBe(2);
    });
  });

  it('gives no step of a paused task away', async () => {
    const task = await created('pausing');
    const [stepId = ''] = await opened.store.transact(task.id, async (move) => {
      const pause = { reason: 'requested', message: '', from: 'running' as const, resumesAt: null };
      await move.updateTask({ status: 'paused', pause });
      return move.insertSteps([{ key: 'k', kind: 'propose', input: {} }]);
    });
    expect(await opened.store.claimStep(stepId, 1000)).toBeUndefined();
    const { taskIds, stepIds } = await opened.store.unfinishedWork(100);
    expect([taskIds.includes(task.id), stepIds.includes(stepId)]).toEqual([false, false]);
    await opened.store.transact(task.id, (move) => move.updateTask({ status: 'running', pause: null }));
    expect((await opened.store.claimStep(stepId, 1000))?.attempt).toBe(1);
  });

  it('names the paused tasks whose time to go on has come', async () => {
    const [due, later, waiting] = [await created('due'), await created('due'), await created('due')];
    const at = (seconds: number) => new Date(opened.clock.now.getTime() + seconds * 1000).toISOString();
    for (const [task, resumesAt] of [
      [due, at(10)],
      [later, at(60)],
      [waiting, null],
    ] as const) {
      const pause = { reason: 'rate-limited', message: '', from: 'running' as const, resumesAt };
      await opened.store.transact(task.id, (move) => move.updateTask({ status: 'paused', pause }));
    }
    expect(await opened.store.duePauses(new Date(at(9)))).toEqual([]);
    expect(await opened.store.duePauses(new Date(at(10)))).toEqual([due.id]);
  });
});
