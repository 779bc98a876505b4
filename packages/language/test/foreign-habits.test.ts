import { describe, expect, it } from 'vitest';
import { compile, entryOf } from '../src/index.ts';
import { crane } from './environments.ts';

const reward = (body: string): string =>
  `export function reward({ obs, action, next, terminated, params, env, memory }) {\n${body}\n}`;

type Case = readonly [name: string, code: string, line: number, says: string, source: string];

const python: readonly Case[] = [
  ['a function', 'python-syntax', 1, 'function', 'def reward(obs, action):\n    return {"a": 1.0}'],
  ['an import', 'python-syntax', 1, 'import', 'import numpy as np\n\ndef reward(obs):\n    return {"a": 1.0}'],
  ['and', 'python-syntax', 2, '&&', reward('const a = next.hooked and next.touching;\nreturn { a };')],
  ['not', 'python-syntax', 2, '!', reward('if (not terminated) { return { a: 1 }; }\nreturn { a: 0 };')],
  [
    'elif',
    'python-syntax',
    5,
    'else if',
    reward('let a = 0;\nif (next.hooked) { a = 1;\n}\nelif (next.touching) { a = 2; }\nreturn { a };'),
  ],
  ['True', 'python-syntax', 2, 'true', reward('const done = True;\nreturn { a: done ? 1 : 0 };')],
  ['None', 'python-syntax', 2, 'undefined', reward('let a = None;\nreturn { a };')],
  ['a block', 'python-syntax', 2, '{', reward('if next.hooked:\n  return { a: 1 };\nreturn { a: 0 };')],
  ['pass', 'python-syntax', 2, 'empty', reward('if (terminated) { pass }\nreturn { a: 1 };')],
  ['self', 'python-syntax', 2, 'inputs', reward('return { a: self.swing };')],
  ['formatted text', 'python-syntax', 2, 'text', reward('const name = f"{next.swing}";\nreturn { a: 1 };')],
  [
    'a comprehension',
    'python-syntax',
    2,
    'map',
    reward('const v = [x * x for x in env.costs];\nreturn { a: sum(v) };'),
  ],
  ['lambda', 'python-syntax', 2, '=>', reward('const f = lambda x: x + 1;\nreturn { a: f(1) };')],
  ['a slice', 'python-syntax', 2, 'slice', reward('const v = env.costs[0:2];\nreturn { a: norm(v) };')],
  ['is', 'python-syntax', 2, '===', reward('return { a: terminated is true ? 1 : 0 };')],
  ['a conditional', 'python-syntax', 2, '? a : b', reward('return { a: 1 if terminated else 0 };')],
  ['a comment', 'python-syntax', 2, '//', reward('# swing\nreturn { a: 1 };')],
  ['a docstring', 'python-syntax', 2, '/**', reward('"""Reward."""\nreturn { a: 1 };')],
  ['len', 'unknown-function', 2, 'length', reward('return { a: len(env.costs) };')],
  ['abs', 'unknown-function', 2, 'Math.abs', reward('return { a: abs(next.swing) };')],
  ['max', 'unknown-function', 2, 'Math.max', reward('return { a: max(0, next.swing) };')],
  [
    'range',
    'unknown-function',
    3,
    'for (let',
    reward('let s = 0;\nfor (const i of range(4)) s += i;\nreturn { a: s };'),
  ],
  [
    'enumerate',
    'unknown-function',
    2,
    'entries',
    reward('for (const [i, c] of enumerate(env.costs)) {}\nreturn { a: 1 };'),
  ],
  ['float', 'unknown-function', 2, 'Number', reward('return { a: float(terminated) };')],
  ['print', 'forbidden-call', 2, 'Leave', reward('print(next.swing);\nreturn { a: 1 };')],
  ['np', 'unknown-function', 2, 'NumPy', reward('return { a: np.exp(next.swing) };')],
  ['a negative index', 'index-out-of-range', 2, '0 to 3', reward('return { a: env.costs[-1] };')],
];

const elsewhere: readonly Case[] = [
  ['require', 'forbidden-call', 1, 'built in', `const np = require('numjs');\n${reward('return { a: 1 };')}`],
  ['import', 'forbidden-call', 1, 'built in', `import { clamp } from 'lodash';\n${reward('return { a: 1 };')}`],
  ['eval', 'forbidden-call', 2, 'expression', reward("return { a: eval('1') };")],
  ['Function', 'unsupported-syntax', 2, 'Function', reward("return { a: new Function('return 1')() };")],
  ['this', 'global-state', 2, 'inputs', reward('return { a: this.swing };')],
  ['globalThis', 'global-state', 2, 'inputs', reward('globalThis.n = 1;\nreturn { a: 1 };')],
  ['a regular expression', 'unsupported-syntax', 2, 'regular', reward('return { a: /x/.test(1) ? 1 : 0 };')],
  ['JSON', 'text', 2, 'text', reward('return { a: JSON.stringify(next).length };')],
  ['toFixed', 'text', 2, 'Math.round', reward('return { a: Number(next.swing.toFixed(2)) };')],
  ['a class', 'unsupported-syntax', 1, 'functions', `class Crane {}\n${reward('return { a: 1 };')}`],
  ['a generator', 'unsupported-syntax', 1, 'plain function', 'export function* reward({ next }) { yield next.swing; }'],
  ['a Set', 'unsupported-syntax', 2, 'includes', reward('return { a: new Set([1, 2]).has(action) ? 1 : 0 };')],
  ['a getter', 'unsupported-syntax', 2, 'value', reward('const o = { get a() { return 1; } };\nreturn { a: o.a };')],
  ['delete', 'unsupported-syntax', 3, 'delete', reward('const o = { a: 1, b: 2 };\ndelete o.b;\nreturn o;')],
  ['fetch', 'forbidden-call', 2, 'network', reward("fetch('x');\nreturn { a: 1 };")],
  [
    'mutual recursion',
    'recursion',
    1,
    'calls itself',
    `const f = (n) => (n > 0 ? g(n - 1) : 0); const g = (n) => f(n); ${reward('return { a: f(3) };')}`,
  ],
  [
    'several arguments',
    'positional-inputs',
    1,
    '{ obs',
    'export function reward(obs, action, next) {\n  return { a: next.swing };\n}',
  ],
  [
    'a field taken from the argument',
    'unknown-input',
    1,
    'next.swing',
    'export function reward({ swing }) { return { a: swing }; }',
  ],
  ['a constant among the fields', 'unknown-field', 2, 'env.gravity', reward('return { a: next.gravity };')],
  ['a field among the constants', 'unknown-constant', 2, 'next.rope', reward('return { a: env.rope };')],
  [
    'a block in place of a record',
    'missing-return',
    1,
    'path',
    'export const reward = ({ next }) => { a: next.swing };',
  ],
  ['return without a value', 'missing-return', 2, 'path', reward('if (terminated) return;\nreturn { a: 1 };')],
  ['return null', 'missing-return', 2, 'path', reward('if (terminated) return null;\nreturn { a: 1 };')],
  [
    'a helper without return',
    'missing-return',
    3,
    'nothing',
    reward('const f = (x) => {\n  if (x > 0) return;\n  return 1;\n};\nreturn { a: 1 + f(1) };').replace(
      '{\n  if',
      '{\n if',
    ),
  ],
  ['a component that is undefined', 'undefined-value', 3, '`a`', reward('let a;\nreturn { a };')],
  [
    'a counter at module level',
    'global-state',
    3,
    'memory',
    `let count = 0;\n${reward('count++;\nreturn { a: count };').replace('{\ncount', '{\ncount')}`,
  ],
  [
    'an array at module level',
    'global-state',
    3,
    'memory',
    `const seen = [];\n${reward('seen.push(next.swing);\nreturn { a: seen.length };')}`,
  ],
  [
    'a record at module level',
    'global-state',
    3,
    'memory',
    `const state = { last: 0 };\n${reward('state.last = next.swing;\nreturn { a: 1 };')}`,
  ],
  [
    'a field that is sorted in place',
    'input-mutation',
    2,
    'read-only',
    reward('env.costs.sort((a, b) => a - b);\nreturn { a: 1 };'),
  ],
  [
    'a const that is assigned',
    'constant-assignment',
    3,
    'let',
    reward('const a = 0;\nif (terminated) a = 1;\nreturn { a };'),
  ],
  ['a component name of the step', 'dynamic-key', 2, 'fixed names', reward('return { [next.swing]: 1 };')],
  ['a loop for ever', 'unbounded-loop', 2, 'fixed length', reward('for (let i = 0; i >= 0; i++) {}\nreturn { a: 1 };')],
  [
    'a bracket that is not closed',
    'syntax-error',
    2,
    'not closed',
    reward('  if (next.hooked) {\n    return { a: 1 };\n  return { a: 0 };'),
  ],
  ['a missing comma', 'syntax-error', 2, 'commas', reward('return { a: 1 b: 2 };')],
  ['typographic quotes', 'python-syntax', 2, 'quotes', reward('return { a: next[‘swing’] };')],
  ['sort without a function', 'wrong-arguments', 2, 'a - b', reward('return { a: [...env.costs].sort()[0] };')],
];

describe('habits of other languages and other programs', () => {
  it.each([...python, ...elsewhere])('%s: %s', (_, code, line, says, source) => {
    const { ok, findings } = compile(source, crane);
    const finding = findings.find((each) => each.code === code);
    expect(ok).toBe(false);
    expect(finding, JSON.stringify(findings)).toBeDefined();
    expect(finding?.line).toBe(line);
    expect(`${finding?.message} ${finding?.advice}`).toContain(says);
  });
});

const types: readonly (readonly [string, string])[] = [
  ['an interface', `interface Obs { swing: number }\n${reward('return { a: next.swing };')}`],
  ['a type and assertions', `type V = number[];\n${reward('const v = env.costs as V;\nreturn { a: v[0]! };')}`],
  [
    'generics',
    `function first<T>(v: readonly T[]): T { return v[0] as T; }\n${reward('return { a: first<number>(env.costs) };')}`,
  ],
  ['an enum', `enum Phase { Lift = 1, Lower }\n${reward('return { a: Phase.Lower * next.swing };')}`],
  ['a const enum', `const enum Phase { Lift, Lower }\n${reward('return { a: Phase.Lower * next.swing };')}`],
  ['satisfies', `const w = { a: 1 } satisfies Record<string, number>;\n${reward('return { a: w.a * next.swing };')}`],
  ['as const', `const w = [1, 2] as const;\n${reward('return { a: w[0] * next.swing };')}`],
  ['an import of types', `import type { Step } from './types';\n${reward('return { a: next.swing };')}`],
  ['a declaration', `declare const DEBUG: boolean;\n${reward('return { a: next.swing };')}`],
  [
    'optional parameters',
    `const f = (x: number, y?: number): number => x + (y ?? 0);\n${reward('return { a: f(next.swing) };')}`,
  ],
];

describe("TypeScript's types", () => {
  it.each(types)('%s: taken off and noted', (_, source) => {
    const { ok, findings } = compile(source, crane);
    expect(ok, JSON.stringify(findings)).toBe(true);
    expect(findings.map(({ code }) => code)).toEqual(['typescript-annotations']);
  });

  it('leave places where they are', () => {
    const source =
      'type V = number;\nexport function reward({ next }: { next: any }): Record<string, V> {\n  return { a: next.swng as V };\n}';
    expect(compile(source, crane).findings[0]).toMatchObject({ code: 'unknown-field', line: 3 });
  });
});

const program = reward('return { a: next.swing };');
const wrapped: readonly (readonly [string, readonly string[], string])[] = [
  [
    'params in one fence and the function in another',
    ['markdown-fence', 'prose-around-code'],
    `First:\n\`\`\`js\nconst W = 2;\n\`\`\`\nThen:\n\`\`\`js\n${reward('return { a: W * next.swing };')}\n\`\`\``,
  ],
  [
    'a draft and a final version',
    ['markdown-fence', 'prose-around-code'],
    `Draft:\n\`\`\`js\n${reward('return { draft: next.swing };')}\n\`\`\`\nFinal:\n\`\`\`js\n${program}\n\`\`\``,
  ],
  [
    'a fence of JSON before it',
    ['markdown-fence', 'prose-around-code'],
    `\`\`\`json\n{ "a": 1 }\n\`\`\`\n\`\`\`javascript\n${program}\n\`\`\``,
  ],
  ['a fence that is not closed', ['markdown-fence'], `\`\`\`js\n${program}`],
  ['a fence that is not opened', ['markdown-fence'], `${program}\n\`\`\``],
  ['waves', ['markdown-fence'], `~~~js\n${program}\n~~~`],
  ['sentences after it', ['prose-around-code'], `${program}\n\nThis rewards swing. Note: it's simple; tune as needed.`],
  ['tags', ['prose-around-code'], `<reward>\n${program}\n</reward>`],
  ['JSON', ['json-around-code'], JSON.stringify({ thoughts: 'swing', code: program })],
  ['JSON in a fence', ['json-around-code'], `\`\`\`json\n${JSON.stringify({ reward: program }, null, 2)}\n\`\`\``],
  ['a JSON string', ['json-around-code'], JSON.stringify(program)],
  ['line breaks that are spelled', ['json-around-code'], program.replaceAll('\n', '\\n')],
];

describe('what stands around an answer', () => {
  it.each(wrapped)('%s: taken off and noted', (_, codes, source) => {
    const compilation = compile(source, crane);
    expect(compilation.ok, JSON.stringify(compilation.findings)).toBe(true);
    expect(compilation.findings.map(({ code }) => code).toSorted()).toEqual(codes);
    expect(compilation.ok && compilation.program.components).toEqual(['a']);
  });

  it('is not mistaken: a program without an export is read as it stands', () => {
    const source =
      'const params = { k: 2 };\nfunction reward({ next, params }) { return { a: next.swing * params.k }; }';
    const compilation = compile(source, crane);
    expect(compilation).toMatchObject({ ok: true, findings: [] });
    expect(compilation.ok && compilation.program.module).toContain('export { reward, params };');
  });

  it.each([
    ['export function success({ next }) { return next.hooked; }', 'success'],
    ['export const success = ({ next }) => next.hooked;', 'success'],
    ['function success({ next }) { return next.hooked; }\nexport { success };', 'success'],
    ['export default function success({ next }) { return next.hooked; }', 'success'],
    [program, 'reward'],
    [`const success = (s) => s.hooked;\n${program}`, 'reward'],
    ['Nothing at all.', 'reward'],
  ] as const)('knows which function %j is written for', (source, entry) => {
    expect(entryOf(source)).toBe(entry);
    if (entry === 'success') expect(compile(source, crane, { entry })).toMatchObject({ ok: true, findings: [] });
  });
});
