import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskEvent } from '@rewardsmith/contracts';
import { confirmationTrainings } from '@rewardsmith/engine/confirmation';
import { builtinEnvironments } from '@rewardsmith/environments';
import { afterAll, describe, expect, it } from 'vitest';
import { incumbents, submissionFor } from '../src/evolution/measure.ts';
import { checkJoined, type Measured, searchesIn } from '../src/evolution/measured.ts';
import { methodsNamed } from '../src/evolution/methods.ts';
import { planOf } from '../src/evolution/plan.ts';
import { costTo, rowsOf, standingsOf } from '../src/evolution/summary.ts';

const point = (environmentSteps: number, fitness: number) => ({
  environmentSteps,
  proposals: environmentSteps,
  designed: environmentSteps / 2,
  fitness,
});

describe('the cost of a fitness', () => {
  it('is where the curve reaches it for good, since a search cannot know that it was better before', () => {
    expect(costTo([[point(1, 100), point(2, 80), point(6, 96)]], 'environmentSteps', 95)).toBe(6);
    expect(costTo([[point(1, 100), point(2, 80)]], 'environmentSteps', 95)).toBeUndefined();
    expect(costTo([[point(3, 95)]], 'environmentSteps', 95)).toBe(3);
  });

  it('is that of the mean over seeds, once every seed has a candidate', () => {
    expect(costTo([[point(1, 10)], [point(4, 20)]], 'environmentSteps', 15)).toBe(4);
    expect(costTo([[point(1, 10)], [point(4, 20)]], 'environmentSteps', 16)).toBeUndefined();
  });
});

function searched(method: string, seed: number, fitness: number, steps: number): Measured {
  return {
    environment: 'acrobot',
    method,
    seed,
    version: 'one',
    trainings: 60,
    fitness,
    searchFitness: fitness,
    sparse: 0,
    human: 100,
    environmentSteps: steps,
    evaluationSteps: steps / 10,
    proposals: 8,
    designed: 6,
    modelCalls: 0,
    trainingSeconds: 1,
    source: '',
    curve: [point(steps, fitness)],
  };
}

describe('searches of other runs', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-joined-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const written = (name: string, content: unknown): string => {
    const file = join(directory, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const first = written('first.json', { rows: [], searches: [searched('evolution', 0, 1, 1)] });

  it('are joined by task, method and seed, each once', async () => {
    const second = written('second.json', { searches: [searched('evolution', 1, 2, 1), searched('greedy', 0, 3, 1)] });
    const found = await searchesIn([first, second]);
    expect([...found].map(([key, { fitness }]) => [key, fitness])).toEqual([
      ['acrobot, evolution, seed 0', 1],
      ['acrobot, evolution, seed 1', 2],
      ['acrobot, greedy, seed 0', 3],
    ]);
    await expect(searchesIn([first, first])).rejects.toThrow('acrobot, evolution, seed 0 again');
  });

  it('are refused where the run makes no such search, or gives it another budget', async () => {
    const joined = await searchesIn([first]);
    const key = 'acrobot, evolution, seed 0';
    expect(() => checkJoined(joined, new Map([[key, 60]]))).not.toThrow();
    expect(() => checkJoined(joined, new Map([[key, 30]]))).toThrow(`${key} with 60 trainings; this run gives it 30`);
    expect(() => checkJoined(joined, new Map([['acrobot, greedy, seed 0', 60]]))).toThrow(`${key}, which this run`);
  });

  it('are refused where a file is none of a run', async () => {
    const other = written('other.json', { searches: [{ environment: 'acrobot' }] });
    await expect(searchesIn([other])).rejects.toThrow(/other\.json is not what bench evolution --out writes/);
  });
});

describe('the searches of a run', () => {
  const plan = (...given: readonly (readonly [string, string])[]) =>
    planOf(new Map(given)).searches.map(
      ({ environment, method, seed, trainings }) =>
        `${environment.definition.name} ${method.name} ${seed} ${trainings}`,
    );

  it('are those of the suite, where robots have half, or of the options', () => {
    const full = plan(['suite', 'full'], ['first-seed', '20']);
    expect(full).toHaveLength(10 * 5 * 2 + 5 * 3 * 2);
    expect(full).toContain('acrobot random 21 60');
    expect(full).toContain('hopper greedy 20 30');
    expect(full).not.toContain('hopper random 20 30');
    expect(plan(['suite', 'full'], ['tasks', 'hopper'], ['methods', 'random'], ['trainings', '8'])).toEqual([
      'hopper random 0 8',
      'hopper random 1 8',
    ]);
  });

  it.each([
    [['suite', 'whole'], '--suite takes quick, ablation, full, not "whole"'],
    [['tasks', 'moon'], 'no built-in environment "moon"'],
    [['methods', 'luck'], 'no method "luck"'],
    [['seeds', 'x'], '--seeds takes a number of at least 0, not "x"'],
    [['seeds', '0'], 'ask for no search'],
    [['trainings', '1.5'], '--trainings takes a whole number, not "1.5"'],
    [['reference', 'random'], '--reference takes one of the methods that are run'],
  ] as const)('cannot be had of %j', (given, message) => {
    expect(() => plan(given)).toThrow(message);
  });
});

describe('standings', () => {
  const all = [searched('evolution', 0, 120, 10), searched('evolution', 1, 100, 10), searched('greedy', 0, 90, 40)];

  it('give means, scores and ratios against the reference', () => {
    const rows = rowsOf(all, 'greedy');
    expect(rows[0]).toMatchObject({ method: 'evolution', fitness: 110, humanScore: 1.1, stepsRatio: 4, seeds: 2 });
    expect(rows[0]?.designedRatio).toBe(4);
    expect(standingsOf(rows)[0]).toMatchObject({ betterThanHuman: 1, stepsRatio: 4, worseThanIndependent: null });
  });

  it('say where a method is surely better or worse than the human reward, from the same seeds', () => {
    const pair = (method: string, fitness: readonly number[]) =>
      fitness.map((value, seed) => ({ ...searched(method, seed, value, 1), human: seed === 0 ? 40 : 80 }));
    const all = [...pair('ahead', [42.9, 83]), ...pair('level', [41, 83]), ...pair('behind', [36.1, 76])];
    expect(
      standingsOf(rowsOf(all, 'absent')).map((each) => [each.method, each.surelyBetter, each.surelyWorse]),
    ).toEqual([
      ['ahead', ['acrobot'], []],
      ['level', [], []],
      ['behind', [], ['acrobot']],
    ]);
  });

  it('count a fitness as reached that is less by no more than says nothing', () => {
    const close = [searched('own', 0, 497.6, 10), searched('far', 0, 480, 10), searched('greedy', 0, 498.2, 40)];
    expect(rowsOf(close, 'greedy').map(({ stepsRatio }) => stepsRatio)).toEqual([4, 0, 1]);
    const human = [
      { ...searched('own', 0, 497.6, 10), human: 500 },
      { ...searched('far', 0, 480, 10), human: 500 },
    ];
    expect(
      standingsOf(rowsOf(human, 'own')).map(({ betterThanHuman, asGoodAsHuman }) => [betterThanHuman, asGoodAsHuman]),
    ).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });

  it('say what was not measured instead of calling it nothing', () => {
    expect(rowsOf(all, 'absent')[0]?.stepsRatio).toBeNull();
    const equal = rowsOf([{ ...searched('evolution', 0, 5, 1), human: 0 }], 'greedy');
    expect(equal[0]?.humanScore).toBeNull();
    const alike = rowsOf([{ ...searched('evolution', 0, 498, 1), sparse: 499.8, human: 500 }], 'greedy');
    expect(alike[0]?.humanScore).toBeNull();
  });

  it('name where a method is worse than independent sampling by more than their difference may err', () => {
    const spread = [-1, 1].flatMap((by, seed) => [
      searched('independent', seed, 100 + by, 1),
      searched('close', seed, 99.5 + by, 1),
      searched('poor', seed, 50 + by, 1),
    ]);
    const found = standingsOf(rowsOf(spread, 'independent'));
    expect(found.map(({ method, worseThanIndependent }) => [method, worseThanIndependent])).toEqual([
      ['independent', []],
      ['close', []],
      ['poor', ['acrobot']],
    ]);
  });
});

it('knows whom a search would have answered with at the end of each stage, in whatever order trainings ended', () => {
  const accepted = (candidateId: string, index: number) => ({
    type: 'candidate.accepted',
    candidateId,
    generation: 0,
    index,
    operator: candidateId === 'c' ? 'tune' : 'initial',
  });
  const measured = (type: 'screened' | 'evaluated', candidateId: string, mean: number, steps: number) => ({
    type: `candidate.${type}`,
    candidateId,
    generation: 0,
    fitness: { mean },
    spending: { environmentSteps: steps },
  });
  const events = (order: readonly number[]) => {
    const screened = [
      measured('screened', 'a', 3, 10),
      measured('screened', 'b', 9, 20),
      measured('screened', 'c', 9, 30),
    ];
    return [
      { type: 'generation.started', generation: 0, proposed: 4, refused: 1 },
      ...['a', 'b', 'c'].map(accepted),
      ...order.map((index) => screened[index]),
      { type: 'race.decided', generation: 0, promoted: ['b'], heldBack: 2 },
      measured('evaluated', 'b', 5, 50),
      { type: 'final.started', trainings: 15 },
    ] as unknown as TaskEvent[];
  };
  const expected = [{ candidateId: 'b', environmentSteps: 30, proposals: 4, designed: 2 }];
  expect(incumbents(events([0, 1, 2]))).toEqual(expected);
  expect(incumbents(events([2, 1, 0]))).toEqual(expected);
});

it('gives every method the same budget, what the choice between finalists costs included', () => {
  const acrobot = builtinEnvironments.get('acrobot');
  if (acrobot === undefined) throw new Error('there is no acrobot');
  const [own, greedy] = methodsNamed(['evolution', 'greedy']).map((method) => submissionFor(acrobot, method, 0, 24));
  const length = acrobot.training.environmentSteps;
  expect(greedy?.budget.environmentSteps).toBe(24 * length);
  expect(own?.budget.environmentSteps).toBe((24 - confirmationTrainings(own?.search.finalists ?? 0)) * length);
  expect(greedy?.evaluator.training.seeds).toBe(1);
  expect(() => methodsNamed(['eureka'])).toThrow(/no method "eureka".*greedy/);
});
