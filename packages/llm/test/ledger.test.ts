import type { ModelCost } from '@rewardsmith/contracts';
import type { BehaviourInput } from '@rewardsmith/model-server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Amount,
  addCosts,
  amountOf,
  capPassed,
  costOf,
  forecastCalls,
  noCost,
  outcomeName,
  strictest,
  worstCase,
} from '../src/index.ts';
import { asking, form, good, request } from './support/asking.ts';

const price = { input: 2, cached: 0.5, output: 8 };
const none: Amount = { tokens: 0, money: 0 };

describe('accounts', () => {
  it('equal what the endpoint counted, retries and bad answers included', async () => {
    const open = await asking({
      script: {
        rules: [
          {
            answers: [
              { kind: 'text', text: good },
              { kind: 'status', status: 500 },
              { kind: 'text', text: good },
              { kind: 'refusal', text: 'no' },
              { kind: 'empty-choices' },
              { kind: 'text', text: '{"verd', finishReason: 'length' },
              { kind: 'status', status: 429 },
              { kind: 'text', text: 'not in the form' },
            ],
          },
        ],
      },
    });
    let total: ModelCost = noCost;
    for (let call = 0; call < 6; call += 1) {
      const asked = { ...request, messages: [{ role: 'user' as const, content: `${'same '.repeat(600)}${call}` }] };
      const result = await open.ask(asked);
      total = addCosts(total, costOf(result.tries, asked, form, price));
    }
    const { answered } = open.server.account;
    expect(answered.cachedTokens).toBeGreaterThan(0);
    expect(total).toMatchObject({
      promptTokens: answered.promptTokens,
      cachedTokens: answered.cachedTokens,
      completionTokens: answered.completionTokens,
      unreportedTokens: 0,
    });
    const fresh = answered.promptTokens - answered.cachedTokens;
    expect(total.money).toBeCloseTo(
      (2 * fresh + 0.5 * answered.cachedTokens + 8 * answered.completionTokens) / 1e6,
      12,
    );
  });

  it('charge a try whose usage never came at its worst case, and keep it apart', async () => {
    const open = await asking({
      script: {
        rules: [
          {
            answers: [
              { kind: 'reset', text: good, afterBytes: 9 },
              { kind: 'text', text: good },
            ],
          },
        ],
      },
    });
    const cost = costOf((await open.ask()).tries, request, form, price);
    const { answered, undelivered } = open.server.account;
    expect(cost.promptTokens).toBe(answered.promptTokens);
    expect(cost.unreportedTokens).toBe(worstCase(request, form, price).tokens);
    expect(cost.unreportedTokens).toBeGreaterThanOrEqual(undelivered.promptTokens + undelivered.completionTokens);
  });

  const body = (choice: object, usage?: object): BehaviourInput => ({
    kind: 'other-body',
    body: JSON.stringify({ choices: [choice], ...(usage === undefined ? {} : { usage }) }),
    contentType: 'application/json',
  });
  const said = (content: string, finish = 'stop') => ({ finish_reason: finish, message: { content } });
  const silent: readonly (readonly [string, BehaviourInput])[] = [
    ['answered', body(said(good))],
    ['answered', body(said(good), {})],
    ['answered', body(said(good), { prompt_tokens: 5 })],
    ['answered', body(said(good), { prompt_tokens: -5, completion_tokens: 1 })],
    ['cut-off', body(said('{"ver', 'length'))],
    ['filtered', body(said('', 'content_filter'))],
    ['empty', body(said(''))],
    ['refused', body({ finish_reason: 'stop', message: { content: null, refusal: 'no' } })],
  ];

  it.each(silent)('charge an answer without both counts at its worst case: %s', async (name, behaviour) => {
    const open = await asking({ script: { rules: [{ answers: [behaviour] }] } });
    const { outcome, tries } = await open.ask();
    expect(outcomeName(outcome)).toBe(name);
    const worst = worstCase(request, form, price);
    expect(costOf(tries, request, form, price)).toMatchObject({ unreportedTokens: worst.tokens, money: worst.money });
  });

  it('count no more cached tokens than there were', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1_000 } };
    const open = await asking({ script: { rules: [{ answers: [body(said(good), usage)] }] } });
    const cost = costOf((await open.ask()).tries, request, form, price);
    expect(cost).toMatchObject({ promptTokens: 10, cachedTokens: 10, completionTokens: 2 });
    expect(cost.money).toBeCloseTo((10 * 0.5 + 2 * 8) / 1e6, 12);
  });

  it('end a call whose next try may not be reserved', async () => {
    const open = await asking({ script: { rules: [{ answers: [{ kind: 'status', status: 500 }] }] } });
    const result = await open.ask({}, { mayRetry: async (tries) => tries.length < 2 });
    expect(result.tries).toHaveLength(2);
    expect(open.server.account.requests).toBe(2);
  });
});

describe('reservations', () => {
  const caps = { call: { tokens: 50 }, task: { tokens: 100, money: 1 }, tenant: { money: 5 } };

  it('name the cap that they would pass, each of them', () => {
    const ask = { tokens: 40, money: 0.5 };
    expect(capPassed(caps, { task: none, tenant: none }, ask)).toBeUndefined();
    expect(capPassed(caps, { task: none, tenant: none }, { tokens: 51, money: 0 })).toBe('call-tokens');
    expect(capPassed(caps, { task: none, tenant: none }, ask, { tokens: 20, money: 0 })).toBe('call-tokens');
    expect(capPassed(caps, { task: { tokens: 61, money: 0 }, tenant: none }, ask)).toBe('task-tokens');
    expect(capPassed(caps, { task: { tokens: 0, money: 0.6 }, tenant: none }, ask)).toBe('task-money');
    expect(capPassed(caps, { task: none, tenant: { tokens: 0, money: 4.6 } }, ask)).toBe('tenant-money');
  });

  it('never let a task spend more than its cap, whatever the answers cost below the worst case', () => {
    const calls = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(calls, (asked) => {
        let spent = 0;
        for (const [tokens, share] of asked) {
          const standing = { task: { tokens: spent, money: 0 }, tenant: none };
          if (capPassed(caps, standing, { tokens, money: 0 }) === undefined) spent += Math.floor(tokens * share);
        }
        expect(spent).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("hold a task's own caps within the operator's", () => {
    expect(strictest({ tokens: 10 }, { tokens: 5, money: 2 })).toEqual({ tokens: 5, money: 2 });
    expect(strictest({ tokens: 10 }, {})).toEqual({ tokens: 10, money: undefined });
  });

  it('are forecast from what a call usually costs', () => {
    const standing = { task: { tokens: 20, money: 0.2 }, tenant: none };
    const usual = { tokens: 10, money: 0.2 };
    expect(forecastCalls(caps, standing, usual, usual)).toBe(4);
    const uncapped = { call: {}, task: {}, tenant: {} };
    expect(forecastCalls(uncapped, standing, { tokens: 10, money: 0 }, usual)).toBeUndefined();
  });

  it('are forecast as none, or fewer, where a reservation is larger than what is left', () => {
    const usual = { tokens: 10, money: 0 };
    const worst = { tokens: 60, money: 0 };
    const within = (task: number, call = 1_000, tenant = 1_000) => ({
      call: { tokens: call },
      task: { tokens: task },
      tenant: { tokens: tenant },
    });
    const fresh = { task: none, tenant: none };
    expect(forecastCalls(within(59), fresh, usual, worst)).toBe(0);
    expect(forecastCalls(within(60), fresh, usual, worst)).toBe(1);
    // The last reservation needs 60, of which its call uses 10.
    expect(forecastCalls(within(100), fresh, usual, worst)).toBe(5);
    expect(forecastCalls(within(1_000, 59), fresh, usual, worst)).toBe(0);
    const spent = { task: none, tenant: { tokens: 950, money: 0 } };
    expect(forecastCalls(within(1_000), spent, usual, worst)).toBe(0);
  });

  it('are at least what the prompt costs', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'grapheme' }), (content) => {
        const worst = worstCase({ ...request, messages: [{ role: 'user', content }] }, form, price);
        // A byte-level tokenizer may have no token for what is written, and then takes it byte by byte.
        const asked = new TextEncoder().encode(`${content}${form.instructions}`).length;
        expect(worst.promptTokens).toBeGreaterThanOrEqual(asked);
        expect(amountOf(noCost)).toEqual(none);
      }),
    );
  });
});
