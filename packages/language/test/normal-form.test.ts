import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';

function hash(source: string): string {
  const compilation = compile(source, crane);
  if (!compilation.ok) throw new Error(compilation.findings.map(({ message }) => message).join(' '));
  return compilation.program.hash;
}

const reward = (expression: string): string => `export function reward({ obs, next, env }) {
  return { term: ${expression} };
}`;

const same: readonly (readonly [string, string, string])[] = [
  ['the spelling of a literal', 'next.swing * 0.5', 'next.swing * 5e-1'],
  ['the order of a sum', 'next.swing + next.trolley', 'next.trolley + next.swing'],
  ['the grouping of a sum', '(next.swing + next.trolley) + next.mark', 'next.mark + (next.trolley + next.swing)'],
  ['the order of a product', '2 * next.swing * next.rope', 'next.rope * (next.swing * 2)'],
  ['where a sign stands', '-2 * next.swing', '-(next.swing * 2)'],
  ['a sign inside a product', '-next.swing * next.rope', '-(next.swing * next.rope)'],
  ['a double sign', '-(-next.swing)', 'next.swing'],
  ['a difference and a sum of a negative', 'next.swing - next.mark', '-next.mark + next.swing'],
  ['the side of a comparison', 'next.swing > 0.1 ? 1 : 0', '0.1 < next.swing ? 1 : 0'],
  ['a negated condition', '!next.hooked ? 1 : 2', 'next.hooked ? 2 : 1'],
  ['the order of Math.max', 'Math.max(next.swing, 0)', 'Math.max(0, next.swing)'],
];

const different: readonly (readonly [string, string, string])[] = [
  ['a number', 'next.swing * 0.5', 'next.swing * 0.6'],
  ['a field', 'next.swing', 'next.swingRate'],
  ['before and after', 'next.swing', 'obs.swing'],
  ['a sign', 'next.swing', '-next.swing'],
  ['the order of a difference', 'next.swing - next.mark', 'next.mark - next.swing'],
  ['the order of a quotient', 'next.rope / next.mark', 'next.mark / next.rope'],
  ['a strict comparison', 'next.swing > 0.1 ? 1 : 0', 'next.swing >= 0.1 ? 1 : 0'],
  ['the arms of a choice', 'next.hooked ? 1 : 2', 'next.hooked ? 2 : 1'],
  ['a square and a double', 'next.swing * next.swing', 'next.swing + next.swing'],
  [
    'the shape of tolerance',
    "tolerance(next.swing, [0, 0], 1, 'linear')",
    "tolerance(next.swing, [0, 0], 1, 'cosine')",
  ],
];

describe('the normal form', () => {
  test.each(same)('does not see %s', (_, left, right) => {
    expect(hash(reward(left))).toBe(hash(reward(right)));
  });

  test.each(different)('tells %s', (_, left, right) => {
    expect(hash(reward(left))).not.toBe(hash(reward(right)));
  });

  test('does not see names, comments, layout and helpers', () => {
    const plain = `export const params = { weight: 2 };
export function reward({ next, params }) { return { calm: -params.weight * Math.abs(next.swing), near: next.mark - next.trolley }; }`;
    const elaborate = `// Written another way.
export const params = { calmness: 2.0 };
const size = (x) => Math.abs(x);
export function reward({ next, params: p }) {
  const gap = next.mark - next.trolley; // what is missing
  const penalty = size(next.swing) * p.calmness;
  return { gap, steadiness: -penalty };
}`;
    expect(hash(plain)).toBe(hash(elaborate));
  });

  test('tells a tunable number from a literal, and its values', () => {
    const tuned = (value: number) => `export const params = { w: ${value} };
export function reward({ next, params }) { return { term: params.w * next.swing }; }`;
    expect(hash(tuned(2))).not.toBe(hash(tuned(3)));
    expect(hash(tuned(2))).not.toBe(hash(reward('2 * next.swing')));
  });

  test('knows a memory by what it holds, not by its name', () => {
    const counting = (name: string, step: number) => `export const memory = { ${name}: 0 };
export function reward({ next, memory }) {
  const ${name} = memory.${name} + ${step};
  return { components: { term: next.swing * ${name} }, memory: { ${name} } };
}`;
    expect(hash(counting('steps', 1))).toBe(hash(counting('ticks', 1)));
    expect(hash(counting('steps', 1))).not.toBe(hash(counting('steps', 2)));
  });

  test('tells a total of its own from the sum of the components', () => {
    const own = `export function reward({ next }) { return { total: 2 * next.swing, components: { term: next.swing } }; }`;
    expect(hash(own)).not.toBe(hash(reward('next.swing')));
  });
});
