import { describe, expect, test } from 'vitest';
import { compiledQuickly } from '../src/compiler/quick.ts';
import { environment } from './support/programs.ts';

const times = (count: number, line: (index: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, index) => line(index)).join(between);
const reward = (body: string, before = ''): string => `${before}\nexport function reward({ next }) {\n${body}\n}`;

/** Programs of few lines, by size, that cost much more than their statements: each held its thread for 25 ms to 2 s, uncounted. */
const worst: Readonly<Record<string, readonly [small: number, large: number, (size: number) => string]>> = {
  'a chain of records, each behind a condition': [
    4,
    64,
    (size) =>
      reward(`let list = null;
      for (let i = 0; i < ${size}; i += 1) if (next.angle > i) list = { value: i * next.angle, rest: list };
      let sum = 0;
      for (let i = 0; i < ${size}; i += 1) if (list) { sum += list.value; list = list.rest; }
      return { sum };`),
  ],
  'a helper that leaves early, with nothing or a number': [
    8,
    300,
    (size) =>
      reward(
        'const found = look(next.angle);\nreturn { found: found === null ? 0 : found };',
        `function look(x) { ${times(size, (i) => `if (x > ${i}) return ${i % 2 === 0 ? 'null' : `x * ${i}`};`)} return null; }`,
      ),
  ],
  'the best of many, of which none may be there': [
    8,
    96,
    (size) =>
      reward(`let best = null;
      for (let i = 0; i < ${size}; i += 1) {
        if (next.angle > i) { if (best === null || best < i * next.angle) best = i * next.angle; }
      }
      return { best: best === null ? 0 : best };`),
  ],
  'two that take turns at being missing': [
    8,
    64,
    (size) =>
      reward(`let one = null, other = null;
      for (let i = 0; i < ${size}; i += 1) {
        if (next.angle > i || other === null) one = next.angle * i;
        if (one !== null && one > i) other = one;
        if (other !== null && one !== null && other < one) other = null;
      }
      return { sum: (one ?? 0) + (other ?? 0) };`),
  ],
  'copies of a large array': [
    1,
    96,
    (size) =>
      reward(`let all = [1];
      ${times(8, () => 'all = all.concat(all);')}
      ${times(size, () => '{ const a = all.slice(); const b = [...all]; const c = { ...all }; }')}
      return { value: next.angle + all.length };`),
  ],
  'conditions that double the ones before': [
    8,
    384,
    (size) =>
      reward(`let holds = next.angle > 0;
      ${times(size, (i) => `holds = (holds && next.angle > ${i}) && (holds && next.angle < -${i});`)}
      let found;
      if (holds) found = 1;
      return { found: holds && found !== undefined ? found : 0 };`),
  ],
  'rests of rests': [
    8,
    300,
    (size) =>
      reward(`${times(size, (i) => `const { x${i} = ${i}, ...r${i} } = { ${i === 0 ? '' : `...r${i - 1}, `}y${i}: next.angle };`)}
      return { sum: ${times(size, (i) => `x${i}`, ' + ')} };`),
  ],
  'many lines': [
    8,
    300,
    (size) => reward(`${times(size, (i) => `const v${i} = next.angle * ${i};`)}\nreturn { a: v1 };`),
  ],
};

describe('on the thread for small programs', () => {
  test.each(Object.entries(worst))('no more is compiled than is little: %s', (_, [small, large, program]) => {
    expect(compiledQuickly({ source: program(small), environment })).toMatchObject({ ok: true });
    expect(compiledQuickly({ source: program(large), environment })).toBeUndefined();
  });

  test('a long name is not compared with another', () => {
    const source = reward(`const ${'a'.repeat(3_500)} = 1;\nreturn { value: ${'b'.repeat(3_500)} };`);
    const compiled = compiledQuickly({ source, environment });
    expect(compiled).toMatchObject({ ok: false, findings: [{ code: 'unknown-name' }] });
    expect(compiled?.findings[0]?.advice).not.toContain('Did you mean');
  });
});
