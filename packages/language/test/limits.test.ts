import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';

const reward = (expression: string) => `export function reward({ next }) {\n  return { a: ${expression} };\n}`;
const first = (source: string) => compile(source, crane).findings[0];

describe('a program past a limit', () => {
  test.each([
    ['brackets', reward(`${'('.repeat(5000)}next.swing${')'.repeat(5000)}`), 2],
    ['signs', reward(`${'- '.repeat(8000)}next.swing`), 1],
    ['a long sum', reward(Array.from({ length: 2400 }, () => 'next.swing').join(' + ')), 2],
    ['text', `// ${'x'.repeat(40_000)}\n${reward('next.swing')}`, 1],
  ])('by %s is refused with a place', (_, source, line) => {
    expect(first(source)).toMatchObject({ code: 'program-too-large', severity: 'error', line });
  });

  // Each value holds the one before it twice: as a tree it would be larger than any machine.
  test.each([
    ['a record', 'x = { x, y: x };', 'return x;', 'nested-component'],
    ['an array', 'x = [x, x];', 'return x;', 'not-a-record'],
    ['a component', 'x = [x, x];', 'return { a: x };', 'vector-component'],
    [
      'records on two ways',
      '{ const of = (x) => { if (next.hooked) return { x, y: x }; return { y: x, x }; }; x = of(x); }',
      'return x;',
      'program-too-large',
    ],
  ])('by a value that doubles sixty times, %s, is refused', (_, step, end, code) => {
    const source = `export function reward({ next }) {\n  let x = { z: next.swing };\n  for (let i = 0; i < 60; i++) ${step}\n  ${end}\n}`;
    expect(first(source)).toMatchObject({ code, severity: 'error' });
  });

  test('by a text that doubles is refused, before it is a key', () => {
    const source = `export function reward({ next }) {\n  let x = 'swing';\n  for (let i = 0; i < 26; i++) x = x + x;\n  return { a: next[x] };\n}`;
    expect(first(source)).toMatchObject({
      code: 'program-too-large',
      line: 3,
      message: expect.stringMatching(/^A text that is joined/),
    });
  });

  test('by a memory that does is refused', () => {
    const source = `export const memory = { m: 0 };
export function reward() {
  let x = { m: 1 };
  for (let i = 0; i < 60; i++) x = { m: x, y: x };
  return { components: { a: 1 }, memory: x };
}`;
    expect(compile(source, crane).findings.map(({ code }) => code)).toContain('program-too-large');
  });

  test('brackets within the limit are no fault', () => {
    expect(compile(reward(`${'('.repeat(150)}next.swing${')'.repeat(150)}`), crane).ok).toBe(true);
  });
});

test('text without a program says so', () => {
  expect(first('I am sorry, I cannot help with that.')).toMatchObject({ code: 'no-program', line: 1 });
});

test('a component cannot be what a record inherits from', () => {
  expect(first('export function reward({ next }) {\n  return { __proto__: next.swing, b: 1 };\n}')).toMatchObject({
    code: 'unsupported-syntax',
    line: 2,
  });
});

test('advice never speaks of what a lookup table inherits', () => {
  const { findings } = compile(reward('[].constructor'), crane);
  expect(JSON.stringify(findings)).not.toContain('native code');
});
