import { compile } from '@rewardsmith/language';
import { afterEach, describe, expect, test } from 'vitest';
import { type Compiler, Compilers } from '../src/compiler/compiler.ts';
import { keptOf } from '../src/compiler/program.ts';
import { SandboxClosed, SandboxOverloaded } from '../src/errors.ts';
import { limits } from '../src/limits.ts';
import { environment } from './support/programs.ts';

/** More than the thread for small programs takes on: of 4,000 turns, four loops take the language a second. */
const large = (turns: number, loops = 1) => {
  const loop = `for (let turn = 0; turn < ${turns}; turn += 1) product = product * (next.angle + turn);`;
  return {
    source: `export function reward({ next }) { let product = 1; ${loop.repeat(loops)} return { product }; }`,
    environment,
  };
};
/** The same, by its length no small one at first sight. */
const long = (turns: number) => {
  const text = large(turns);
  return { ...text, source: text.source + ' '.repeat(limits.compileQuick.sourceLength) };
};
const small = (weight: number) => ({
  source: `export function reward({ next }) { return { a: ${weight} * next.angle }; }`,
  environment,
});

let compilers: Compilers;
let compiler: Compiler;
function start(milliseconds = 60_000, queued = 10, quickMilliseconds?: number): Compiler {
  compilers = new Compilers(milliseconds, queued, quickMilliseconds);
  compiler = compilers.for({ tenant: 'tenant' });
  return compiler;
}
afterEach(() => compilers.close());

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

  test('has a small program that takes longer than small ones may compiled with the large ones', async () => {
    const text = { ...small(2), entry: 'reward' as const };
    start(60_000, 10, 0);
    const end = await compilers.quick.run<'quick'>({ kind: 'quick', text }, { tenant: 'tenant' });
    expect(end).toMatchObject({ ok: false, finding: { code: 'compile-timeout' } });
    expect(await compiler.compile(text)).toMatchObject({ ok: true });
  });

  test('keeps what it has compiled', async () => {
    const text = large(1_000);
    const [first, second] = [await start().compile(text), await compiler.compile({ ...text })];
    expect(second).toBe(first);
    const other = await compiler.compile({ ...text, environment: { ...environment, name: 'other' } });
    expect(other).not.toBe(first);
  });

  test('refuses what takes longer than it may, by a code of its own, and goes on', async () => {
    start(100);
    const refused = await compiler.compile(large(4_000, 4));
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
    const running = compilers.for({ tenant: 'tenant', signal: abort.signal }).compile(large(4_000));
    const waiting = compiler.compile(large(1_000));
    await expect(compiler.compile(large(1_001))).rejects.toBeInstanceOf(SandboxOverloaded);
    abort.abort(new Error('gone'));
    await expect(running).rejects.toThrow('gone');
    expect(await waiting).toMatchObject({ ok: true });
  });

  test('serves tenants in turns, however much one of them has sent before', async () => {
    start();
    const order: string[] = [];
    const sent = [
      ...[1_001, 1_002, 1_003].map((turns) => ({ tenant: 'many', turns })),
      { tenant: 'one', turns: 1_004 },
      { tenant: 'another', turns: 1_005 },
    ];
    await Promise.all(
      sent.map(({ tenant, turns }) =>
        compilers
          .for({ tenant })
          .compile(large(turns))
          .then(() => order.push(tenant)),
      ),
    );
    expect(order).toEqual(['many', 'one', 'many', 'another', 'many']);
  });

  test('keeps room for others beside a tenant who fills its share, who is told', async () => {
    start(60_000, 4);
    const [one, other] = [compilers.for({ tenant: 'one' }), compilers.for({ tenant: 'other' })];
    const settled = Promise.allSettled([4_000, 1_001, 1_002].map((turns) => one.compile(long(turns))));
    await expect(one.compile(long(1_003))).rejects.toThrow(/^2 requests of this tenant/);
    const waiting = Promise.allSettled([1_004, 1_005].map((turns) => other.compile(long(turns))));
    const third = compilers.for({ tenant: 'third' }).compile(long(1_006));
    await expect(third).rejects.toThrow(/^4 requests are waiting for the compiler/);
    await compilers.close();
    for (const { status } of [...(await settled), ...(await waiting)]) expect(status).toBe('rejected');
  });

  test('takes what nobody waits for out of the queue, and its place is free', async () => {
    start(60_000, 1);
    const gone = new AbortController();
    const first = Promise.allSettled([compiler.compile(long(4_000))]);
    const waiting = compilers.for({ tenant: 'tenant', signal: gone.signal }).compile(long(1_001));
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    const next = Promise.allSettled([compiler.compile(long(1_002))]);
    await compilers.close();
    for (const [result] of [await first, await next]) {
      expect(result?.status === 'rejected' && result.reason).toBeInstanceOf(SandboxClosed);
    }
  });

  test('refuses those who wait when it is closed', async () => {
    start();
    const settled = Promise.allSettled([compiler.compile(large(4_000)), compiler.compile(large(1_000))]);
    await compilers.close();
    for (const result of await settled) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(SandboxClosed);
    }
    await expect(compiler.compile(large(1_002))).rejects.toBeInstanceOf(SandboxClosed);
  });
});
