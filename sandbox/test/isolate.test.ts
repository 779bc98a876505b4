import { createHash } from 'node:crypto';
import type { Outcome } from '@rewardsmith/contracts';
import { labelStatistics } from '@rewardsmith/rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { allowedGlobals } from '../src/runner/prelude.ts';
import { completeSettings } from '../src/settings.ts';
import { labelOn, measureOn } from '../src/supervisor/labelling.ts';
import { snapshotOf } from '../src/supervisor/rollout-snapshot.ts';
import type { Runner } from '../src/supervisor/runner.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { body, cosine, emitted, expectedCosine, kernel, rollout } from './support/programs.ts';
import { reachable } from './support/surface.ts';

const settings = completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000, cpuMilliseconds: 60_000 });
const supervisor = new Supervisor(settings);
afterAll(() => supervisor.close());

const recorded = rollout();

/** What a program in the isolate says of itself, by throwing it. */
async function ask(expression: string): Promise<string> {
  const outcome = await supervisor.label('tenant', body(`throw new Error(String(${expression}));`), recorded);
  if (outcome.kind !== 'crashed') throw new Error(`the program did not answer: ${outcome.kind}`);
  return outcome.message.replace(/^Error: /, '');
}

describe('the compilers', () => {
  const transcendental = kernel(`function (columns, offsets, episodes, params, outputs) {
    const angle = columns[0], value = outputs[0], total = outputs[1];
    for (let step = 0; step < offsets[episodes]; step += 1) {
      const x = 40 * angle[step];
      value[step] = Math.exp(-x * x) + Math.cos(x) * Math.tanh(x) - Math.pow(Math.abs(x), 1.7) / (x + 0.1);
      total[step] = Math.sqrt(value[step]) + Math.atan2(x, value[step]) + Math.log(x);
    }
  }`);
  /** Runs a kernel as if a rollout were long enough for the best compiler, or too short. */
  function as<T>(optimised: boolean, work: (runner: Runner) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return supervisor.run('tenant', undefined, (runner) => {
      const send = runner.send.bind(runner);
      runner.send = (request, payload) => send(request.type === 'label' ? { ...request, optimised } : request, payload);
      return work(runner).finally(() => {
        runner.send = send;
      });
    });
  }

  test.each([
    ['a kernel of any kind', transcendental],
    [
      'one that goes several steps at a time',
      emitted(
        'export function reward({ next }) { const x = 40 * next.angle; return { value: x > 1 ? Math.exp(-x * x) : Math.cos(x) * next.position[1] }; }',
      ),
    ],
  ])(
    'a program is run with are not seen in its labels: short of the best one, and with it, %s gives the same to the bit',
    async (_, tried) => {
      const long = rollout(300_001);
      const run = { kernel: tried, recorded: snapshotOf(long), settings };
      const digests = [];
      for (const optimised of [false, true, false, true]) {
        const outcome = await as(optimised, (runner) => labelOn(runner, run));
        if (outcome.kind !== 'ok') throw new Error(outcome.kind);
        const hash = createHash('sha256');
        for (const column of outcome.value.columns) hash.update(column);
        digests.push(hash.digest('hex'));
      }
      expect(new Set(digests).size).toBe(1);
    },
  );
});

describe('statistics', () => {
  const dishonest = [
    [
      'writes what is no number',
      'for (const column of outputs) { column.fill(NaN); column[3] = -0; column[4] = 1e308; }',
    ],
    ['writes past its columns', 'outputs[0][1e6] = 1; outputs[1][-1] = 1; outputs[1].set([1, 2], 198);'],
    ['changes the episodes', 'offsets.fill(7); offsets[1] = 4294967295; for (const column of columns) column.fill(9);'],
    ['replaces the arrays it was given', 'outputs[0] = [1]; outputs.length = 0; columns.length = 0;'],
    ['replaces what counts', 'try { Math.min = () => 9; } catch {} try { Number.isFinite = () => true; } catch {}'],
    ['comes back later', 'Promise.resolve().then(() => { for (const column of outputs) column.fill(5); });'],
  ] as const;

  test.each(dishonest)('of a program that %s are those of the labels that it left', async (_, code) => {
    const labels = await supervisor.label('tenant', body(code), recorded);
    const measured = await supervisor.measure('tenant', body(code), recorded);
    if (labels.kind !== 'ok' || measured.kind !== 'ok') throw new Error(`${labels.kind}, ${measured.kind}`);
    const offsets = recorded.episodeOffsets.subarray(0, recorded.episodes + 1);
    expect(measured.value).toEqual(labelStatistics(labels.value, offsets));
    const next = await supervisor.measure('tenant', cosine, recorded);
    const right = Float64Array.from(expectedCosine(recorded));
    const expected = labelStatistics({ names: cosine.outputs, columns: [right, right] }, offsets);
    expect(next.kind === 'ok' && next.value).toEqual(expected);
  });
});

describe('statistics of a rollout that is measured in parts', () => {
  const long = rollout(200_000);
  /** What it counts starts anew with an episode, and in no other place. */
  const counting = kernel(`function (columns, offsets, episodes, params, outputs) {
    let count = 0, episode = 0;
    for (let step = offsets[0]; step < offsets[episodes]; step += 1) {
      while (step === offsets[episode]) { episode += 1; count = 0; }
      count += columns[0][step];
      outputs[0][step] = outputs[1][step] = count;
    }
  }`);

  test('are those of its labels, whole', async () => {
    const labels = await supervisor.label('tenant', counting, long);
    const measured = await supervisor.measure('tenant', counting, long);
    if (labels.kind !== 'ok' || measured.kind !== 'ok') throw new Error(`${labels.kind}, ${measured.kind}`);
    const offsets = long.episodeOffsets.subarray(0, long.episodes + 1);
    expect(measured.value).toEqual(labelStatistics(labels.value, offsets));
  });

  test('are refused by the clock of the whole, not of a part', async () => {
    const own = new Supervisor(settings);
    const whole = rollout(500_000);
    // Some 250 parts of 5 to 50 ms each.
    const code = '() => { for (let x = 0, i = 0; i < 5e6; i += 1) x += Math.sqrt(i); }';
    const slow = kernel(
      code,
      Array.from({ length: 64 }, (_, index) => `output${index}`),
    );
    const run = { kernel: slow, recorded: snapshotOf(whole), settings };
    try {
      // The runner's own clock is short, its supervisor's is not: that one would end it too.
      const outcome = await own.run('tenant', undefined, (runner) => {
        const send = runner.send.bind(runner);
        runner.send = (request, payload) =>
          send(request.type === 'label' ? { ...request, wallMilliseconds: 500 } : request, payload);
        return measureOn(runner, run);
      });
      expect(outcome).toMatchObject({ kind: 'timed-out', message: 'ran longer than 500 ms' });
    } finally {
      await own.close();
    }
  });

  test('go on in views of their own, whatever a program does to those of the part before', async () => {
    const hostile = body(`
      if (columns[0].length < 2) throw new Error('a part without rows');
      for (const list of [columns, outputs]) {
        Object.defineProperty(list, 0, { get() { for (;;); }, set() { for (;;); } });
        Object.freeze(list);
      }`);
    const measured = await supervisor.measure('tenant', hostile, long);
    expect(measured.kind).toMatch(/^(ok|crashed)$/);
    const next = await supervisor.measure('tenant', cosine, long);
    const right = Float64Array.from(expectedCosine(long));
    const offsets = long.episodeOffsets.subarray(0, long.episodes + 1);
    const expected = labelStatistics({ names: cosine.outputs, columns: [right, right] }, offsets);
    expect(next.kind === 'ok' && next.value).toEqual(expected);
  });
});

describe('the isolate', () => {
  test('has the golden list of globals and nothing else', async () => {
    const names = 'Object.getOwnPropertyNames(globalThis).sort()';
    const halves = [await ask(`${names}.slice(0, 20)`), await ask(`${names}.slice(20)`)];
    expect(halves.join(',').split(',')).toEqual([...allowedGlobals].sort());
    expect(await ask('Object.getOwnPropertySymbols(globalThis).length')).toBe('0');
  });

  test('gives a program what the golden surface lists, all of it frozen, and nothing else', async () => {
    const lines = await reachable(supervisor);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/isolate-surface.txt');
    // A program's own generators have a prototype each; the global object cannot be frozen, its properties can.
    expect(lines.filter((line) => line.startsWith('open ')).map((line) => line.split(':')[0])).toEqual([
      'open asyncGenerated.__proto__',
      'open generated.__proto__',
      'open globalThis',
    ]);
  });

  test.each([
    ['a function', '() => {}'],
    ['an async function', 'async () => {}'],
    ['a generator', 'function* () {}'],
    ['an async generator', 'async function* () {}'],
  ])('gives no way from %s to code from text', async (_, expression) => {
    // What is inherited in place of the function constructor is Object.
    expect(await ask(`(${expression}).constructor === Object`)).toBe('true');
  });

  test.each([
    ['the memory behind a column', 'columns[0].buffer'],
    ['randomness', 'Math.random'],
    ['hooks into stack traces', 'Error.prepareStackTrace'],
    ['stack capture', 'Error.captureStackTrace'],
    ['Unicode normalisation', '"".normalize'],
    ['collation', '"".localeCompare'],
    ['a direct eval', 'globalThis.eval'],
  ])('gives no way to %s', async (_, expression) => {
    expect(await ask(`typeof (${expression})`)).toBe('undefined');
  });

  test('refuses dynamic import', async () => {
    const outcome = await supervisor.label(
      'tenant',
      body('import("node:fs").then(() => { outputs[1][0] = 1; }, () => { outputs[1][0] = 2; });'),
      recorded,
    );
    expect(outcome.kind === 'ok' && outcome.value.columns[1]?.[0]).not.toBe(1);
  });

  test('has every intrinsic frozen', async () => {
    const reachable = `[Object, Array, Math, JSON, Promise, RegExp, Object.prototype, Array.prototype, (() => {}).__proto__, Number.prototype,
      String.prototype, RegExp.prototype, Promise.prototype, Error.prototype, Float64Array.prototype, [][Symbol.iterator]().__proto__,
      (async () => {}).__proto__, (function* () {}).prototype.__proto__]`;
    expect(await ask(`${reachable}.every(Object.isFrozen)`)).toBe('true');
  });

  test.each([
    ['prototypes', 'Object.prototype.length = 1; Array.prototype[0] = 7;'],
    ['intrinsics', 'Math.cos = () => 0;'],
    ['globals', 'globalThis.Math = { cos: () => 0 };'],
    ['the rollout', 'columns[0].fill(0); offsets.fill(0);'],
    ['its own labels afterwards', 'Promise.resolve().then(() => outputs[1].fill(9));'],
  ])('lets a program poison %s for itself alone', async (_, code) => {
    await supervisor.label('tenant', body(code), recorded);
    const next = await supervisor.label('tenant', cosine, recorded);
    expect(next.kind === 'ok' && [...(next.value.columns[1] ?? [])]).toEqual(expectedCosine(recorded));
    expect(supervisor.status.started).toBe(1);
  });

  test('gives a program no way from the columns that it was handed to the others, nor to those of the next', async () => {
    const reaching = body(`let reached = columns[0];
      const species = function (given) {
        if (typeof given === 'object') reached = new Uint8Array(given);
        return new Float64Array(4);
      };
      Object.defineProperty(columns[0], 'constructor', { value: { [Symbol.species]: species } });
      for (const name of ['subarray', 'slice', 'map', 'filter', 'with', 'toSorted', 'toReversed']) {
        try { columns[0][name]((x) => x, 4); } catch {}
      }
      reached.fill(7);`);
    await supervisor.label('tenant', reaching, recorded);
    const other = { ...cosine, columns: [{ role: 'obs', field: 'angle', index: 0 }] } as const;
    const next = await supervisor.label('tenant', other, recorded);
    const angles = [...recorded.column({ role: 'obs', field: 'angle', index: 0 })];
    const expected = angles.map((angle) => 2 * Math.cos(angle));
    expect(next.kind === 'ok' && [...(next.value.columns[1] ?? [])]).toEqual(expected);
    expect(supervisor.status.started).toBe(1);
  });

  test('shows a program nothing of the labels of the one before, whose memory it has', async () => {
    await supervisor.label('tenant', body('for (const column of outputs) column.fill(7);'), recorded);
    const next = await supervisor.label('tenant', body(''), recorded);
    expect(next.kind === 'ok' && next.value.columns.map((column) => column.every((label) => label === 0))).toEqual([
      true,
      true,
    ]);
  });

  test('gives the same bytes for the same program and rows, run after run', async () => {
    const bytes = async () => {
      const outcome = await supervisor.label('tenant', cosine, recorded);
      return outcome.kind === 'ok'
        ? createHash('sha256')
            .update(outcome.value.columns[1] ?? '')
            .digest('hex')
        : outcome.kind;
    };
    const first = await bytes();
    expect(first).toHaveLength(64);
    for (let run = 0; run < 50; run += 1) expect(await bytes()).toBe(first);
  });
});
