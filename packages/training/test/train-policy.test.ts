import type { TrainingRun } from '@rewardsmith/contracts';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import type { Rollout } from '@rewardsmith/rollouts';
import { describe, expect, it } from 'vitest';
import { type Labeller, type TrainingOptions, trainPolicy } from '../src/index.ts';
import { labeller } from './labellers.ts';

function environmentOf(name: string): BuiltinEnvironment {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(name);
  return environment;
}

const survival = labeller({ success: (at) => 1 - at('terminated') });
const lasted = labeller({ success: (at) => at('truncated') });
const upright = labeller({
  upright: (at) => Math.cos(4 * at('next', 'poleAngle')),
  centred: (at) => -0.1 * Math.abs(at('next', 'cartPosition')),
});

function balance(changes: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    environment: environmentOf('cartpole'),
    environmentSteps: 60_000,
    seed: 1,
    evaluation: { seed: 900, episodes: 10 },
    reward: upright,
    fitness: survival,
    aggregate: 'sum',
    success: lasted,
    ...changes,
  };
}

/** A run without its times, which are measured and differ. */
function timeless({ seconds: _, labellingSeconds: __, ...rest }: TrainingRun): object {
  return rest;
}

describe('trainPolicy', () => {
  it('measures the same policies once more under dynamics that were drawn for all rewards alike', () => {
    const evaluation = { seed: 900, episodes: 16, variations: 8 };
    const plain = trainPolicy(balance());
    const { run, episodes } = trainPolicy(balance({ evaluation: { ...evaluation, episodes: 10 } }));
    // The search and the usual measurement know nothing of it.
    expect(timeless({ ...run, varied: undefined, evaluationSteps: 0 })).toEqual(
      timeless({ ...plain.run, varied: undefined, evaluationSteps: 0 }),
    );
    expect(run.evaluationSteps).toBeGreaterThan(plain.run.evaluationSteps ?? 0);
    expect(run.varied).toMatchObject({ episodes: 8 });
    expect(run.varied?.fitness).toBeGreaterThan(200);
    // The worst episode of the worst variation is kept beside the usual ones.
    expect(episodes.slice(0, -1).every((episode) => episode.dynamics === undefined)).toBe(true);
    const shaken = run.varied?.variations.toSorted((a, b) => a.fitness - b.fitness)[0];
    expect(episodes.at(-1)?.dynamics).toEqual(shaken?.dynamics);
    const other = trainPolicy(balance({ evaluation, reward: survival })).run;
    expect(other.varied?.episodes).toBe(16);
    const drawn = (of: typeof run) => of.varied?.variations.map(({ dynamics }) => dynamics);
    expect(drawn(other)).toEqual(drawn(run));
    const { dynamics } = environmentOf('cartpole');
    for (const variation of drawn(run) ?? []) {
      expect(Object.keys(variation)).toEqual(Object.keys(dynamics));
      for (const [name, { low, high, value }] of Object.entries(dynamics)) {
        expect(variation[name]).toBeGreaterThanOrEqual(low);
        expect(variation[name]).toBeLessThanOrEqual(high);
        expect(variation[name]).not.toBe(value);
      }
    }
  });

  it('gives every variation of the dynamics its own fitness', () => {
    const lean = labeller({ lean: (at) => -Math.abs(at('next', 'poleAngle')) });
    const { run } = trainPolicy(balance({ reward: lean, evaluation: { seed: 900, episodes: 32, variations: 8 } }));
    const each = run.varied?.variations.map(({ fitness }) => fitness) ?? [];
    expect(new Set(each).size).toBeGreaterThan(4);
    expect(run.varied?.fitness).toBeCloseTo(each.reduce((sum, fitness) => sum + fitness, 0) / 8, 10);
  });

  it('learns to balance from a shaped reward, from each of several seeds', () => {
    for (const seed of [1, 2, 3]) {
      const { run } = trainPolicy(balance({ seed }));
      expect(run.fitness).toBeGreaterThan(450);
      expect(run.successRate).toBeGreaterThan(0.7);
      expect(run.untrainedFitness).toBeLessThan(20);
    }
  });

  it('tells a reward for balancing from one that pays for an early end', () => {
    const { run } = trainPolicy(balance({ reward: labeller({ lean: (at) => -Math.abs(at('next', 'poleAngle')) }) }));
    expect(run.fitness).toBeLessThan(50);
  });

  it('measures a reward on its episodes as they were, though it overwrites them', () => {
    const overwriting: Labeller = (rollout) => {
      const labels = upright(rollout);
      const columns = labels.columns.map((column) => column.slice());
      for (const column of rollout.columns) column.fill(0);
      rollout.episodeOffsets.fill(3);
      return { ...labels, columns };
    };
    const { episodes, run } = trainPolicy(balance({ environmentSteps: 20_000, reward: overwriting }));
    expect(run.episodes).toBe(10);
    // Its search goes the same way, too.
    const { seconds, labellingSeconds, ...same } = trainPolicy(
      balance({ environmentSteps: 20_000, reward: upright }),
    ).run;
    expect(run).toMatchObject(same);
    for (const { fitness, columns, terminated } of episodes) {
      const angles = columns['next.poleAngle'] ?? [];
      expect(angles.some((angle) => angle !== 0)).toBe(true);
      // Survival is 1 a step but the one that ends it.
      expect(fitness).toBe(angles.length - (terminated ? 1 : 0));
    }
  });

  it('tells energy from loitering on the mountain', () => {
    const reached = (at: Parameters<Parameters<typeof labeller>[0][string]>[0]) =>
      at('next', 'position') >= 0.45 ? 1 : 0;
    const task = balance({
      environment: environmentOf('mountain-car-continuous'),
      environmentSteps: 250_000,
      fitness: labeller({ success: (at) => 100 * reached(at) - 0.1 * at('action') ** 2 }),
      success: labeller({ success: reached }),
    });
    const good = labeller({
      goal: (at) => 100 * reached(at),
      energy: (at) => 0.45 * Math.sin(3 * at('next', 'position')) + 100 * at('next', 'velocity') ** 2 - 1,
      fuel: (at) => -0.1 * at('action') ** 2,
    });
    expect(trainPolicy({ ...task, reward: good }).run.fitness).toBeGreaterThan(85);
    const loitering = labeller({ speed: (at) => Math.abs(at('next', 'velocity')) });
    expect(trainPolicy({ ...task, reward: loitering }).run.fitness).toBeLessThan(0);
  });

  it('repeats to the last bit from the same seeds, and differs from others', () => {
    const first = trainPolicy(balance());
    const second = trainPolicy(balance());
    expect(second.policy).toEqual(first.policy);
    expect(second.episodes).toEqual(first.episodes);
    expect(timeless(second.run)).toEqual(timeless(first.run));
    expect(trainPolicy(balance({ seed: 2 })).policy).not.toEqual(first.policy);
  });

  it('goes the same way for rewards that rank all policies alike, and another for others', () => {
    const path = (reward: Labeller) => trainPolicy(balance({ reward })).run.path;
    const own = path(upright);
    expect(own).toMatch(/^[0-9a-f]{32}$/);
    // A power of two leaves every digit where it was.
    expect(
      path(
        labeller({
          both: (at) => 8 * (Math.cos(4 * at('next', 'poleAngle')) - 0.1 * Math.abs(at('next', 'cartPosition'))),
        }),
      ),
    ).toBe(own);
    expect(path(survival)).not.toBe(own);
  });

  it('chooses the policy without a look at the fitness', () => {
    const blind = trainPolicy(balance({ fitness: labeller({ success: (at) => at('terminated') }) }));
    expect(blind.policy).toEqual(trainPolicy(balance()).policy);
  });

  it('measures on episodes of the evaluation seed alone', () => {
    const first = trainPolicy(balance());
    const other = trainPolicy(balance({ evaluation: { seed: 901, episodes: 10 } }));
    expect(other.policy).toEqual(first.policy);
    expect(other.episodes.map(({ seed }) => seed)).not.toEqual(first.episodes.map(({ seed }) => seed));
  });

  it('keeps to its budget of environment steps', () => {
    for (const environmentSteps of [60_000, 150_000, 300_000]) {
      const { run } = trainPolicy(balance({ environmentSteps }));
      expect(run.environmentSteps).toBeLessThan(1.1 * environmentSteps);
      expect(run.environmentSteps).toBeGreaterThan(0.7 * environmentSteps);
    }
  });

  it('labels whole generations in one call', () => {
    let calls = 0;
    let labelled = 0;
    const counting: Labeller = (rollout: Rollout) => {
      calls += 1;
      labelled += rollout.steps;
      return upright(rollout);
    };
    const { run } = trainPolicy(balance({ reward: counting }));
    expect(labelled).toBeGreaterThanOrEqual(run.environmentSteps);
    expect(labelled / calls).toBeGreaterThan(500);
  });

  it('ranks returns that are no number under every other, and counts them', () => {
    const result = trainPolicy(
      balance({
        environmentSteps: 150_000,
        reward: labeller({ upright: (at) => (at('next', 'cartPosition') > 0.5 ? Number.NaN : 1) }),
      }),
    );
    expect(result.nonFiniteReturns).toBeGreaterThan(0);
    expect(result.run.fitness).toBeGreaterThan(300);
    expect(JSON.stringify(result.run)).not.toContain('null');
  });

  it('counts nothing when every return is a number, and survives when none is', () => {
    expect(trainPolicy(balance({ environmentSteps: 5_000 })).nonFiniteReturns).toBe(0);
    const hopeless = trainPolicy(balance({ environmentSteps: 5_000, reward: labeller({ broken: () => Number.NaN }) }));
    expect(hopeless.run.environmentSteps).toBeGreaterThan(0);
    expect(JSON.stringify(hopeless.run)).not.toContain('null');
  });

  it('looks at training about ten times, with the components of the reward', () => {
    const { run } = trainPolicy(balance());
    expect(run.checkpoints.length).toBeGreaterThanOrEqual(5);
    expect(run.checkpoints.length).toBeLessThanOrEqual(11);
    for (const look of run.checkpoints) {
      expect(Object.keys(look.components)).toEqual(['upright', 'centred']);
      const sum = Object.values(look.components).reduce((total, { mean }) => total + mean, 0);
      expect(sum).toBeCloseTo(look.return, 6);
    }
    const returns = run.checkpoints.map((look) => look.return);
    expect(returns).toEqual([...returns].sort((a, b) => a - b));
    expect(returns.at(-1)).toBeGreaterThan(returns[0] ?? Number.NaN);
  });

  it('shows the best, the worst and the median episode of the evaluation', () => {
    const { episodes, run } = trainPolicy(balance({ environmentSteps: 5_000 }));
    const [best, worst, median] = episodes.map(({ fitness }) => fitness);
    expect(best).toBeGreaterThanOrEqual(median ?? Number.POSITIVE_INFINITY);
    expect(median).toBeGreaterThanOrEqual(worst ?? Number.POSITIVE_INFINITY);
    expect(run.fitness).toBeLessThanOrEqual(best ?? Number.NEGATIVE_INFINITY);
    expect(run.fitness).toBeGreaterThanOrEqual(worst ?? Number.POSITIVE_INFINITY);
    for (const episode of episodes) {
      const steps = episode.columns['next.poleAngle']?.length ?? 0;
      expect(steps).toBeGreaterThan(0);
      for (const values of [...Object.values(episode.columns), ...Object.values(episode.components)]) {
        expect(values).toHaveLength(steps);
      }
      expect(Object.keys(episode.columns)).toContain('action');
      expect(Object.keys(episode.components)).toEqual(['upright', 'centred', 'total']);
      expect(episode.columns['terminated']?.at(-1) === 1).toBe(episode.terminated);
    }
  });

  it('reports progress that only grows and ends at what the run says', () => {
    const seen: number[] = [];
    const { run } = trainPolicy(balance({ onProgress: ({ environmentSteps }) => seen.push(environmentSteps) }));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.at(-1)).toBeLessThanOrEqual(run.environmentSteps);
  });
});
