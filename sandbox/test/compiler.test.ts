import { compile } from '@rewardsmith/language';
import { afterEach, describe, expect, test } from 'vitest';
import { Compiler } from '../src/compiler/compiler.ts';
import { keptOf } from '../src/compiler/program.ts';
import { SandboxClosed, SandboxOverloaded } from '../src/errors.ts';
import { environment } from './support/programs.ts';

/** More than the service's own thread takes on, and more than a second for the language. */
const large = (turns: number) => ({
  source: `export function reward({ next }) {
    let product = 1;
    for (let turn = 0; turn < ${turns}; turn += 1) product = product * (next.angle + turn);
    return { product };
  }`,
  environment,
});
const small = (weight: number) => ({
  source: `export function reward({ next }) { return { a: ${weight} * next.angle }; }`,
  environment,
});

let compiler: Compiler;
function start(milliseconds = 60_000, queued = 10): Compiler {
  compiler = new Compiler(milliseconds, queued);
  return compiler;
}
afterEach(() => compiler.close());

describe('the compiler', () => {
  test.each([
    ['small', small(2)],
    ['large', large(1_500)],
  ])('gives of a %s program what the language gives', async (_, text) => {
    const own = compile(text.source, environment);
    const compiled = await start().compile(text);
    expect(compiled).toEqual(own.ok && { ok: true, findings: own.findings, program: keptOf(own.program) });
  });

  test('refuses what the language refuses, with its findings', async () => {
    const { source } = { source: 'export function reward() { return { a: process.pid }; }' };
    expect(await start().compile({ source, environment })).toEqual(compile(source, environment));
  });

  test('answers for a small program while a large one is under way', async () => {
    start();
    const order: string[] = [];
    const first = compiler.compile(large(1_500)).then(() => order.push('large'));
    const second = compiler.compile(small(2)).then(() => order.push('small'));
    await Promise.all([first, second]);
    expect(order).toEqual(['small', 'large']);
  });

  test('keeps what it has compiled', async () => {
    const text = large(1_000);
    const [first, second] = [await start().compile(text), await compiler.compile({ ...text })];
    expect(second).toBe(first);
    const other = await compiler.compile({ ...text, environment: { ...environment, name: 'other' } });
    expect(other).not.toBe(first);
  });

  test('refuses what takes longer than it may, by a code of its own, and goes on', async () => {
    start(300);
    const refused = await compiler.compile(large(4_000));
    expect(refused).toMatchObject({ ok: false, findings: [{ code: 'compile-timeout', severity: 'error' }] });
    expect(await compiler.emit(small(2), 'numpy')).toContain('def ');
  });

  test('writes a program out, with the same steps for the same seed', async () => {
    const [text, other] = [large(1_000), small(2)];
    start();
    expect(await compiler.emit(text, 'python')).toContain('def ');
    const steps = await compiler.paritySteps(other, 1);
    expect(await compiler.paritySteps(other, 1)).toEqual(steps);
    const labels = new Map([['total', new Float64Array(steps.episodes.length)]]);
    expect(JSON.parse(await compiler.parityFile(other, { steps, labels }))).toMatchObject({ components: ['a'] });
  });

  test('says of a graph that is too deep to be written out that it is', async () => {
    // Each value holds the one before, to a depth that no stack has.
    const source = `export function reward({ next }) {
      let held = next.angle;
      for (let outer = 0; outer < 5; outer += 1) {
        for (let inner = 0; inner < 2_000; inner += 1) held = held * 0.5 + Math.sin(held);
      }
      return { held };
    }`;
    start();
    expect(await compiler.compile({ source, environment })).toMatchObject({ ok: true });
    await expect(compiler.paritySteps({ source, environment }, 1)).rejects.toMatchObject({ code: 'program-too-large' });
  });

  test('sheds what cannot wait, and gives up what nobody waits for', async () => {
    start(60_000, 1);
    const abort = new AbortController();
    const running = compiler.compile(large(4_000), abort.signal);
    const waiting = compiler.compile(large(1_000));
    await expect(compiler.compile(large(1_001))).rejects.toBeInstanceOf(SandboxOverloaded);
    abort.abort(new Error('gone'));
    await expect(running).rejects.toThrow('gone');
    expect(await waiting).toMatchObject({ ok: true });
  });

  test('refuses those who wait when it is closed', async () => {
    start();
    const settled = Promise.allSettled([compiler.compile(large(4_000)), compiler.compile(large(1_000))]);
    await compiler.close();
    for (const result of await settled) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(SandboxClosed);
    }
    await expect(compiler.compile(large(1_002))).rejects.toBeInstanceOf(SandboxClosed);
  });
});
