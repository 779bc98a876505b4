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
