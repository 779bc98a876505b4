import { afterEach, describe, expect, test, vi } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { runnerCommand } from '../src/supervisor/command.ts';
import { candidatePart } from '../src/supervisor/labelling.ts';
import { Runner } from '../src/supervisor/runner.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import type { RunLimits } from '../src/supervisor/watcher.ts';
import { until } from './support/processes.ts';
import { cosine, kernel, rollout } from './support/programs.ts';

const settings = completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000, memoryBytes: 160 * 2 ** 20 });
const raw = runnerCommand(new URL('../src/runner/raw-main.ts', import.meta.url));
const recorded = rollout();

let supervisor: Supervisor;
afterEach(() => {
  vi.restoreAllMocks();
  return supervisor.close();
});

/** Speaks the channel's language from within a runner. */
const speech = `const fs = require('node:fs'), write = fs.writeSync;
const say = (message) => {
  const body = Buffer.from(JSON.stringify(message)), head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  write(3, Buffer.concat([head, body]));
};
const hoard = () => { for (const kept = []; kept.length < 150;) kept.push(Buffer.alloc(2 ** 22, 1)); };
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;

/** Runs this in the runner's own realm; what came of it, unless that is nothing. */
function takeOver(runner: Runner, code: string): ReturnType<typeof candidatePart> {
  const { wallMilliseconds, cpuMilliseconds, memoryBytes } = settings;
  const source = `(() => { ${speech}\n${code} })()`;
  runner.run({ type: 'raw', source }, { wallMilliseconds, cpuMilliseconds, memoryBytes, answerBytes: 0 });
  const allowed = { wallMilliseconds, cpuMilliseconds, heapBytes: Number.POSITIVE_INFINITY };
  return candidatePart(runner, performance.now(), allowed);
}

/** A supervisor whose first runner has run this in its own realm, and nothing it would see of it; the others are honest. */
async function withRunnerThatRan(code: string): Promise<void> {
  let started = 0;
  supervisor = new Supervisor(settings, (watcher) => {
    started += 1;
    return started === 1 ? Runner.start(watcher, raw) : Runner.start(watcher);
  });
  const outcome = await supervisor.run('tenant', undefined, async (runner) => {
    const ending = await takeOver(runner, code);
    return (
      ending ?? {
        kind: 'ok',
        value: undefined,
        usage: { wallMilliseconds: 0, cpuMilliseconds: 0, peakResidentBytes: 0 },
      }
    );
  });
  expect(outcome).toMatchObject({ kind: 'ok' });
}

/** The same, when the runner does this in place of its reply to the request after next, and takes the next one in. */
function withRunnerThatWill(code: string, first?: string): Promise<void> {
  return withRunnerThatRan(later(code, first));
}

const later = (code: string, first = "say({ type: 'recorded' })"): string =>
  `const turns = [(bytes) => write(3, bytes), () => { ${first}; }, () => { ${code} }];
    fs.writeSync = (descriptor, bytes) => { (turns.shift() ?? wait)(bytes); return bytes.length; };
    require('node:module').syncBuiltinESMExports();`;

/** A supervisor all of whose runners do so. */
function withRunnersThatWill(code: string): void {
  supervisor = new Supervisor(settings, async (watcher) => {
    const runner = await Runner.start(watcher, raw);
    expect(await takeOver(runner, later(code))).toBeUndefined();
    return runner;
  });
}

const label = () => supervisor.label('tenant', cosine, recorded);

describe('a runner that was taken over, while nobody asks anything of it,', () => {
  test.each([
    ['takes memory', "say({ type: 'done' }); hoard(); wait();"],
    ['takes the processor', "say({ type: 'done' }); for (;;);"],
    ['speaks unasked', "say({ type: 'done' }); say({ type: 'broken', message: 'x' }); wait();"],
    [
      'announces a long message',
      "say({ type: 'done' }); const head = Buffer.alloc(4); head.writeUInt32LE(2 ** 24); write(3, head); wait();",
    ],
  ])('and %s, is ended, and the next candidate runs on another', async (_, code) => {
    await withRunnerThatRan(code);
    await until(() => supervisor.status.runners.length === 0);
    expect(await label()).toMatchObject({ kind: 'ok' });
    expect(supervisor.status.started).toBe(2);
  });
});

describe('a runner that was taken over, once it has said that the candidate is done,', () => {
  test.each([
    ['takes memory', 'hoard(); wait();', { kind: 'out-of-memory' }],
    ['says so again', "say({ type: 'done' }); wait();", { kind: 'crashed', message: /done, which nobody/ }],
    [
      'speaks of a training',
      "say({ type: 'trained', bytes: 1 }); wait();",
      { kind: 'crashed', message: /trained, which nobody/ },
    ],
  ])('and %s, costs its candidate the run', async (_, code, expected) => {
    await withRunnerThatWill(`say({ type: 'done' }); ${code}`);
    const outcome = await label();
    expect(outcome.kind).toBe(expected.kind);
    if ('message' in expected) expect('message' in outcome && outcome.message).toMatch(expected.message);
  });

  /** Has a labelling's limits be these, and the service be too busy to hear of it for so long. */
  function busyUnder(given: Partial<RunLimits>, milliseconds: number): void {
    const { run } = Runner.prototype;
    vi.spyOn(Runner.prototype, 'run').mockImplementation(function (this: Runner, request, limits, payload) {
      if (request.type !== 'label') return run.call(this, request, limits, payload);
      run.call(this, request, { ...limits, ...given });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    });
  }

  test('and was past its deadline by when that is heard, is replaced: it may have been in time', async () => {
    await withRunnerThatWill("say({ type: 'done' }); wait();");
    busyUnder({ wallMilliseconds: 200 }, 1_000);
    const labelling = label();
    await until(() => supervisor.status.started > 1);
    vi.restoreAllMocks();
    expect(await labelling).toMatchObject({ kind: 'ok' });
  });

  test('and was past its CPU time by when that is heard, costs its candidate the run', async () => {
    await withRunnerThatWill("say({ type: 'done' }); for (;;);");
    // Long enough for so much of a processor that others share.
    busyUnder({ cpuMilliseconds: 200 }, 4_000);
    const message = `used more than ${settings.cpuMilliseconds} ms of CPU`;
    expect(await label()).toMatchObject({ kind: 'timed-out', message });
  });

  test('and fails, is replaced: the next one gives the answer', async () => {
    await withRunnerThatWill("say({ type: 'done' }); say({ type: 'broken', message: 'x' });");
    expect(await label()).toMatchObject({ kind: 'ok' });
  });

  test.each([
    ['ends', 'process.exit(0);'],
    ['falls', 'process.on("SIGTERM", () => {});'],
    ['fails', "say({ type: 'broken', message: 'x' });"],
  ])('and %s, as the next one does, costs its candidate the run', async (_, code) => {
    withRunnersThatWill(`say({ type: 'done' }); ${code}`);
    expect(await label()).toMatchObject({ kind: 'crashed', message: expect.stringContaining('two runners failed') });
  });
});

describe('a runner that was taken over', () => {
  test('and does not take a rollout in is replaced: the next one gives the answer', async () => {
    await withRunnerThatWill('wait();', "say({ type: 'broken', message: 'x' })");
    expect(await label()).toMatchObject({ kind: 'ok' });
  });

  test('and says that it has a rollout which it has not read is replaced: the service would keep each for it', async () => {
    const unread = `const read = fs.readSync;
      fs.readSync = (...given) => { read(...given); say({ type: 'recorded' }); wait(); };
      require('node:module').syncBuiltinESMExports();`;
    await withRunnerThatRan(unread);
    expect(await supervisor.label('tenant', cosine, rollout(400_000))).toMatchObject({ kind: 'ok' });
    expect(supervisor.status.started).toBe(2);
  });

  test.each([
    [
      'tells of progress without end',
      "for (;;) say({ type: 'progress', environmentSteps: 1 })",
      'more often than agreed',
    ],
    [
      'announces a huge result',
      "say({ type: 'done' }); say({ type: 'trained', bytes: 2 ** 40 }); wait();",
      'result of 1099511627776 bytes',
    ],
    [
      'sends lists in lists as a result',
      "say({ type: 'done' }); say({ type: 'trained', bytes: 2 ** 23 }); for (const list of '[]') write(3, Buffer.alloc(2 ** 22, list)); wait();",
      'no usable result: more than 10000 lists',
    ],
    [
      'sends a record of a million names as a result',
      "const names = Buffer.from('{' + Array.from({ length: 2 ** 20 }, (_, n) => '\"' + n.toString(36) + '\":0').join() + '}'); say({ type: 'done' }); say({ type: 'trained', bytes: names.length }); write(3, names); wait();",
      'no usable result: more than 10000 names',
    ],
  ])('and %s costs its candidate the training, and is gone', async (_, code, message) => {
    await withRunnerThatWill('wait();', code);
    const idle = { ...kernel('() => {}'), columns: [] };
    const outcome = await supervisor.train('tenant', {
      environment: 'cartpole',
      reward: idle,
      fitness: idle,
      success: idle,
      aggregate: 'sum',
      environmentSteps: 1_000,
      seed: 1,
      evaluation: { seed: 2, episodes: 1 },
    });
    expect(outcome).toMatchObject({ kind: 'crashed', message: expect.stringContaining(message) });
    // It is not asked again.
    expect(await label()).toMatchObject({ kind: 'ok' });
  });
});
