import { limits as language } from '@rewardsmith/language';
import { Rollout } from '@rewardsmith/rollouts';
import { afterEach, describe, expect, test } from 'vitest';
import { limits } from '../src/limits.ts';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { createSandbox } from '../src/sandbox.ts';
import { completeSettings, type SandboxSettings } from '../src/settings.ts';
import { labelOn } from '../src/supervisor/labelling.ts';
import { snapshotOf } from '../src/supervisor/rollout-snapshot.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { until } from './support/processes.ts';
import { body, cosine, endless, environment, expectedCosine, kernel, rollout } from './support/programs.ts';
import { training } from './support/training.ts';

const recorded = rollout();
let supervisor: Supervisor | undefined;
afterEach(() => supervisor?.close());

const run = (settings: Partial<SandboxSettings>, program: ReturnType<typeof body>) => {
  supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000, ...settings }));
  return supervisor.label('tenant', program, recorded);
};

/** Fills 120 MB outside the isolate's heap, where its own limit does not look. */
const hoard = body('const kept = []; for (let i = 0; i < 15; i += 1) kept.push(new Float64Array(2 ** 20).fill(1));');
/** Some 300 ms of arithmetic on this class of machine. */
const busy = body('let x = 0; for (let i = 0; i < 3e8; i += 1) x += Math.sqrt(i); outputs[1][0] = x;');

describe('every limit bites when it is changed', () => {
  test('wall clock', async () => {
    expect(await run({ wallMilliseconds: 60_000 }, busy)).toMatchObject({ kind: 'ok' });
    await supervisor?.close();
    const outcome = await run({ wallMilliseconds: 50 }, busy);
    expect(outcome).toMatchObject({ kind: 'timed-out' });
  });

  test('CPU time', async () => {
    const outcome = await run({ cpuMilliseconds: 100 }, endless);
    expect(outcome).toMatchObject({ kind: 'timed-out', message: expect.stringMatching(/of CPU$/) });
  });

  test('resident memory', async () => {
    expect(await run({ isolateMegabytes: 512, memoryBytes: 512 * 2 ** 20 }, hoard)).toMatchObject({ kind: 'ok' });
    await supervisor?.close();
    const outcome = await run({ isolateMegabytes: 512, memoryBytes: 160 * 2 ** 20 }, hoard);
    expect(outcome).toMatchObject({ kind: 'out-of-memory', message: expect.stringMatching(/resident$/) });
  });

  test('heap of the isolate', async () => {
    const objects = body('const kept = []; for (let i = 0; i < 1e6; i += 1) kept.push({ i });');
    expect(await run({ isolateMegabytes: 200 }, objects)).toMatchObject({ kind: 'ok' });
    await supervisor?.close();
    expect(await run({ isolateMegabytes: 8, memoryBytes: 2 ** 30 }, objects)).toMatchObject({ kind: 'out-of-memory' });
  });

  test.each([1, 2])('runners at work at once: %i', async (runners) => {
    const given = new Supervisor(completeSettings({ runners, spares: 1, wallMilliseconds: 200 }));
    supervisor = given;
    // Both are there before the first request: a slow start is no limit.
    await until(() => given.status.idle === runners + 1);
    let left = 4;
    let most = 0;
    for (let run = left; run > 0; run -= 1) {
      given.label('tenant', endless, recorded).finally(() => {
        left -= 1;
      });
    }
    await until(() => {
      most = Math.max(most, given.status.busy);
      return left === 0;
    });
    expect(most).toBe(runners);
  });

  test.each([0, 2])('runners kept warm beside them: %i', async (spares) => {
    const given = new Supervisor(completeSettings({ runners: 1, spares }));
    supervisor = given;
    await until(() => given.status.idle === 1 + spares);
    expect(await given.label('tenant', cosine, recorded)).toMatchObject({ kind: 'ok' });
    expect([given.status.started, given.status.starting]).toEqual([1 + spares, 0]);
  });

  test('what earlier candidates left behind: a runner that keeps too much of it is not lent again', async () => {
    const objects = body('const kept = []; for (let i = 0; i < 4e5; i += 1) kept.push({ i, a: [i] });');
    const started = async (agedBytes: number, first: ReturnType<typeof body>) => {
      await run({ agedBytes }, first);
      await supervisor?.label('tenant', cosine, recorded);
      const count = supervisor?.status.started;
      await supervisor?.close();
      return count;
    };
    // A small program leaves some 3 MB behind, this one 40.
    expect(await started(20 * 2 ** 20, cosine)).toBe(1);
    expect(await started(20 * 2 ** 20, objects)).toBe(2);
    expect(await started(2 ** 30, objects)).toBe(1);
  });

  test('what earlier candidates left behind: labels of every size that the runner keeps are its own', async () => {
    const long = rollout(400_000);
    const wide = (count: number) =>
      kernel(
        '() => {}',
        [...Array(count).keys()].map((index) => `output${index}`),
      );
    await run({ agedBytes: 40 * 2 ** 20 }, cosine);
    // 92, 61 and 31 MB of labels, the last two again, and sizes that none of them had.
    for (const count of [30, 20, 10, 20, 10, 29, 28, 27]) {
      expect(await supervisor?.label('tenant', wide(count), long, undefined, ['output0'])).toMatchObject({
        kind: 'ok',
      });
    }
    expect(supervisor?.status.started).toBe(1);
  });

  const patient = { wallMilliseconds: 60_000, generationMilliseconds: 60_000, trainingMilliseconds: 60_000 };

  // The raw sandbox trains for 20,000 steps.
  test.each([
    { what: 'one call of a reward', given: { generationMilliseconds: 300 }, allowed: 300 },
    { what: 'a whole training', given: { trainingMilliseconds: 700 }, allowed: 700 },
    {
      what: 'each step of it',
      given: { trainingMilliseconds: 100, trainingMicrosecondsPerStep: 20 },
      allowed: 500,
    },
  ])('time of a training: $what', async ({ given, allowed }) => {
    const sandbox = new RawSandbox(['language'], { ...patient, ...given });
    try {
      expect(await sandbox.run('for (;;);', 'train')).toMatchObject({
        outcome: 'timed-out',
        reason: `ran longer than ${allowed} ms`,
      });
    } finally {
      await sandbox.close();
    }
  });

  test('time to compile', async () => {
    const source = `export function reward({ next }) {
      let product = 1;
      for (let turn = 0; turn < 3_000; turn += 1) product = product * (next.angle + turn);
      return { product };
    }`;
    const label = async (compileMilliseconds: number) => {
      const sandbox = await createSandbox({ runners: 1, spares: 0, wallMilliseconds: 60_000, compileMilliseconds });
      const request = { tenant: 'tenant', source, environment, rollout: recorded };
      return sandbox.label(request).finally(() => sandbox.close());
    };
    expect(await label(60_000)).toMatchObject({ kind: 'ok' });
    expect(await label(50)).toMatchObject({ kind: 'rejected', findings: [{ code: 'compile-timeout' }] });
  });

  test('components: every program that the language accepts is labelled', () => {
    expect(limits.components).toBe(language.components);
  });

  const small = 'export function reward({ next }) { return { a: next.angle, b: 1 }; }';

  test.each([
    ['program size', 'programLength', small.length, { kind: 'rejected', findings: [{ code: 'program-too-large' }] }],
    ['components', 'components', 2, { kind: 'rejected', findings: [{ code: 'too-many-components' }] }],
    ['output bytes', 'outputBytes', 3 * 200 * 8, { kind: 'rejected', findings: [{ code: 'output-too-large' }] }],
    ['rows', 'rows', 200, { code: 'rollout-too-large' }],
    ['bytes of a rollout', 'recordedBytes', Rollout.bytes(environment, recorded), { code: 'rollout-too-large' }],
  ] as const)('%s: %s is allowed, one less is not', async (_, setting, value, refusal) => {
    const label = async (allowed: number) => {
      const sandbox = await createSandbox({ runners: 1, spares: 0, [setting]: allowed });
      const request = { tenant: 'tenant', source: small, environment, rollout: recorded };
      return sandbox.label(request).finally(() => sandbox.close());
    };
    expect(await label(value)).toMatchObject({ kind: 'ok' });
    expect(await label(value - 1).catch((error: unknown) => error)).toMatchObject(refusal);
  });

  test.each([
    ['both', 2 ** 20, ['record', 'record']],
    ['one', 10_000, ['record', 'forget', 'record', 'forget', 'record']],
  ])('bytes of recorded rollouts: a runner that may keep %s is sent each when it lacks it', async (_, bytes, sent) => {
    const given = new Supervisor(completeSettings({ runners: 1, spares: 0, recordedBytes: bytes }));
    supervisor = given;
    const [first, second] = [rollout(100, 0), rollout(100, 1)];
    const seen: string[] = [];
    const settings = given.settings;
    for (const used of [first, first, second, second, first, first]) {
      const outcome = await given.run('tenant', undefined, (runner) => {
        const send = runner.send.bind(runner);
        runner.send = (request, payload) => {
          if (request.type === 'record' || request.type === 'forget') seen.push(request.type);
          send(request, payload);
        };
        const recorded = snapshotOf(used);
        return labelOn(runner, { kernel: cosine, recorded, settings }).finally(() => {
          runner.send = send;
        });
      });
      expect(outcome.kind === 'ok' && [...(outcome.value.columns[0] ?? [])]).toEqual(expectedCosine(used));
    }
    expect(seen).toEqual(sent);
  });

  test.each([
    ['wallMilliseconds', 0],
    ['wallMilliseconds', 777.7],
    ['generationMilliseconds', 300.5],
    ['generationMilliseconds', 2 ** 31],
    ['isolateMegabytes', 7],
    ['runners', 1.5],
    ['queued', 0],
    ['isolateMegabytes', 2 ** 21],
    ['spares', 5_000],
    ['memoryBytes', 64 * 2 ** 20],
    ['memoryBytes', Number.POSITIVE_INFINITY],
    ['trainingMicrosecondsPerStep', -1],
  ] as const)('a setting out of its bounds is refused by name: %s of %d', (name, value) => {
    expect(() => completeSettings({ [name]: value })).toThrow(`"${name}" must be a whole number`);
  });

  test('a sandbox labels and trains at the bounds of its settings', async () => {
    const least = { isolateMegabytes: 8, queued: 1, spares: 0, trainingMicrosecondsPerStep: 0 };
    const most = { wallMilliseconds: 2 ** 31 - 1, generationMilliseconds: 2 ** 31 - 1, cpuMilliseconds: 2 ** 31 - 1 };
    const sandbox = await createSandbox({ ...least, ...most, runners: 2, trainingMilliseconds: 2 ** 31 - 1 });
    try {
      const source = 'export function reward({ next }) { return { a: next.angle }; }';
      const labelled = await sandbox.label({ tenant: 'tenant', source, environment, rollout: recorded });
      expect(labelled).toMatchObject({ kind: 'ok' });
      expect(await sandbox.train(training())).toMatchObject({ kind: 'ok' });
    } finally {
      await sandbox.close();
    }
  });
});

test('a run that is killed counts until it ran no more, and the exit of its runner is told of after that', async () => {
  const sandbox = new RawSandbox(['language'], { wallMilliseconds: 300 });
  try {
    const exits: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const report = await sandbox.run('for (;;);');
      expect(report.outcome).toBe('timed-out');
      expect(report.wallMilliseconds).toBeGreaterThanOrEqual(300);
      exits.push(report.exitMilliseconds);
    }
    // On a busy machine the kernel may have told of an exit before the watcher looked.
    expect(Math.max(...exits)).toBeGreaterThan(0);
  } finally {
    await sandbox.close();
  }
});
