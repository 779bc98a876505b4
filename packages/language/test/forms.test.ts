import { expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';

const codes = (source: string): readonly string[] => compile(source, crane).findings.map(({ code }) => code);

test('a loop ends where the least of a count and a number does', () => {
  const source = (end: string): string => `
    export const memory = { count: 0 };
    export function reward({ memory }) {
      let sum = 0;
      for (let i = 0; i < ${end}; i++) sum += 0.5 ** i;
      return { components: { sum }, memory: { count: memory.count + 1 } };
    }`;
  expect(codes(source('Math.min(memory.count, 10)'))).toEqual([]);
  expect(codes(source('clamp(memory.count, 0, 4)'))).toEqual([]);
  expect(codes(source('memory.count'))).toEqual(['unbounded-loop']);
});

test('paths may return components in one form or the other', () => {
  const compilation = compile(
    `export function reward({ next, terminated }) {
       if (terminated) return { height: 0, swing: -1 };
       if (next.hooked) return { total: 3, components: { height: 1, swing: 0 } };
       return { components: { height: next.rope, swing: next.swing, rest: 1 } };
     }`,
    crane,
  );
  expect(compilation.findings.map(({ code, line }) => [code, line])).toEqual([
    ['component-missing', 2],
    ['component-missing', 3],
  ]);
  expect(compilation.ok && compilation.program.components).toEqual(['height', 'swing', 'rest']);
});

test("TypeScript's parameter `this` is taken off", () => {
  const source = `
    const twice = function (this: void, x: number): number { return 2 * x; };
    export function reward(this: void, { next }: Step): Record<string, number> {
      return { a: twice(next.swing) };
    }`;
  const compilation = compile(source, crane);
  expect(compilation.findings.map(({ code }) => code)).toEqual(['typescript-annotations']);
  expect(compilation.ok && compilation.program.module).not.toMatch(/this|number/);
});

test('a block is left by its label, and by a plain break only with the loop around it', () => {
  const source = `
    export function reward({ next }) {
      let turns = 0;
      for (const limit of [0.1, 0.2, 0.3]) {
        inner: {
          if (next.swing > limit) break inner;
          if (next.swing < -limit) break;
          turns += 1;
        }
        turns += 10;
      }
      return { turns };
    }`;
  expect(codes(source)).toEqual([]);
});
