import { TaskSubmission } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { openModelAccess } from '../src/model/access.ts';
import { forecast } from '../src/model/forecast.ts';

const role = (model: string) => ({ models: [{ model, weight: 1 }], maxTokens: 1_000 });
const operator = {
  roles: { designer: role('small'), critic: role('small'), analyzer: role('small') },
  prices: { small: { input: 1, output: 2 }, large: { input: 20, output: 40 } },
  caps: { call: {}, task: {}, tenant: {} },
};

async function forecastOf(wish: Readonly<Record<string, object>>, terms = operator) {
  const environment = builtinEnvironments.get('cartpole');
  if (environment === undefined) throw new Error('no cart-pole');
  const access = await openModelAccess(
    { kind: 'record', conversation: { format: 'rewardsmith-conversation-1', terms, calls: [] } },
    1,
  );
  const submission = TaskSubmission.parse({
    environment: 'cartpole',
    budget: { modelCalls: 70 },
    ...wish,
    search: { designer: 'model', generations: 2, tuner: 0, ...wish['search'] },
  });
  return forecast(submission, 'Keep the pole up.', environment, terms, access, { tokens: 0, money: 0 });
}

describe('a forecast', () => {
  it('reckons with the calls of every role that is asked', async () => {
    // 1.5 designs and a review, and an explanation of what may still be a parent.
    expect((await forecastOf({})).proposals).toBe(23);
    expect((await forecastOf({ search: { generations: 1 } })).proposals).toBe(28);
    expect((await forecastOf({ model: { summarise: false } })).proposals).toBe(28);
    expect((await forecastOf({ model: { summarise: false, review: false } })).proposals).toBe(46);
  });

  it('takes what the tuner makes for free', async () => {
    const [asked, tuned] = [await forecastOf({}), await forecastOf({ search: { tuner: 0.5 } })];
    expect(tuned.proposals).toBe(31);
    expect(tuned.tokensPerProposal / asked.tokensPerProposal).toBeCloseTo(0.75, 3);
  });

  it("pays each role's own price", async () => {
    const caps = { ...operator.caps, task: { money: 1 } };
    const cheap = await forecastOf({ budget: {} }, { ...operator, caps });
    const roles = { ...operator.roles, critic: role('large'), analyzer: role('large') };
    const dear = await forecastOf({ budget: {} }, { ...operator, roles, caps });
    expect(dear.proposals).toBeLessThan((cheap.proposals ?? 0) / 5);
    expect(dear.proposals).toBeGreaterThan(0);
    expect(dear.tokensPerProposal).toBe(cheap.tokensPerProposal);
  });
});
