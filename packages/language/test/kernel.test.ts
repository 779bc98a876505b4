import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, emitKernel } from '../src/index.ts';
import { arm, crane } from './environments.ts';
import { compiled, fixtures } from './fixtures.ts';
import { generatedProgram, smallProgram } from './generated.ts';
import { differences } from './isolate/differences.ts';

describe('the column kernel', () => {
  it.each([1, 7, 2026])(
    'gives what the program gives as plain JavaScript, bit for bit, on hostile rows too (seed %i)',
    (seed) => {
      const names = fixtures.map(({ name }) => name);
      expect(differences(fixtures, seed)).toEqual(Object.fromEntries(names.map((name) => [name, []])));
    },
  );

  it('does so for programs that are generated at random', () => {
    const sources = fc.sample(generatedProgram, { numRuns: 60, seed: 20_260_311 });
    const programs = sources.map((source) => ({ name: source, source, environment: arm }));
    const refused = programs.filter(({ source }) => !compile(source, arm).ok);
    expect(refused.map(({ source }) => [source, compile(source, arm).findings[0]])).toEqual([]);
    expect(differences(programs, 5)).toEqual(Object.fromEntries(sources.map((source) => [source, []])));
  });

  it('does so for small programs, nearly all of which go several steps at a time', () => {
    const sources = fc.sample(smallProgram, { numRuns: 60, seed: 20_261_127 });
    const programs = sources.map((source) => ({ name: source, source, environment: arm }));
    const taken = programs.filter(({ source }) => compile(source, arm).ok);
    const wide = taken.filter((program) => emitKernel(compiled(program)).source.includes('step += 2'));
    expect(wide.length).toBeGreaterThan(40);
    const forked = wide.filter((program) => emitKernel(compiled(program)).source.includes(' if ('));
    expect(forked.length).toBeGreaterThan(5);
    expect(differences(taken, 5)).toEqual(Object.fromEntries(taken.map(({ source }) => [source, []])));
  });

  it('keeps names of a program apart from its own', () => {
    const sources = [
      'export function reward({ next }) { const next_swing_column = next.swing * 2; return { a: next_swing_column + 1, b: next_swing_column }; }',
      'export function reward({ next }) { const toleranceKernel = next.swing * 2; return { a: toleranceKernel + tolerance(next.swing, [0, 1], 1), b: toleranceKernel }; }',
      'export function reward({ next }) { const step_1 = next.swing * 2; const end = step_1 * next.trolley; return { a: step_1 + end, b: end * step_1, alone: step_1 }; }',
      'export const memory = { last: 0 };\nexport function reward({ next, memory }) { const memory_last_next = next.swing * 2; return { components: { a: memory_last_next - memory.last, b: memory_last_next }, memory: { last: memory_last_next } }; }',
    ];
    const programs = sources.map((source) => ({ name: source, source, environment: crane }));
    expect(differences(programs, 3)).toEqual(Object.fromEntries(sources.map((source) => [source, []])));
  });

  it('reads only the columns that the program uses, in the order of the layout', () => {
    const kernel = emitKernel(
      compiled({
        source: 'export function reward({ next, obs }) { return { a: next.swing - obs.rope }; }',
        environment: crane,
      }),
    );
    expect(kernel.columns).toEqual([
      { role: 'obs', field: 'rope', index: 0 },
      { role: 'next', field: 'swing', index: 0 },
    ]);
    expect(kernel.outputs).toEqual(['a', 'total']);
  });

  it('computes a shared sub-expression once', () => {
    const source =
      'export function reward({ next }) { const e = Math.exp(next.swing); return { a: e + 1, b: Math.exp(next.swing) * 2 }; }';
    const { source: text } = emitKernel(compiled({ source, environment: crane }));
    // For each of the two steps that a turn takes.
    expect(text.match(/Math\.exp/g)).toHaveLength(2);
  });

  it('keeps what only one branch needs inside that branch', () => {
    const source = `export function reward({ next }) {
      if (next.hooked) { const far = Math.hypot(next.trolley, next.mark); return { a: far * far + far }; }
      return { a: 0 };
    }`;
    const text = emitKernel(compiled({ source, environment: crane })).source;
    expect(text.indexOf('if (')).toBeGreaterThan(-1);
    expect(text.indexOf('Math.hypot')).toBeGreaterThan(text.indexOf('if ('));
  });

  it('writes several steps side by side only of a small program that remembers nothing', () => {
    const wide = (source: string): boolean =>
      emitKernel(compiled({ source, environment: crane })).source.includes('step += 2');
    const terms = (count: number): string =>
      `export function reward({ next }) { return { a: ${Array.from({ length: count }, (_, term) => `Math.cos(${term + 1} * next.swing)`).join(' + ')} }; }`;
    // A product and a cosine for each term but the first, which has no product, and the sums.
    expect([wide(terms(11)), wide(terms(12))]).toEqual([true, false]);
    expect(
      wide(
        'export const memory = { last: 0 };\nexport function reward({ next, memory }) { return { components: { a: next.swing - memory.last }, memory: { last: next.swing } }; }',
      ),
    ).toBe(false);
  });

  it('labels a success program with one component', () => {
    const compilation = compile('export function success({ next }) { return next.hooked; }', crane, {
      entry: 'success',
    });
    expect(compilation.ok && emitKernel(compilation.program).outputs).toEqual(['success', 'total']);
  });
});
