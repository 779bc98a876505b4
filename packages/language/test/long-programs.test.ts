import { Environment } from '@rewardsmith/contracts';
import { describe, expect, test } from 'vitest';
import { compile, emitKernel } from '../src/index.ts';
import { crane } from './environments.ts';

/** Thirty-two scans of 256 beams. */
const scanner = Environment.parse({
  name: 'scanner',
  description: 'Keep away from everything.',
  observation: Array.from({ length: 32 }, (_, at) => ({
    name: `scan${at}`,
    shape: [256],
    unit: '1',
    low: -1,
    high: 1,
  })),
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 100,
});
const scans = scanner.observation.map(({ name }) => name);

const written = (statements: readonly string[], result: string): string =>
  ['export function reward({ next }) {', ...statements, `return ${result};`, '}'].join('\n');

/** One statement after another on what came before: the last operation is as deep as the program is long. */
const chain = (statement: string, count: number): readonly string[] => [
  'let t = next.swing;',
  ...Array.from({ length: count }, () => statement),
];

describe('a program whose operations make a chain longer than the stack', () => {
  test.each([
    ['statements', written(chain('t = t * t + 1;', 2000), '{ t }')],
    ['signs', written(['let t = next.swing;', 'for (let i = 0; i < 4000; i++) t = -t;'], '{ t }')],
    ['turns of a loop', written(['let t = 0;', 'for (let i = 0; i < 4096; i++) t += next.swing * i;'], '{ t }')],
    [
      'numbers kept equal',
      written([...chain('t = t * 0.5 + 1;', 1500), 'const same = t === next.rope;'], '{ a: same ? t : 0 }'),
    ],
    [
      'updates of memory',
      `export const memory = { m: 1 };
       export function reward({ next, memory }) {
         let t = memory.m;
         for (let i = 0; i < 4096; i++) t = t * t + 1;
         return { components: { a: next.swing }, memory: { m: t } };
       }`,
    ],
  ])('of %s is compiled as any other', (_, source) => {
    const compilation = compile(source, crane);
    expect(compilation.ok).toBe(true);
    if (compilation.ok) expect(emitKernel(compilation.program).outputs).toContain('total');
  });

  test('over every entry of wide fields is compiled as any other', () => {
    const loops = scans.map((name) => `for (const v of next.${name}) { t += v; }`);
    expect(compile(written(['let t = 0;', ...loops], '{ t }'), scanner).ok).toBe(true);
  });
});

describe('a value doubled again and again', () => {
  test('as a factor of itself is taken apart in a bounded number of steps', () => {
    expect(compile(written(chain('t = t * t;', 40), '{ t: 1 / (1 + t) }'), crane)).toMatchObject({ ok: true });
  });

  test('as a condition of a filter is looked at once for each entry', () => {
    const filter = `const near = next.scan0.filter((v) => {
      let b = v > 0;
      for (let i = 0; i < 26; i++) b = (b && v > i * 0.01) || (!b && v < i * 0.02);
      return b;
    });`;
    expect(compile(written([filter], '{ a: 1 / (near.length + 1) }'), scanner)).toMatchObject({ ok: true });
  });

  test('as a term of a total is looked at once', () => {
    const source = written(chain('t = t + t;', 40), '{ total: t, components: { a: next.swing } }');
    expect(compile(source, crane).ok).toBe(true);
  });
});

describe('the checks of a long program', () => {
  const every = (count: number, statement: string) =>
    scans.slice(0, count).map((name) => `for (const v of next.${name}) { ${statement} }`);
  const quotients = written(
    ['let t = 0;', ...every(4, 't += v;'), 'let a = 0;', ...every(4, 'a += t + v > 0 ? 1 / (t + v) : v;')],
    '{ a }',
  );

  test('walk its graph once for all quotients of the same fields', () => {
    expect(compile(quotients, scanner, { limits: { guardSteps: 20_000 } })).toMatchObject({ ok: true, findings: [] });
  });

  test('past their steps refuse it', () => {
    expect(compile(quotients, scanner, { limits: { guardSteps: 200 } })).toMatchObject({
      ok: false,
      findings: [{ code: 'program-too-large', message: 'The program comes to more than 200 steps to check it.' }],
    });
  });
});

describe('a short program that comes to too much is refused before it is emitted', () => {
  test.each([
    [
      'operands',
      [
        `const a = [${scans.slice(0, 12).map((name) => `...next.${name}`)}];`,
        'let t = 0;',
        'for (let i = 0; i < 2000; i++) { a[i] = a[i] + t; t += Math.max(...a); }',
      ],
      '{ t }',
    ],
    [
      'entries of vectors',
      ['let v = next.scan0;', 'for (let i = 0; i < 1500; i++) { v = v.map((x) => x * 0.5 + 1); }'],
      '{ a: sum(v) }',
    ],
  ])('by %s', (_, statements, result) => {
    expect(compile(written(statements, result), scanner)).toMatchObject({
      ok: false,
      findings: [{ code: 'program-too-large' }],
    });
  });
});
