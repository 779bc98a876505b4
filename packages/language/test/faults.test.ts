import { describe, expect, it } from 'vitest';
import { compile, limits } from '../src/index.ts';
import { arm, crane } from './environments.ts';

const reward = (body: string, head = ''): string =>
  `${head}export function reward({ obs, action, next, terminated, params, env, memory }) {\n${body}\n}`;

interface Case {
  readonly code: string;
  readonly line: number;
  readonly source: string;
  /** Words that the message or the advice must hold. */
  readonly says: string;
}

const refusals: readonly Case[] = [
  { code: 'unknown-field', line: 2, source: reward('return { a: next.trolleyVelocity };'), says: 'trolleySpeed' },
  {
    code: 'unknown-param',
    line: 2,
    source: reward('return { a: params.wieght };', 'export const params = { weight: 1 }; '),
    says: 'weight',
  },
  { code: 'unknown-constant', line: 2, source: reward('return { a: env.gravty };'), says: 'gravity' },
  { code: 'unknown-name', line: 2, source: reward('return { a: speed };'), says: 'speed' },
  {
    code: 'unknown-name',
    line: 1,
    source: 'export function reward() { return { a: next.swing }; }',
    says: 'reward({ next',
  },
  {
    code: 'unknown-input',
    line: 1,
    source: 'export function reward({ state }) { return { a: state }; }',
    says: 'state',
  },
  { code: 'unknown-function', line: 2, source: reward('return { a: Math.clip(next.swing, 0, 1) };'), says: 'clamp' },
  { code: 'unknown-function', line: 2, source: reward('return { a: np.abs(next.swing) };'), says: 'NumPy' },
  { code: 'randomness', line: 2, source: reward('return { a: Math.random() };'), says: 'random' },
  { code: 'clock', line: 2, source: reward('return { a: Date.now() };'), says: 'clock' },
  { code: 'not-a-vector', line: 2, source: reward('return { a: next.swing[0] };'), says: 'scalar' },
  { code: 'vector-as-number', line: 2, source: reward('return { a: 2 * env.costs };'), says: 'index' },
  { code: 'index-out-of-range', line: 2, source: reward('return { a: env.costs[4] * 2 };'), says: '0 to 3' },
  { code: 'missing-return', line: 3, source: reward('if (terminated) return { a: 1 };\nconst b = 2;'), says: 'return' },
  { code: 'number-instead-of-record', line: 2, source: reward('return next.swing;'), says: 'record' },
  { code: 'nested-component', line: 2, source: reward('return { a: { b: 1 } };'), says: '`a`' },
  { code: 'string-component', line: 2, source: reward("return { a: 'high' };"), says: '`a`' },
  { code: 'vector-component', line: 2, source: reward('return { a: env.costs };'), says: 'sum(v)' },
  { code: 'no-components', line: 2, source: reward('return {};'), says: 'no component' },
  {
    code: 'params-not-numbers',
    line: 1,
    source: reward('return { a: 1 };', "export const params = { 'a\\0': 1 };"),
    says: '"a\\u0000"',
  },
  {
    code: 'memory-not-numbers',
    line: 1,
    source: reward('return { a: 1 };', "export const memory = { a: { '\\ud800': 1 } };"),
    says: '"\\ud800"',
  },
  {
    code: 'unbounded-loop',
    line: 2,
    source: reward('while (next.swing > 0) {}\nreturn { a: 1 };'),
    says: 'fixed length',
  },
  { code: 'unbounded-loop', line: 2, source: reward('for (;;) {}'), says: 'fixed length' },
  {
    code: 'unbounded-loop',
    line: 3,
    source: reward(
      'let s = 0;\nfor (let i = memory.from; i < memory.to; i++) s += 1;\nreturn { a: s };',
      'export const memory = { from: 0, to: 9 }; ',
    ),
    says: 'i < Math.min(n, 10)',
  },
  { code: 'syntax-error', line: 2, source: reward('return { a: -Math.abs(next.swing) ** 2 };'), says: '-(x ** 2)' },
  { code: 'syntax-error', line: 1, source: reward("'use strict';\nreturn { a: 1 };"), says: 'strict as it is' },
  { code: 'recursion', line: 1, source: `const f = (n) => f(n - 1); ${reward('return { a: f(3) };')}`, says: '`f`' },
  { code: 'input-mutation', line: 2, source: reward('next.swing = 0;\nreturn { a: 1 };'), says: '`next`' },
  {
    code: 'input-mutation',
    line: 2,
    source: reward('memory.n += 1;\nreturn { a: memory.n };', 'export const memory = { n: 0 }; '),
    says: 'return',
  },
  {
    code: 'global-state',
    line: 2,
    source: reward('count += 1;\nreturn { a: count };', 'let count = 0; '),
    says: 'memory',
  },
  {
    code: 'unknown-memory',
    line: 2,
    source: reward('return { components: { a: 1 }, memory: { n: 1 } };'),
    says: 'export const memory',
  },
  {
    code: 'unknown-option',
    line: 2,
    source: reward("return { a: tolerance(next.swing, [0, 1], 1, { sigmoid: 'gausian' }) };"),
    says: 'gaussian',
  },
  {
    code: 'wrong-arguments',
    line: 2,
    source: reward('return { a: tolerance(next.swing, [1, 0], 1) };'),
    says: 'smaller bound',
  },
  { code: 'wrong-arguments', line: 2, source: reward('return { a: clamp(next.swing) };'), says: 'clamp(x, low, high)' },
  {
    code: 'dynamic-key',
    line: 2,
    source: reward('return { a: params[next.swing] };', 'export const params = { b: 1 }; '),
    says: 'fixed names',
  },
  {
    code: 'forbidden-call',
    line: 1,
    source: `import fs from 'node:fs'; ${reward('return { a: 1 };')}`,
    says: 'import',
  },
  { code: 'unsupported-syntax', line: 2, source: reward('return { a: next.swing | next.mark };'), says: 'Math.floor' },
  {
    code: 'unsupported-syntax',
    line: 1,
    source: 'export async function reward({ next }) { return { a: next.swing }; }',
    says: 'plain function',
  },
  { code: 'throw', line: 2, source: reward("throw new Error('no');"), says: 'throw' },
  { code: 'missing-entry', line: 1, source: 'export function rewrad() { return { a: 1 }; }', says: 'reward' },
  { code: 'python-syntax', line: 2, source: reward('const a = 1 if terminated else 0;'), says: '?' },
  {
    code: 'python-syntax',
    line: 2,
    source: 'export const params = { a: 1 };\ndef reward(obs):\n  return 1',
    says: 'function',
  },
  { code: 'syntax-error', line: 2, source: reward('return { a: Math.max(0, next.swing };'), says: 'brackets' },
  { code: 'syntax-error', line: 3, source: reward('return {\na: Math.max(0, next.swing,\nb: 1 };'), says: 'bracket' },
];

describe('a program that cannot work', () => {
  it.each(refusals)('is refused: $code, $says', ({ code, line, source, says }) => {
    const { ok, findings } = compile(source, crane);
    expect(ok).toBe(false);
    const finding = findings.find((each) => each.code === code);
    expect(finding, JSON.stringify(findings)).toBeDefined();
    expect(finding?.line).toBe(line);
    expect(finding?.severity).toBe('error');
    expect(`${finding?.message} ${finding?.advice}`).toContain(says);
  });

  it('is refused where two vectors differ in length', () => {
    const { findings } = compile(reward('return {\na: distance(next.hand, next.joints) };'), arm);
    expect(findings[0]).toMatchObject({ code: 'shape-mismatch', line: 3 });
  });

  it('hears of several faults at once, each with its place', () => {
    const { findings } = compile(reward('const a = next.swng;\nconst b = obs.trolly;\nreturn { a, b };'), crane);
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['unknown-field', 2],
      ['unknown-field', 3],
    ]);
  });
});

describe('what stands around a program', () => {
  const program = reward('return { a: next.swing };');

  it.each([
    ['a fence', `\`\`\`js\n${program}\n\`\`\``, ['markdown-fence']],
    [
      'a fence and sentences',
      `Here it is:\n\n\`\`\`javascript\n${program}\n\`\`\`\nTune it.`,
      ['markdown-fence', 'prose-around-code'],
    ],
    ['sentences', `Here is the reward.\n\n${program}\n\nIt rewards the swing.`, ['prose-around-code']],
    [
      'types',
      program.replace('next,', 'next,').replace('memory })', 'memory }: { next: Record<string, number> })'),
      ['typescript-annotations'],
    ],
  ])('%s: is taken off and noted', (_, source, codes) => {
    const { ok, findings } = compile(source, crane);
    expect(ok, JSON.stringify(findings)).toBe(true);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(codes);
    expect(findings.every(({ severity }) => severity === 'note')).toBe(true);
  });

  it('does not move the places of faults', () => {
    const { findings } = compile(`Sure!\n\n\`\`\`js\n${reward('return { a: next.swng };')}\n\`\`\``, crane);
    expect(findings[0]).toMatchObject({ code: 'unknown-field', line: 5 });
  });
});

describe('the limits of compilation', () => {
  const loop = reward('let t = 0;\nfor (let i = 0; i < 50; i++) t += next.swing * i;\nreturn { t };');

  it('accepts the program under the usual limits', () => {
    expect(compile(loop, crane).ok).toBe(true);
    expect(limits.loopTrips).toBeGreaterThan(50);
  });

  it.each([
    ['sourceLength', 40, 'program-too-large'],
    ['nodes', 30, 'program-too-large'],
    ['loopTrips', 49, 'unbounded-loop'],
    ['evaluations', 100, 'program-too-large'],
    ['components', 0, 'too-many-components'],
  ] as const)('refuses it when %s is %i', (name, value, code) => {
    const { ok, findings } = compile(loop, crane, { limits: { [name]: value } });
    expect(ok).toBe(false);
    expect(findings[0]?.code).toBe(code);
  });

  it('refuses calls nested deeper than callDepth', () => {
    const source = `const a = (x) => x; const b = (x) => a(x); ${reward('return { t: b(next.swing) };')}`;
    expect(compile(source, crane, { limits: { callDepth: 3 } }).ok).toBe(true);
    expect(compile(source, crane, { limits: { callDepth: 2 } }).ok).toBe(false);
  });

  it('refuses arrays longer than arrayLength', () => {
    const source = reward('return { t: sum(Array.from({ length: 9 }, (_, i) => i * next.swing)) };');
    expect(compile(source, crane, { limits: { arrayLength: 9 } }).ok).toBe(true);
    expect(compile(source, crane, { limits: { arrayLength: 8 } }).ok).toBe(false);
  });

  it('stops after as many findings as are allowed', () => {
    const source = reward(Array.from({ length: 9 }, (_, i) => `const a${i} = next.none${i};`).join('\n'));
    expect(compile(source, crane, { limits: { findings: 4 } }).findings).toHaveLength(4);
  });
});
