import { describe, expect, test, vi } from 'vitest';
import { compile, describeChanges, diffRewards, entryOf, liftLiterals, withParams } from '../src/index.ts';
import { crane } from './environments.ts';

// Each of these took from a tenth of a second to minutes or for ever, or more than a stack, in a step that now takes milliseconds. A minute is
// the most that one may take here, so those that took less before are held to what they come to, and to nothing else.
vi.setConfig({ testTimeout: 60_000 });

/** As much of a text over and over as a program may have. */
const many = (text: string, characters = 31_000): string => text.repeat(Math.floor(characters / text.length));
const numbered = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const reward = (body: string, before = ''): string =>
  `${before}export function reward({ next }) {\n${body}\n  return { a: next.swing };\n}`;
const first = (source: string) => compile(source, crane).findings[0];

function compiled(source: string) {
  const compilation = compile(source, crane);
  if (!compilation.ok) throw new Error(compilation.findings[0]?.message);
  return compilation.program;
}

describe('types that can be read in too many ways', () => {
  const typed = 'const x: number = ';

  test.each([
    ['casts', `${typed}${'<T>('.repeat(40)}1${')'.repeat(40)};`, 1],
    ['casts that are never closed', `${typed}${'<T>('.repeat(190)}`, 1],
    ['calls', `${typed}${'f<a>('.repeat(60)}`, 1],
    ['comparisons', `${typed}${'a < ('.repeat(150)}1${')'.repeat(150)};`, 1],
    ['casts with a long comment in them', `${typed}${'<T>('.repeat(40)}/*${many('x', 28_000)}*/`, 1],
    ['casts below many lines', `${many('\n', 28_000)}${typed}${'<T>('.repeat(190)}`, 28_001],
    ['casts in a JSON answer', JSON.stringify({ code: `${typed}${'<T>('.repeat(40)} reward(` }), 1],
  ])('are refused: %s', (_, source, line) => {
    expect(first(source)).toMatchObject({
      code: 'program-too-large',
      line,
      message: expect.stringMatching(/^The program has types/),
    });
  });

  test.each([
    ['six casts', '<number>('.repeat(6), ')'.repeat(6)],
    ['a hundred calls', 'Math.max(0, '.repeat(100), ')'.repeat(100)],
    ['twelve comparisons', '(0 < '.repeat(12), ' ? 1 : 0)'.repeat(12)],
    ['thirty calls with types', '((y: number): number => y)('.repeat(30), ')'.repeat(30)],
  ])('are none in a program as it is written: %s inside one another', (_, open, close) => {
    expect(compile(reward(`const x: number = ${open}next.swing${close};`), crane).ok).toBe(true);
  });
});

test('a regular expression is refused without being built', () => {
  const pattern = many('\\p{RGI_Emoji}', 28_000);
  const built = vi.spyOn(globalThis, 'RegExp');
  try {
    expect(first(reward(`const x = /${pattern}/v;`))).toMatchObject({ code: 'unsupported-syntax', line: 2 });
    expect(built.mock.calls.filter(([text]) => String(text).includes('RGI_Emoji'))).toEqual([]);
  } finally {
    built.mockRestore();
  }
});

test.each([
  ['/a[/]b\\/c/gi.test(1)', 'unsupported-syntax'],
  ['/[\\]/]/u', 'unsupported-syntax'],
  ['/a[/', 'syntax-error'],
  ['/a\n/', 'syntax-error'],
])('%j is read as a regular expression', (text, code) => {
  expect(first(reward(`const x = ${text};`))).toMatchObject({ code, line: 2 });
});

describe('a text that is no program', () => {
  test.each([
    ['spaces', `${many(' ')}const @`],
    ['lines', `${many('\n')}const @`],
    ['lines at its end', `const @${many('\n')}x`],
    ['spaced lines at its end', `const @${many('\n ')}x`],
    ['fences at its end', `const @${many('\n```')}x`],
    ['fences', `${many('```\n')}const @`],
    ['brackets that close', `${many('}')}x const @`],
    ['brackets that close and commas', `}${many(';,)')}x const @`],
    ['brackets that close and comments', `${many('}//')}\u2028const @`],
    ['signs that close and comments', `${many(';//')}\u2028const @`],
    ['a type of one word', `type ${many('w')} const @`],
    ['a class and colons', `class w${many(':')}x const @`],
    ['colons in brackets', `a[${many(':')} const @`],
    ['brackets with colons', `const @ ${many('a[:)')}`],
    ['colons behind if', `if${many(':')}x const @`],
    ['comments behind if', `if${many('://')}\rx const @`],
    ['if', `${many('= if ')}const @`],
    ['if behind signs', `${many('=x', 15_000)}${many(' if x', 15_000)} const @`],
    ['if behind return', `${many('return x ', 15_000)}${many('if x ', 15_000)} const @`],
    ['if behind colons', `${many(':,', 15_000)}${many(' if x', 15_000)} const @`],
    ['indices behind signs', `const @ ${many('-w[)')}`],
    ['blocks', `function f() {\n${many('if(a){\n}\n')}`],
    ['names of the function', JSON.stringify(`${many('reward ')}const @`)],
  ])('is refused: %s', (_, source) => {
    expect(first(source)).toMatchObject({
      severity: 'error',
      code: expect.stringMatching(/^(syntax-error|python-syntax|missing-entry)$/),
    });
  });

  test.each(['\r', '\n', '\u2028', '\t', 'export ', 'export\n', 'export {} ', 'function\n'])(
    'is for the reward unless it names another function: behind %j',
    (text) => {
      expect(entryOf(many(text))).toBe('reward');
      expect(entryOf(`${many(text)}\nfunction success`)).toBe('success');
    },
  );
});

describe('a comment that could hide a quotient is a comment', () => {
  test.each([
    ['brackets', `//x//${many('a//()', 30_000)}x`],
    ['spaces', `// a//1${many(' ', 30_000)}x`],
    ['spaces and signs', `// a//1${many(' ', 15_000)};${many(' ', 15_000)}x`],
  ])('among %s', (_, line) => {
    expect(compile(reward(line), crane).findings).toEqual([]);
  });
});

test('a program of 1,300 statements with a comment each compiles', () => {
  const statements = numbered(1_300, (index) => `const a${index} = 1; // ${index}\n`);
  const { ok, findings } = compile(reward(`${statements}${many('\n', 1_000)}`), crane);
  expect(ok).toBe(true);
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['unused-value']));
});

describe('the numbers of a program', () => {
  const constants = compiled(
    `${numbered(900, (index) => `const c${index} = ${index}.5;\n`)}export function reward({ next }) {\n  let x = next.swing;\n${numbered(900, (index) => `x += c${index};`)}\n  return { a: x };\n}`,
  );

  test('are found: the first two of 900', () => {
    expect(liftLiterals(constants, 2).params.map(({ name }) => name)).toEqual(['c0', 'c1']);
  });

  test('are put in its params: 2,000 of them', () => {
    const source = reward('', `export const params = { ${numbered(2_000, (index) => `p${index}: 1, `)} };\n`);
    const rewritten = withParams(source, new Map(Array.from({ length: 2_000 }, (_, index) => [`p${index}`, index])));
    expect(rewritten.ok && rewritten.source).toContain('p1998: 1998, p1999: 1999, ');
  });
});

describe('two programs are compared', () => {
  type Program = ReturnType<typeof compiled>;
  const told = (before: Program, after: Program): string => describeChanges(diffRewards(before, after));
  const turns = (factor: number): string =>
    `export function reward({ next }) {\n  let x = next.swing;\n  for (let i = 0; i < 3000; i++) x = x * ${factor} + next.swing;\n  return { a: x };\n}`;
  const widest = (part: string): string =>
    `export function reward({ next }) {\n  return { a: Math.max(${numbered(1_500, (index) => `next.swing * ${index}${part}, `)}) };\n}`;

  test('that are thousands of parts deep', () => {
    const now = compiled(turns(1.02));
    expect(told(compiled(turns(1.01)), now)).toBe('component a changed:\n    - 1.01\n    + 1.02');
    expect(told(compiled(reward('')), now)).toMatch(/^component a changed:\n {4}- next\.swing\n {4}\+ x \* 1\.02/);
  });

  test('that have thousands of parts side by side', () => {
    expect(told(compiled(widest('.5')), compiled(widest('.25')))).toMatch(
      /^component a changed:\n {4}- 0\.5\n {4}\+ 0\.25\n/,
    );
  });
});
