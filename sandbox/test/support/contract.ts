import type { Outcome } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { type Labels, labelStatistics, Rollout } from '@rewardsmith/rollouts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, SandboxRequestError, type SandboxSettings } from '../../src/index.ts';
import { environment, rollout } from './programs.ts';

/** Limits that the suite passes on purpose. */
const settings: Partial<SandboxSettings> = { components: 3, programLength: 2_000, rows: 500, outputBytes: 10_000 };

const cosine = `export const params = { weight: 2 };
export function reward({ next, params }) {
  return { upright: params.weight * Math.cos(next.angle) };
}`;

function labelsOf(outcome: Outcome<Labels>): Labels {
  if (outcome.kind !== 'ok') throw new Error(`labels expected, the run ended as ${outcome.kind}`);
  return outcome.value;
}

/** What every sandbox does, whatever stands behind it: `open` starts one with at least these settings. */
export function sandboxContract(name: string, open: (settings: Partial<SandboxSettings>) => Promise<Sandbox>): void {
  describe(name, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await open(settings);
    });
    afterAll(() => sandbox.close());

    describe('label', () => {
      test('takes source text and gives one number per component per row', async () => {
        const recorded = rollout(100);
        const outcome = await sandbox.label({ tenant: 'tenant', source: cosine, environment, rollout: recorded });
        expect(outcome).toMatchObject({ kind: 'ok', value: { names: ['upright', 'total'] } });
        const angles = recorded.column({ role: 'next', field: 'angle', index: 0 });
        expect(outcome.kind === 'ok' && [...(outcome.value.columns[0] ?? [])]).toEqual(
          [...angles].map((angle) => 2 * Math.cos(angle)),
        );
      });

      test('sees what a rollout holds now, not what it held at the last call', async () => {
        const recorded = rollout(100);
        const column = recorded.column({ role: 'next', field: 'angle', index: 0 });
        const label = async () => {
          const outcome = await sandbox.label({ tenant: 'tenant', source: cosine, environment, rollout: recorded });
          return outcome.kind === 'ok' ? outcome.value.columns[0]?.[3] : outcome.kind;
        };
        column[3] = 0;
        expect(await label()).toBe(2);
        column[3] = Math.PI;
        expect(await label()).toBe(-2);
      });

      test.each([
        ['reads a global', 'export function reward() { return { a: process.pid }; }'],
        ['loops without end', 'export function reward() { for (;;) {} return { a: 1 }; }'],
        [
          'reaches for a constructor',
          'export function reward({ obs }) { return { a: obs.constructor.constructor("return 1")() }; }',
        ],
        ['is not JavaScript', 'export function reward( {'],
        ['has more components than allowed', 'export function reward() { return { a: 1, b: 2, c: 3, d: 4 }; }'],
        ['is longer than allowed', `${cosine}\n// ${'x'.repeat(2_000)}`],
      ])('refuses a program that %s, with findings, before it reaches a runner', async (_, source) => {
        // A spare may come up meanwhile.
        const runs = () => sandbox.status().runners.flatMap((runner) => (runner.runs > 0 ? [runner.runs] : []));
        const before = runs();
        const outcome = await sandbox.label({ tenant: 'tenant', source, environment, rollout: rollout(20) });
        expect(outcome).toMatchObject({ kind: 'rejected', findings: [expect.objectContaining({ severity: 'error' })] });
        expect(runs()).toEqual(before);
      });

      test('refuses labels that would be larger than allowed', async () => {
        const source = 'export function reward() { return { a: 1, b: 2, c: 3 }; }';
        const outcome = await sandbox.label({ tenant: 'tenant', source, environment, rollout: rollout(400) });
        expect(outcome).toMatchObject({ kind: 'rejected', findings: [{ code: 'output-too-large' }] });
      });

      test('refuses a rollout with too many rows as the request of whoever sent it', async () => {
        const request = sandbox.label({ tenant: 'tenant', source: cosine, environment, rollout: rollout(600) });
        await expect(request).rejects.toBeInstanceOf(SandboxRequestError);
      });
    });

    describe('label, asked for some components', () => {
      const source = `export function reward({ next }) {
        return { upright: Math.cos(next.angle), far: 1 / (next.position[0] - next.position[0]) };
      }`;
      const label = (recorded: Rollout, components?: readonly string[]) =>
        sandbox.label({ tenant: 'tenant', source, environment, rollout: recorded, ...(components && { components }) });

      test('brings those, in the order asked, as they are among all', async () => {
        const recorded = rollout(100);
        const every = labelsOf(await label(recorded));
        const some = labelsOf(await label(recorded, ['total', 'upright']));
        expect(some).toEqual({ names: ['total', 'upright'], columns: [every.columns[2], every.columns[0]] });
        expect(labelsOf(await label(recorded, []))).toEqual({ names: [], columns: [] });
      });

      test('blames whoever asks for one that the program has not', async () => {
        const asked = label(rollout(20), ['downright']);
        await expect(asked).rejects.toMatchObject({ code: 'unknown-component' });
      });

      test('blames whoever asks for one twice, whose labels would be more than are allowed', async () => {
        const asked = label(rollout(20), ['upright', 'total', 'upright']);
        await expect(asked).rejects.toMatchObject({ code: 'repeated-component' });
      });
    });

    test('an open rollout that is written anew while its request waits is labelled as it stood, and no later request by what it became', async () => {
      const [open, same] = [rollout(100), rollout(100).seal()];
      const request = { tenant: 'tenant', source: cosine, environment };
      const expected = labelsOf(await sandbox.label({ ...request, rollout: rollout(100) })).columns[0];
      for (const steps of [400, 60]) {
        const first = rollout(100, steps);
        const asked = [
          sandbox.label({ ...request, rollout: rollout(500, steps) }),
          sandbox.label({ ...request, rollout: open }),
          sandbox.label({ ...request, rollout: first }),
        ];
        for (const each of [open, first]) {
          each.clear();
          for (const column of each.columns) column.fill(9);
          each.steps = Math.min(steps, 100);
          each.endEpisode();
        }
        const [, second, third] = await Promise.all(asked);
        expect(second && labelsOf(second).columns[0]).toEqual(expected);
        expect(third && labelsOf(third).columns[0]).toHaveLength(100);
        expect(labelsOf(await sandbox.label({ ...request, rollout: same })).columns[0]).toEqual(expected);
        expect(labelsOf(await sandbox.label({ ...request, rollout: first })).columns[0]?.at(-1)).toBe(2 * Math.cos(9));
        const measured = await sandbox.measure({ ...request, rollout: same });
        expect(measured.kind === 'ok' && measured.value.components[0]?.min).toHaveLength(same.episodes);
        open.clear();
        const again = rollout(100);
        open.columns.forEach((column, index) => {
          column.set(again.columns[index] ?? []);
        });
        for (let episode = 1; episode <= again.episodes; episode += 1) {
          open.steps = again.episodeOffsets[episode] ?? 0;
          open.endEpisode();
        }
      }
    });

    describe('measure', () => {
      const source = `export function reward({ next }) {
        return { upright: Math.cos(next.angle), root: Math.sqrt(next.angle), steep: next.angle / 0 };
      }`;

      test('gives the statistics of the columns that label gives, bit for bit, values that are not finite included', async () => {
        const recorded = rollout(90);
        const request = { tenant: 'tenant', source, environment, rollout: recorded };
        const columns = labelsOf(await sandbox.label(request));
        const measured = await sandbox.measure(request);
        const offsets = recorded.episodeOffsets.subarray(0, recorded.episodes + 1);
        expect(measured).toMatchObject({ kind: 'ok' });
        expect(measured.kind === 'ok' && measured.value).toEqual(labelStatistics(columns, offsets));
      });

      test('sees what an open rollout holds now, and what it held when it was sealed', async () => {
        const open = rollout(20);
        const least = async (recorded: Rollout) => {
          const outcome = await sandbox.measure({ tenant: 'tenant', source, environment, rollout: recorded });
          return outcome.kind === 'ok' ? outcome.value.components[0]?.min[0] : outcome.kind;
        };
        const angle = open.column({ role: 'next', field: 'angle', index: 0 });
        await least(open);
        angle[3] = Math.PI;
        expect(await least(open)).toBe(-1);
        open.seal();
        expect(await least(open)).toBe(-1);
      });

      test('refuses statistics of so many episodes that they would be larger than allowed', async () => {
        const episodes = Rollout.allocate(environment, { steps: 110, episodes: 110 });
        while (episodes.steps < 110) {
          episodes.steps += 1;
          episodes.endEpisode();
        }
        const request = { tenant: 'tenant', source: cosine, environment, rollout: episodes };
        expect(await sandbox.label(request)).toMatchObject({ kind: 'ok' });
        const measured = await sandbox.measure(request);
        expect(measured).toMatchObject({ kind: 'rejected', findings: [{ code: 'output-too-large' }] });
      });

      test('refuses what label refuses', async () => {
        const request = { tenant: 'tenant', environment };
        const outcome = await sandbox.measure({ ...request, source: 'export const reward = 1;', rollout: rollout(20) });
        expect(outcome.kind).toBe('rejected');
        const tooLong = sandbox.measure({ ...request, source: cosine, rollout: rollout(600) });
        await expect(tooLong).rejects.toMatchObject({ code: 'rollout-too-large' });
      });
    });

    describe('train', () => {
      const cartpole = builtinEnvironments.get('cartpole');
      if (cartpole === undefined) throw new Error('cartpole is built in');
      const request = {
        tenant: 'tenant',
        environment: 'cartpole',
        reward: 'export function reward({ terminated }) { return { alive: terminated ? 0 : 1 }; }',
        fitness: cartpole.fitness,
        environmentSteps: 60_000,
        seed: 1,
        evaluation: { seed: 2, episodes: 5 },
      };

      test('returns the run, sample episodes and the policy, tells of progress, and repeats itself', async () => {
        const steps: number[] = [];
        const options = {
          onProgress: (progress: { environmentSteps: number }) => steps.push(progress.environmentSteps),
        };
        const first = await sandbox.train(request, options);
        const second = await sandbox.train(request);
        if (first.kind !== 'ok' || second.kind !== 'ok') throw new Error(`${first.kind}, ${second.kind}`);
        expect(first.value.run.episodes).toBe(5);
        expect(first.value.run.environmentSteps).toBeGreaterThanOrEqual(60_000);
        expect(first.value.episodes.length).toBeGreaterThan(0);
        expect(steps.length).toBeGreaterThan(0);
        expect(second.value.policy).toEqual(first.value.policy);
        expect(second.value.run.fitness).toBe(first.value.run.fitness);
      });

      test('refuses a reward outside the language', async () => {
        const outcome = await sandbox.train({ ...request, reward: 'export const reward = () => Math.random();' });
        expect(outcome.kind).toBe('rejected');
      });

      test('blames whoever asked for a fitness that is no program or an environment that is unknown', async () => {
        const fitness = { source: 'nonsense(', aggregate: 'sum' as const };
        await expect(sandbox.train({ ...request, fitness })).rejects.toMatchObject({ code: 'invalid-fitness' });
        const environmentName = { ...request, environment: 'nowhere' };
        await expect(sandbox.train(environmentName)).rejects.toMatchObject({ code: 'unknown-environment' });
      });

      test('a signal ends it in the middle, and its runner with it', async () => {
        const abort = new AbortController();
        const training = sandbox.train(
          { ...request, environmentSteps: 200_000_000 },
          { signal: abort.signal, onProgress: () => abort.abort(new Error('cancelled')) },
        );
        await expect(training).rejects.toThrow('cancelled');
        expect(sandbox.status().busy).toBe(0);
      });
    });
  });
}
