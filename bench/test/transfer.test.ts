import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GymnasiumTask, gymnasiumTasks, gymnasiumTasksNamed } from '../src/transfer/gymnasium.ts';
import { openTrainer, ours, type Trainer, trainerIsInstalled } from '../src/transfer/python.ts';
import { contestantsOf, foundBy } from '../src/transfer/rewards.ts';
import { standingOf, type Training, transferRows } from '../src/transfer/summary.ts';

const trained = (environment: string, reward: string, here: readonly number[], there: readonly number[]): Training[] =>
  [['here', here] as const, ['there', there] as const].flatMap(([where, values]) =>
    values.map((fitness, seed) => ({ where, environment, reward, seed, fitness })),
  );

describe('the standing of what was found', () => {
  const acrobot = [
    ...trained('acrobot', 'sparse', [-300, -100], [-500, -500]),
    ...trained('acrobot', 'human', [-100, -100], [-80, -120]),
    ...trained('acrobot', 'found 0', [-90, -90], [-150, -150]),
  ];
  const cartpole = ['sparse', 'human', 'found 0'].flatMap((reward) => trained('cartpole', reward, [500], [499]));

  it('gives means, spreads and scores in both places', () => {
    const found = transferRows(acrobot).find(({ reward }) => reward === 'found 0');
    expect(found?.here).toMatchObject({ fitness: -90, deviation: 0, seeds: 2, score: 1.1 });
    expect(found?.there.score).toBeCloseTo(350 / 400, 12);
    expect(transferRows(acrobot)[0]?.here.deviation).toBeCloseTo(141.42, 2);
  });

  it('counts tasks where it is no worse than the human reward, and how far both places agree on the order', () => {
    expect(standingOf(transferRows([...acrobot, ...cartpole]))).toMatchObject({
      tasks: 2,
      searched: 2,
      noWorseThanHuman: { here: 1, there: 0.5, both: 0.5 },
      agreement: { cartpole: null },
      meanAgreement: expect.closeTo(1 / 3, 12),
    });
  });

  it('says nothing where a place is missing or nothing was found', () => {
    expect(transferRows(acrobot.filter(({ where }) => where === 'here'))).toEqual([]);
    const known = transferRows(acrobot.filter(({ reward }) => reward !== 'found 0'));
    expect(standingOf(known).noWorseThanHuman).toBeNull();
  });
});

it("takes one method's searches from a file of the evolution bench", () => {
  const search = (method: string, seed: number) => ({ environment: 'acrobot', method, seed, source: `// ${seed}` });
  const text = JSON.stringify({ searches: [search('evolution', 1), search('greedy', 0), search('evolution', 0)] });
  expect(foundBy(text, 'evolution', 1)).toEqual([search('evolution', 0)]);
  expect(() => foundBy(text, 'random', 1)).toThrow(/no search by "random"/);
  const [acrobot] = gymnasiumTasksNamed(['acrobot']);
  const names = contestantsOf(ours(acrobot as GymnasiumTask), foundBy(text, 'evolution', 9)).map(
    ({ reward }) => reward,
  );
  expect(names).toEqual(['sparse', 'human', 'shaped', 'found 0', 'found 1']);
  expect(() => gymnasiumTasksNamed(['hopper'])).toThrow(/no task like "hopper"; it has cartpole/);
});

const describeWithTrainer = (name: string, suite: () => void) =>
  trainerIsInstalled || process.env['REWARDSMITH_REQUIRE_SERVERS'] === '1'
    ? describe(name, suite)
    : describe.skip(`${name} (skipped: run .ci/install-python for Gymnasium and Stable-Baselines3)`, suite);

describeWithTrainer('in Gymnasium', () => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await openTrainer();
  });
  afterAll(() => trainer.close());

  it.each(gymnasiumTasks.map((task) => [task.id, task] as const))(
    '%s steps as our fields say, ends where we do, and pays our human reward',
    async (_, task) => {
      const { worst, ends } = await trainer.check(task);
      expect(Object.keys(worst)).toContain('human reward');
      for (const off of Object.values(worst)) expect(off).toBeLessThan(task.tolerance);
      if (task.environment !== 'pendulum') expect(ends).toBeGreaterThan(0);
    },
  );

  it('sees fields that are called by the names of others', async () => {
    const [task] = gymnasiumTasksNamed(['pendulum']);
    if (task === undefined) throw new Error('there is no pendulum');
    const { worst } = await trainer.check({
      ...task,
      law: task.law.replace('state.sinAngle, state.cosAngle', 'state.cosAngle, state.sinAngle'),
    });
    expect(worst['angle']).toBeGreaterThan(0.1);
  });

  it('trains on an exported reward with memory, and measures it by the exported fitness', async () => {
    const [task] = gymnasiumTasksNamed(['cartpole']);
    if (task === undefined) throw new Error('there is no cart-pole');
    const reward = `export const memory = { steps: 0 };
export function reward({ next, memory }) {
  return { components: { still: memory.steps > 0 ? Math.cos(4 * next.poleAngle) : 0 }, memory: { steps: memory.steps + 1 } };
}
`;
    const settings = { task, reward, steps: 3_072, seed: 1, episodes: 20, measuredFrom: 2 };
    const { fitness, gymnasiumReturn } = await trainer.train(settings);
    // Random actions last some 22 steps.
    expect(fitness).toBeGreaterThan(30);
    // Gymnasium pays the last step of a fall, too.
    expect(gymnasiumReturn - fitness).toBeGreaterThanOrEqual(0);
    expect(gymnasiumReturn - fitness).toBeLessThanOrEqual(1);
    await expect(
      trainer.train({
        ...settings,
        reward: 'export function reward({ next }) { return { bad: Math.log(next.cartPosition) }; }',
      }),
    ).rejects.toThrow(/CartPole-v1: FloatingPointError/);
  });
});
