import { Environment, type ExportTarget } from '@rewardsmith/contracts';
import { describe, expect, test } from 'vitest';
import { chooseParitySteps, compile, emitKernel, emitTarget, seededRandom } from '../src/index.ts';
import { arm, crane } from './environments.ts';
import { compiled } from './fixtures.ts';

/** Few fields, of many entries each. */
const wide = Environment.parse({
  name: 'wide',
  observation: [
    { name: 'v', shape: [256], low: -5, high: 5 },
    { name: 'w', shape: [256], low: -5, high: 5 },
  ],
  action: { kind: 'discrete', n: 4 },
  constants: {},
  maxEpisodeSteps: 400,
});

const reward = (body: string, before = '') =>
  `${before}export function reward({ next }) {\n${body}\nreturn { a: x };\n}`;
const repeated = (count: number, each: (index: number) => string, between = '') =>
  Array.from({ length: count }, (_, index) => each(index)).join(between);
const largeTest = repeated(40, (k) => `(next.rope > ${k} || next.swing < ${k})`, ' && ');
const wideArray = 'const a = []; for (let i = 0; i < 4096; i++) a.push(next.swing * i); let x = 0;';
const ages = 'for (let j = 0; j < 100; j++) for (let i = 0; i < 4000; i++)';

describe('a text that would cost seconds or minutes', () => {
  test.each([
    [
      'one large condition proved for each of very many loops',
      crane,
      `let x = 0; const c = ${largeTest}; for (let j = 0; j < 4000; j++) { let i = 0; while (c) { if (i++ > 60) break; } }`,
      /evaluations/,
    ],
    ['the largest of thousands, time and again', crane, `${wideArray} ${ages} x = Math.max(...a);`, /evaluations/],
    ['a sum of thousands, time and again', crane, `${wideArray} ${ages} x = sum(a);`, /evaluations/],
    [
      'vectors whose entries are all alike',
      wide,
      `let v = next.v.map((z) => 1).map((z) => z * next.w[0]); for (let i = 0; i < 2000; i++) v = v.map((z) => z * 2 + i);
       const x = v[0];`,
      /entries of vectors/,
    ],
    [
      'masks that share their conditions',
      wide,
      `let x = 0; let m = next.v.map((z) => z > 0);
       for (let i = 0; i < 300; i++) { m = m.map((c, k) => c && next.v[k] > i); x += m.filter((c) => c).length; }`,
      /operations/,
    ],
  ])('by %s, is refused', (_, environment, body, message) => {
    const limits = { evaluations: 100_000, scalarNodes: 20_000 };
    const [first] = compile(reward(body), environment, { limits }).findings;
    expect(first).toMatchObject({ code: 'program-too-large', message: expect.stringMatching(message) });
    expect(first?.line).toBeGreaterThan(1);
  });

  test('by a number that is made of two, each of them of two others, compiles', () => {
    const numbers = `const n0 = 1.5;\n${repeated(200, (i) => `const n${i + 1} = n${i} - n${i} / 2;\n`)}`;
    expect(compile(reward('const x = n200 * next.swing;', numbers), crane).ok).toBe(true);
  });
});

const targets: readonly ExportTarget[] = ['python', 'numpy', 'torch'];

describe('an export of values inside one another', () => {
  test.each([
    ['functions', crane, 'let x = next.swing; for (let i = 0; i < 150; i++) x = Math.sin(x);'],
    ['bounds', crane, 'let x = next.swing; for (let i = 0; i < 100; i++) x = clamp(next.rope, x, next.mark);'],
    [
      'conditions',
      crane,
      'let c = next.hooked; for (let i = 0; i < 60; i++) c = (c && next.swing > i) || next.rope < i; const x = c ? 1 : 0;',
    ],
    [
      'vectors',
      arm,
      'let v = next.hand; for (let i = 0; i < 60; i++) v = v.map((z) => Math.sin(z * next.grip)); const x = v[0];',
    ],
    [
      'entries that share their parts',
      arm,
      `let [a, b, c] = next.hand; for (let i = 0; i < 40; i++) { a = a * a + a; b = b * b + b; c = c * c + c; }
       const x = norm([a, b, c]);`,
    ],
    [
      'entries that share their parts each in another way',
      wide,
      `const of = (k, z) => {
         let a = z * (1.5 + k), b = z * (2.5 + k);
         for (let i = 0; i < 30; i++) { const c = i === k ? a * b : a * a; b = b * b; a = c; }
         return a;
       };
       let x = 0; for (let k = 0; k < 30; k++) x += of(k, next.v[k]);`,
    ],
    [
      'a chain of else',
      crane,
      `let x = 0; let y = 0; ${repeated(40, (i) => `if (next.swing > ${i} / 40) { x = ${i}; y = next.rope * ${i}; }`, ' else ')} x += y * x;`,
    ],
  ])('by %s, is written once for each', (_, environment, body) => {
    const program = compiled({ source: reward(body), environment });
    for (const target of targets) expect(emitTarget(program, target).length).toBeLessThan(400_000);
    expect(emitKernel(program).source.length).toBeLessThan(400_000);
  });
});

test.each([
  ['a name', 'w'.repeat(6000), ''],
  ['a comment', 'w', `// ${'w'.repeat(28_000)}\n`],
])('%s of thousands of letters in a loop does not stand in an export for each turn', (_, name, comment) => {
  const turn = `{\n${comment}const y = ${name} * 1.01 + next.rope;\n${name} = y * next.mark; }`;
  const body = `let ${name} = next.swing; for (let i = 0; i < 600; i++) ${turn} const x = ${name};`;
  const program = compiled({ source: reward(body), environment: crane });
  for (const target of targets) expect(emitTarget(program, target).length).toBeLessThan(4_000_000);
  expect(emitKernel(program).source.length).toBeLessThan(4_000_000);
});

test.each([
  ['operations', 'x = (x + next.rope) * 0.99;'],
  ['functions', 'x = Math.round(Math.sin(x) * next.rope);'],
  ['bounds', 'x = clamp(x * 1.5, next.swing - i, 1);'],
])('%s in a loop of a thousand turns stand in no more brackets than Python reads', (_, step) => {
  const program = compiled({
    source: reward(`let x = next.swing; for (let i = 0; i < 1000; i++) ${step}`),
    environment: crane,
  });
  for (const target of targets) {
    let [depth, deepest] = [0, 0];
    for (const letter of emitTarget(program, target)) {
      if (letter === '(' || letter === '[') depth += 1;
      if (letter === ')' || letter === ']') depth -= 1;
      deepest = Math.max(deepest, depth);
    }
    expect(deepest).toBeLessThan(200);
  }
});

describe('the steps of a parity file', () => {
  test.each([
    [
      'choices of which each asks for the one before',
      'let x = next.rope; for (let i = 0; i < 400; i++) x = x > i * 0.1 ? x - next.swing : x < -i ? x + next.mark : x * 2;',
    ],
    [
      'conditions on all those before',
      'let c = next.hooked; for (let i = 0; i < 500; i++) c = (c && next.swing > i) || next.rope < i; const x = c ? 1 : 0;',
    ],
  ])('are found for %s', (_, body) => {
    const steps = chooseParitySteps(compiled({ source: reward(body), environment: crane }), seededRandom(1));
    expect(steps.episodes.length).toBeGreaterThan(0);
  });
});
