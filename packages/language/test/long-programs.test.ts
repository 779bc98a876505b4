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

  test('as a term of a total is looked at once', () => {
    const source = written(chain('t = t + t;', 40), '{ total: t, components: { a: next.swing } }');
    expect(compile(source, crane).ok).toBe(true);
  });
});
