import { builtinEnvironments, randomStream, uniform } from '@rewardsmith/environments';
import { rowAt } from '@rewardsmith/rollouts';
import { beforeAll, describe, expect, it } from 'vitest';
import { Collector, capacityFor } from '../src/collector.ts';
import { search } from '../src/limits.ts';

describe.each([...builtinEnvironments.values()])('Collector on $definition.name', (environment) => {
  const { maxEpisodeSteps } = environment.definition;

  beforeAll(() => environment.library?.load());

  const collectorOf = (episodes: number) => new Collector(environment, { steps: episodes * maxEpisodeSteps, episodes });
  const requests = (collector: Collector) => {
    const random = randomStream(9);
    return Array.from({ length: 5 }, (_, seed) => ({
      weights: Float64Array.from({ length: collector.policy.parameterCount }, () => uniform(random, -1, 1)),
      seed,
    }));
  };
  const rows = (collector: Collector) => {
    const all: unknown[] = [];
    const firsts: number[] = [];
    const steps = collector.run(requests(collector), (rollout, first) => {
      firsts.push(first);
      for (let row = 0; row < rollout.steps; row += 1) all.push(rowAt(rollout, row));
    });
    return { all, firsts, steps };
  };

  it('runs the same episodes in one part or in many', () => {
    const whole = rows(collectorOf(5));
    const parts = rows(collectorOf(2));
    expect(whole.firsts).toEqual([0]);
    expect(parts.firsts.length).toBeGreaterThan(1);
    expect(parts.all).toEqual(whole.all);
    expect(whole.steps).toBe(whole.all.length);
  });

  it('ends every episode by its task or by its length, never both, and hands each state on', () => {
    const collector = collectorOf(5);
    collector.run(requests(collector), (rollout) => {
      for (let episode = 0; episode < rollout.episodes; episode += 1) {
        const [from, to] = rollout.span(episode);
        const last = rowAt(rollout, to - 1);
        expect(last.terminated !== last.truncated).toBe(true);
        expect(last.truncated).toBe(to - from === maxEpisodeSteps && !last.terminated);
        for (let row = from; row + 1 < Math.min(to, from + 20); row += 1) {
          const here = rowAt(rollout, row);
          expect(here.terminated || here.truncated).toBe(false);
          expect(rowAt(rollout, row + 1).obs).toEqual(here.next);
        }
      }
    });
  });

  it('keeps to the limit of its buffer', () => {
    const { rollout } = new Collector(environment, capacityFor(environment, 100_000));
    expect(rollout.capacity.steps).toBeGreaterThanOrEqual(maxEpisodeSteps);
    expect(rollout.buffer.byteLength).toBeLessThan(search.rolloutBytes + 4 * 100_002);
  });
});
