import { expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';

const quotients = (divisor: string): readonly string[] =>
  compile(`export function reward({ next }) { return { a: 1 / (${divisor}) }; }`, crane).findings.map(
    ({ code }) => code,
  );

test.each([
  'Math.asin(Math.min(Math.abs(next.swing), 1)) + 1e-6',
  'Math.acos(clamp(next.swing, -0.5, 0.5))',
  '1 + 4 * next.trolley * next.trolley',
  'Math.atan2(Math.abs(next.swing), Math.abs(next.swingRate)) + 0.1',
  'next.rope',
])('%s is known to stay away from 0', (divisor) => {
  expect(quotients(divisor)).not.toContain('division-by-zero');
});

test.each(['next.trolley', 'Math.asin(next.swing)', 'next.trolley * next.swing', 'next.rope - 0.5'])(
  '%s may be 0 and is warned of',
  (divisor) => {
    expect(quotients(divisor)).toContain('division-by-zero');
  },
);

const findings = (source: string): readonly string[] => compile(source, crane).findings.map(({ code }) => code);
const remembering = (initial: number, update: string, divisor: string): string => `
  export const memory = { count: ${initial} };
  export function reward({ next, memory }) {
    const count = ${update};
    return { components: { a: next.trolley / (${divisor}) }, memory: { count } };
  }`;

test.each([
  [0, 'memory.count + 1', 'count'],
  [1, 'memory.count + 1', 'memory.count'],
  [0, 'next.swing > 0 ? Math.min(memory.count + 1, 20) : 0', '21 - count'],
  [2, '0.9 * memory.count + 0.1 * next.rope', 'memory.count'],
] as const)('memory that starts at %s and becomes %s keeps %s away from 0', (initial, update, divisor) => {
  expect(findings(remembering(initial, update, divisor))).not.toContain('division-by-zero');
});

test.each([
  [0, 'memory.count + 1', 'memory.count'],
  [1, 'memory.count - 1', 'count'],
  [0, 'next.swing > 0 ? memory.count + 1 : 0', 'count'],
] as const)('memory that starts at %s and becomes %s leaves %s at 0', (initial, update, divisor) => {
  expect(findings(remembering(initial, update, divisor))).toContain('division-by-zero');
});

test('a quotient that counts only where it is finite is guarded', () => {
  const source = (use: string): string => `
    export function reward({ next }) {
      const ratio = next.trolley / next.swing;
      return { a: ${use} };
    }`;
  expect(findings(source('Number.isFinite(ratio) ? ratio : 0'))).toEqual([]);
  expect(findings(source('isNaN(ratio) ? 0 : Math.min(ratio, 1)'))).toEqual([]);
  expect(findings(source('ratio > 3 ? 1 : 0'))).toContain('division-by-zero');
});

test('a guard against overflow is not called needless, and another threshold is', () => {
  const guarded = `
    const softplus = (x) => (x > 20 ? x : Math.log1p(Math.exp(x)));
    export function reward({ next }) { return { a: softplus(next.swing) }; }`;
  expect(findings(guarded)).toEqual([]);
  expect(findings('export function reward({ next }) { return { a: next.swing > 20 ? 1 : 0 }; }')).toContain(
    'never-true',
  );
});
