import { expect, it } from 'vitest';
import { exportAll, jobsFor, withDirectory } from './exporting.ts';
import { describeWithPython, runJobs } from './python/python.ts';

/** As docs/exports.md has them: what each call may be off by, in units of the last place, and in PyTorch where that is more. */
const places: ReadonlyMap<string, readonly [number, number]> = new Map([
  ...['abs(x)', 'ceil(x)', 'floor(x)', 'round(x)', 'trunc(x)', 'sign(x)', 'fround(x)', 'max(x, y)', 'min(x, y)'].map(
    (call): [string, [number, number]] => [call, [0, 0]],
  ),
  ['sqrt(x)', [0, 1]],
  ['hypot(x, y)', [0, 2]],
  ['hypot(x, y, z)', [0, 2]],
  ...['acos(x)', 'acosh(x)', 'asin(x)', 'asinh(x)', 'atan(x)', 'atan2(x, y)', 'atanh(x)', 'cbrt(x)', 'cos(x)'].map(
    (call): [string, [number, number]] => [call, [1, 1]],
  ),
  ...['cosh(x)', 'exp(x)', 'expm1(x)', 'log(x)', 'log1p(x)', 'log2(x)', 'pow(x, y)', 'sin(x)', 'tan(x)'].map(
    (call): [string, [number, number]] => [call, [1, 1]],
  ),
  ...['log10(x)', 'sinh(x)', 'tanh(x)'].map((call): [string, [number, number]] => [call, [2, 2]]),
]);

const source = (call: string): string => `export function reward({ next }) {
  const [x, y, z] = [next.range[0], next.hand[1], next.grip];
  return { a: Math.${call} };
}`;

describeWithPython('one call of a function of Math', () => {
  it('is off by no more than the docs say, on every target', () => {
    const calls = [...places];
    withDirectory((directory) => {
      const programs = calls.map(([call], index) => ({
        name: `call_${index}`,
        source: source(call),
        environment: 'arm',
      }));
      exportAll({ directory, seed: 11, programs });
      const results = runJobs(programs.flatMap(({ name }) => jobsFor(directory, name)));
      const faults = results.flatMap(({ name, error, differences, ulps = 0 }) => {
        const [call, [exact, torch]] = calls[Number(/\d+/.exec(name)?.[0])] ?? ['', [0, 0]];
        const limit = name.includes('torch') ? torch : exact;
        return error || differences?.length !== 0 || ulps > limit ? [{ name, call, error, differences, ulps }] : [];
      });
      expect(faults).toEqual([]);
    });
  });
});
