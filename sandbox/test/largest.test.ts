import { Environment } from '@rewardsmith/contracts';
import { Rollout } from '@rewardsmith/rollouts';
import { describe, expect, test } from 'vitest';
import { limits } from '../src/limits.ts';
import { createSandbox } from '../src/sandbox.ts';
import { completeSettings } from '../src/settings.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { cosine, environment, rollout } from './support/programs.ts';
import { training } from './support/training.ts';

const recorded = rollout();

describe('honest requests as large as the limits allow', () => {
  const eight = Environment.parse({ ...environment, observation: [{ name: 'angle', shape: [8], unit: 'rad' }] });
  /** As many columns as an environment may have. */
  const widest = Environment.parse({
    ...environment,
    observation: Array.from({ length: 256 }, (_, place) => ({ name: `f${place}`, shape: [256] })),
    action: { kind: 'continuous', shape: [256], low: -1, high: 1 },
  });
  const fitting = Math.floor((limits.recordedBytes - 100) / Rollout.bytes(eight, { steps: 1, episodes: 0 }));

  /** Every column holds one number, from `first` on. */
  function filled(of: Environment, steps: number, episodes: number, first: number): Rollout {
    const made = Rollout.allocate(of, { steps, episodes });
    for (const [place, column] of made.columns.entries()) column.fill(first + place);
    for (let episode = 1; episode <= episodes; episode += 1) {
      made.steps = Math.floor((steps * episode) / episodes);
      made.endEpisode();
    }
    return made.seal();
  }

  test.each([
    { what: 'rows', of: environment, steps: limits.rows, episodes: 2, field: 'angle', index: 0 },
    { what: 'bytes', of: eight, steps: fitting, episodes: 2, field: 'angle', index: 7 },
    { what: 'episodes', of: environment, steps: limits.rows, episodes: limits.rows, field: 'angle', index: 0 },
    { what: 'columns', of: widest, steps: 200, episodes: 2, field: 'f255', index: 255 },
  ])(
    'a rollout of as many $what as the defaults allow is labelled, and another in its place',
    async ({ of, steps, episodes, field, index }) => {
      const sandbox = await createSandbox({ runners: 1, spares: 0, wallMilliseconds: 60_000 });
      try {
        for (const first of [1, 2]) {
          const largest = filled(of, steps, episodes, first);
          const expected = largest.column({ role: 'next', field, index })[0] ?? Number.NaN;
          const scalar = of === environment ? field : `${field}[${index}]`;
          const source = `export function reward({ next }) { return { a: next.${scalar} }; }`;
          const request = { tenant: 'tenant', source, environment: of, rollout: largest };
          const measured = await sandbox.measure(request);
          const [component] = measured.kind === 'ok' ? measured.value.components : [];
          expect([component?.max.length, component?.min[0], component?.max.at(-1)]).toEqual([
            episodes,
            expected,
            expected,
          ]);
          const labelled = await sandbox.label(request);
          const [column] = labelled.kind === 'ok' ? labelled.value.columns : [];
          expect([column?.length, column?.[0], column?.at(-1)]).toEqual([steps, expected, expected]);
        }
        expect(sandbox.status().started).toBe(1);
      } finally {
        await sandbox.close();
      }
    },
  );

  test("bytes of recorded rollouts: what a runner keeps of each of very many columns is not the candidate's", async () => {
    const sandbox = await createSandbox({ runners: 1, spares: 0 });
    const source = 'export function reward({ next }) { return { a: next.f255[255] }; }';
    try {
      for (let first = 0; first < 12; first += 1) {
        const row = filled(widest, 1, 1, first);
        expect(await sandbox.label({ tenant: 'tenant', source, environment: widest, rollout: row })).toMatchObject({
          kind: 'ok',
        });
      }
      expect(sandbox.status().started).toBe(1);
    } finally {
      await sandbox.close();
    }
  });

  test('rows: of episodes as many are allowed, those without steps among them', async () => {
    const sandbox = await createSandbox({ runners: 1, spares: 0, wallMilliseconds: 60_000 });
    const measure = (episodes: number) => {
      const largest = filled(environment, 100, episodes, 1);
      const source = 'export function reward({ next }) { return { a: next.angle }; }';
      return sandbox.measure({ tenant: 'tenant', source, environment, rollout: largest });
    };
    try {
      expect(await measure(limits.rows)).toMatchObject({ kind: 'ok' });
      await expect(measure(limits.rows + 1)).rejects.toMatchObject({ code: 'rollout-too-large' });
      expect(sandbox.status().started).toBe(1);
    } finally {
      await sandbox.close();
    }
  });

  test('what a runner sets aside for the service is back before its next request, and counted until then', async () => {
    const sandbox = await createSandbox({ runners: 1, spares: 0, wallMilliseconds: 60_000 });
    const terms = Array.from({ length: 15 }, (_, index) => `a${index}: next.angle + ${index}`);
    const request = {
      tenant: 'tenant',
      environment,
      source: `export function reward({ next }) { return { ${terms} }; }`,
    };
    const train = () => sandbox.train(training());
    try {
      const [long, episodes] = [filled(environment, limits.rows, 1, 1), filled(environment, 600_000, 600_000, 2)];
      const one = 'export function reward({ next }) { return { a: next.angle }; }';
      // 244 MB of labels, then another rollout; the same, then a training, and what comes right after it.
      for (const work of [
        () => sandbox.label({ ...request, rollout: long, components: ['a0'] }),
        () => sandbox.label({ ...request, rollout: recorded }),
        () => sandbox.label({ ...request, rollout: long, components: ['a1'] }),
        train,
        () => sandbox.label({ ...request, rollout: recorded }),
        // 55 MB of statistics each time.
        () => sandbox.measure({ ...request, source: one, rollout: episodes }),
        () => sandbox.measure({ ...request, source: one, rollout: episodes }),
        () => sandbox.measure({ ...request, source: one, rollout: episodes }),
      ])
        expect(await work()).toMatchObject({ kind: 'ok' });
      expect(sandbox.status().started).toBe(1);
    } finally {
      await sandbox.close();
    }
  });

  test('bytes of recorded rollouts: a runner that gives up a large one for a small one lives on', async () => {
    const [large, small] = [filled(environment, 2_000_000, 1, 1), filled(environment, 20_000, 1, 2)];
    const supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, recordedBytes: 138 * 2 ** 20 }));
    try {
      for (const used of [large, small, large, small]) {
        expect(await supervisor.label('tenant', cosine, used)).toMatchObject({ kind: 'ok' });
      }
      expect(supervisor.status.started).toBe(1);
    } finally {
      await supervisor.close();
    }
  });

  test('leave less behind than is allowed by default, of all sizes in turn', async () => {
    const sandbox = await createSandbox({ runners: 1, spares: 0 });
    const rollouts = [1, 20, 1_000, 50_000, 200_000, 500_000].map((steps, first) =>
      filled(environment, steps, 1, first),
    );
    try {
      for (let run = 1; run < limits.runsPerRunner; run += 1) {
        const of = rollouts[(run * 7 + Math.floor(run / 5)) % rollouts.length] ?? recorded;
        const terms = Array.from({ length: 1 + ((run * 5) % 17) }, (_, index) => `a${index}: next.angle + ${index}`);
        const source = `export function reward({ next }) { return { ${terms} }; }`;
        const request = { tenant: 'tenant', source, environment, rollout: of };
        const work = run % 25 === 0 ? 'train' : run % 2 === 0 ? 'label' : 'measure';
        const outcome = await (work === 'train' ? sandbox.train(training()) : sandbox[work](request));
        expect(outcome).toMatchObject({ kind: 'ok' });
      }
      expect(sandbox.status().started).toBe(1);
    } finally {
      await sandbox.close();
    }
  });
});
