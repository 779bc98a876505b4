import { actionSize, boundAt, Environment, Fitness, fieldSize } from '@rewardsmith/contracts';
import { compile } from '@rewardsmith/language';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltinEnvironment,
  builtinEnvironments,
  drawVariation,
  randomStream,
  uniform,
  type Variation,
} from '../src/index.ts';

/** Steps for which a random action is kept, so that bodies get somewhere. */
const KEPT = 6;

/** Observations of one episode under random actions. */
function randomEpisode({ definition, create }: BuiltinEnvironment, seed: number, variation?: Variation): number[][] {
  const random = randomStream(seed);
  const simulator = create(variation);
  simulator.reset(random);
  const rows = [[...simulator.observation]];
  const action = new Float64Array(actionSize(definition.action));
  for (let step = 0; step < definition.maxEpisodeSteps; step += 1) {
    for (let index = 0; step % KEPT === 0 && index < action.length; index += 1) {
      action[index] =
        definition.action.kind === 'discrete'
          ? Math.floor(uniform(random, 0, definition.action.n))
          : uniform(random, boundAt(definition.action.low, index) ?? -1, boundAt(definition.action.high, index) ?? 1);
    }
    const ended = simulator.step(action);
    rows.push([...simulator.observation]);
    if (ended) break;
  }
  return rows;
}

describe.each([...builtinEnvironments])('%s', (name, builtin) => {
  const { definition } = builtin;

  beforeAll(() => builtin.library?.load());

  it('is declared by a valid environment with a description for every field', () => {
    expect(Environment.parse(definition)).toEqual(definition);
    expect(Fitness.parse(builtin.fitness)).toEqual(builtin.fitness);
    expect(definition.name).toBe(name);
    expect(definition.description).not.toBe('');
    for (const field of definition.observation) expect(field.description, field.name).not.toBe('');
  });

  it('states success, fitness and both rewards in the reward language', () => {
    const programs = [
      { source: builtin.success, entry: 'success' },
      { source: builtin.fitness.source, entry: 'success' },
      { source: builtin.sparseReward, entry: 'reward' },
      { source: builtin.humanReward, entry: 'reward' },
    ] as const;
    for (const { source, entry } of programs) {
      const { ok, findings } = compile(source, definition, { entry });
      expect({ ok, findings: findings.filter(({ severity }) => severity === 'error') }).toEqual({
        ok: true,
        findings: [],
      });
    }
  });

  it('shows its policies only fields that it declares', () => {
    const names = definition.observation.map((field) => field.name);
    for (const field of builtin.policyFields ?? []) expect(names).toContain(field);
  });

  it('observes every declared entry, finite and within its bounds', () => {
    const bounds = definition.observation.flatMap((field) =>
      Array.from({ length: fieldSize(field) }, (_, index) => ({
        field: `${field.name}[${index}]`,
        low: boundAt(field.low, index) ?? Number.NEGATIVE_INFINITY,
        high: boundAt(field.high, index) ?? Number.POSITIVE_INFINITY,
      })),
    );
    for (let seed = 0; seed < 20; seed += 1) {
      const variation = seed % 2 === 0 ? undefined : drawVariation(builtin.dynamics, randomStream(seed, 1));
      for (const row of randomEpisode(builtin, seed, variation)) {
        expect(row).toHaveLength(bounds.length);
        for (const [index, { field, low, high }] of bounds.entries()) {
          const value = row[index] ?? NaN;
          if (!(Number.isFinite(value) && value >= low && value <= high)) {
            expect.fail(`${field} is ${value}, outside [${low}, ${high}]`);
          }
        }
      }
    }
  });

  it('has dynamics that can be varied, each number by itself', () => {
    const { dynamics } = builtin;
    expect(Object.keys(dynamics)).not.toEqual([]);
    const seeds = Array.from({ length: 5 }, (_, seed) => seed);
    const published = seeds.map((seed) => randomEpisode(builtin, seed));
    for (const [name, { value, low, high }] of Object.entries(dynamics)) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(seeds.map((seed) => randomEpisode(builtin, seed, { [name]: value }))).toEqual(published);
      expect(
        seeds.map((seed) => randomEpisode(builtin, seed, { [name]: high })),
        name,
      ).not.toEqual(published);
      expect(() => builtin.create({ [name]: high + 1 })).toThrow(RangeError);
    }
    expect(() => builtin.create({ colour: 1 })).toThrow('no dynamics constant "colour"; there are');
  });

  it('repeats an episode from its seed, and starts otherwise from another seed', () => {
    const first = randomEpisode(builtin, 3);
    expect(randomEpisode(builtin, 3)).toEqual(first);
    expect(randomEpisode(builtin, 4)).not.toEqual(first);
  });
});

describe('randomStream', () => {
  it('gives neighbouring seeds unrelated first draws', () => {
    const draws = Array.from({ length: 1000 }, (_, seed) => uniform(randomStream(seed), 0, 1));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const lagged = draws.slice(1).reduce((sum, value, index) => sum + (value - 0.5) * ((draws[index] ?? 0) - 0.5), 0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(lagged / 999 / (1 / 12))).toBeLessThan(0.12);
  });
});
