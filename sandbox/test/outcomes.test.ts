import { afterAll, describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { body, cosine, endless, expectedCosine, kernel, rollout } from './support/programs.ts';

// What is to end by itself gets long enough for a busy machine, and what is to be stopped does not.
const patient = new Supervisor(completeSettings({ runners: 1, wallMilliseconds: 60_000 }));
const impatient = new Supervisor(completeSettings({ runners: 1, wallMilliseconds: 400 }));
afterAll(() => Promise.all([patient.close(), impatient.close()]));

const recorded = rollout();
const label = (program = cosine, supervisor = patient) => supervisor.label('tenant', program, recorded);

describe('every way a program can end has its outcome', () => {
  test('a program that labels every row is ok, with its values and what it used', async () => {
    const outcome = await label();
    expect(outcome).toMatchObject({ kind: 'ok', value: { names: ['value', 'total'] } });
    if (outcome.kind !== 'ok') return;
    expect([...(outcome.value.columns[1] ?? [])]).toEqual(expectedCosine(recorded));
    expect(outcome.usage.wallMilliseconds).toBeGreaterThan(0);
    expect(outcome.usage.peakResidentBytes).toBeGreaterThan(10 * 2 ** 20);
  });

  test('values that are no finite numbers arrive as they are', async () => {
    const outcome = await label(body('outputs[1].set([NaN, Infinity, -Infinity, -0]);'));
    expect(outcome.kind === 'ok' && [...(outcome.value.columns[1]?.subarray(0, 4) ?? [])]).toEqual([
      NaN,
      Infinity,
      -Infinity,
      -0,
    ]);
  });

  test.each([
    ['throws', body('throw new RangeError("out of bounds");'), 'RangeError: out of bounds'],
    ['throws no error', body('throw 7;'), 'thrown number 7'],
    ['does not parse', kernel('(('), 'SyntaxError: Unexpected token'],
    ['holds a NUL', body('\0'), 'SyntaxError: Invalid or unexpected token'],
    [
      'nests deeper than the parser goes',
      body(`${'('.repeat(1e5)}1${')'.repeat(1e5)};`),
      'Maximum call stack size exceeded',
    ],
    ['is no function', kernel('({})'), 'is not a function'],
    ['returns a value', body('return 1;'), 'returned a value'],
    ['is asynchronous', kernel('async () => {}'), 'returned a value'],
    ['recurses without end', body('const f = () => f(); f();'), 'Maximum call stack size exceeded'],
  ])('a program that %s has crashed, and says why', async (_, program, message) => {
    expect(await label(program)).toMatchObject({ kind: 'crashed', message: expect.stringContaining(message) });
  });

  test.each([
    ['loops', endless],
    ['loops while it is loaded', kernel('(() => { for (;;); })()')],
    ['never ends its microtasks', body('(async () => { for (;;) await 0; })();')],
    ['loops in a getter of what it throws', body('throw { get message() { for (;;); } };')],
    ['loops in a regular expression', body('/^(a+)+$/.test("a".repeat(40) + "b");')],
  ])('a program that %s has timed out', async (_, program) => {
    expect(await label(program, impatient)).toMatchObject({ kind: 'timed-out' });
  });

  test('a program that fills its heap is out of memory', async () => {
    const outcome = await label(body('const a = []; for (;;) a.push(new Array(1000).fill(0.5));'));
    expect(outcome).toMatchObject({ kind: 'out-of-memory' });
  });

  test('a program of many megabytes has an outcome of its own fault', async () => {
    const { kind } = await label(body(`return [${'1,'.repeat(8e6)}];`));
    expect(['crashed', 'out-of-memory']).toContain(kind);
  });

  test('the next good program after all of these is labelled right', async () => {
    const outcome = await label();
    expect(outcome.kind === 'ok' && [...(outcome.value.columns[1] ?? [])]).toEqual(expectedCosine(recorded));
  });
});
