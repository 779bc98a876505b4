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
      'nested-component',
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

  test.each([
    ['records', '{ z: 1 }', '{ m: x, y: x }'],
    ['empty records', '{}', '{ m: x, y: x }'],
    ['lists', '{ x: [1] }', '{ x: [x, x] }'],
    ['empty lists', '[]', '[x, x]'],
    ['text', "'a'", '[x, x]'],
  ])('by params and memory that are a tree of millions, of %s, is refused', (_, seed, step) => {
    for (const owner of ['params', 'memory']) {
      const source = `export const ${owner} = make();
function make() {
  let x = ${seed};
  for (let i = 0; i < 60; i++) x = ${step};
  return { x };
}
${reward('next.swing')}`;
      expect(compile(source, crane).findings.map(({ code }) => code)).toContain('program-too-large');
    }
  });

  // What a short line costs, though it evaluates next to nothing: a thousand turns of each are too many.
  const array = 'const big = new Array(4096).fill(1);';
  const text = (letter: string) => `const s = '${letter.repeat(28_000)}';`;
  const fields = (count: number) => Array.from({ length: count }, (_, at) => `v${at}: 1`).join(', ');
  const wide = `const r = { ${fields(2500)} };`;
  const narrow = `const r = { ${fields(700)} };`;
  const moving = `const r = next.swing > 0 ? { ${fields(1000)} } : { w: 1, ${fields(1000)} };`;
  const choices = 'let x = [1]; for (let k = 1; k < 200; k++) if (next.swing > k / 200) x = k % 2 ? { q: 1 } : [1];';
  const leaves = Array.from({ length: 300 }, (_, at) => `if (next.swing > ${at} / 300) return { a: 1 };`).join('\n');
  const names = (count: number) => Array.from({ length: count }, () => 'a').join(', ');
  test.each([
    ['copies of what is returned', `${array} const f = () => { return big; };`, 'f();'],
    ['calls of an empty function', `${array} const f = () => {};`, 'if (i < 40) big.forEach(f);'],
    ['calls of a function that is built in', array, 'if (i < 40) big.map(Object.freeze);'],
    ['searches', array, 'big.indexOf(2);'],
    ['questions for an index', array, '0 in big;'],
    ['the indices of an array', array, 'for (const k in big) break;'],
    ['arguments', `${array} const f = () => 1;`, 'f(...big);'],
    ['arrays as vectors', 'const big = new Array(4096).fill(next.swing); big[9] = {}; const c = [];', 'sum(big);'],
    ['a text taken apart', text('a'), 'const [a] = s;'],
    ['a text looked through', text('a'), "if (i < 300) s.indexOf('b');"],
    ['a text as a number', text('1'), 'Number(s);'],
    ['a text that is tested', text('1'), 'isNaN(s);'],
    ['a text as an index', text('1'), '[1][s];'],
    ['a text as a name of Math', text('m'), 'Object[s];'],
    ['a pattern of many names', 'var a; const r = { a: 1 };', `var { ${names(900)} } = r;`],
    ['a pattern that assigns', 'let a = 0; const v = [1];', `[${names(900)}] = v;`],
    ['a pattern with holes', 'let a = 0; const v = [1];', `[${','.repeat(9000)}a] = v;`],
    ['the rest of a record', narrow, 'const { v0, ...rest } = r;'],
    ['a record that is written', wide, 'r.v0 = i;'],
    ['a record that is spread', narrow, '({ ...r });'],
    ['a record that is assigned to', narrow, 'Object.assign(r, { v0: i });'],
    ['a record that is looked up in', wide, 'r[next.swing];'],
    ['the alternatives of a value', choices, 'x + 1;'],
    ['what many returns may take back', leaves, 'let u = 0; u = 1; let v = 0; v = 1; let w = 0; w = 1;'],
    [
      'cases of a switch',
      '',
      `switch (i) { default: ${Array.from({ length: 2000 }, (_, at) => `case -${at}:`).join('')} }`,
    ],
  ])('by a thousand turns of %s is refused', (_, before, step) => {
    const source = `export function reward({ next }) {\n${before}\nfor (let i = 0; i < 1000; i++) { ${step} }\nreturn { a: next.swing };\n}`;
    const { findings } = compile(source, crane, { limits: { evaluations: 60_000 } });
    expect(findings.map(({ code }) => code)).toContain('program-too-large');
  });

  test.each([
    ['a name', `${'w'.repeat(54)};`, 'unknown-name'],
    ['a field', `next.${'w'.repeat(54)};`, 'unknown-field'],
    ['a param', `params.${'w'.repeat(54)};`, 'unknown-param'],
    ['a function', `Math.${'w'.repeat(54)}(1);`, 'unknown-function'],
    ['a property', `[1].${'w'.repeat(54)};`, 'unknown-property'],
    ['a field that may be missing', `params.${'w'.repeat(54)} + 1;`, 'unknown-param'],
    ['an option', `tolerance(1, [0, 1], 1, { ${'w'.repeat(54)}: 1 });`, 'unknown-option'],
    ['an order of fields', `Object.keys(q);`, 'shapes-differ'],
  ])('is not reached by telling thousands of times of %s', (_, step, code) => {
    const params = Array.from({ length: 100 }, (_, at) => `${'v'.repeat(50)}${1000 + at}: 1`).join(', ');
    const source = `export const params = { ${params} };
export function reward({ next, params }) {
  ${moving.replace('const r', 'const q')}
  for (let i = 0; i < 3000; i++) { ${step} }
  return { a: next.swing };
}`;
    expect(compile(source, crane).findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code }]);
  });

  // Thousands of statements that a function, a block or a switch is left before, and as many scopes and warnings.
  const idle = ';'.repeat(20_000);
  const twice = (step: string, turns: number) =>
    `for (let i = 0; i < ${turns}; i++) for (let j = 0; j < ${turns}; j++) { ${step} }`;
  test.each([
    ['statements of a function', `const f = () => { return 1; ${idle} }; ${twice('f();', 100)}`],
    ['statements of a block', twice(`q: { break q; ${idle} }`, 150)],
    ['statements of a case', twice(`switch (i) { default: break; ${idle} }`, 150)],
    ['cases', twice(`switch (1) { ${'case 0:'.repeat(2500)} default: }`, 4)],
    ['conditions inside conditions', `const y = 1; ${'if (y) '.repeat(700)} ${twice('y;', 200)}`],
    ['warnings', twice('[] && 1;'.repeat(3000), 4)],
  ])('is not reached by %s', (_, body) => {
    const { findings } = compile(`export function reward({ next }) {\n${body}\nreturn { a: next.swing };\n}`, crane);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  // `next.swing > 1 ? x : (next.swing < -1 ? x : other)` holds `x` twice, and so on: as a tree it has millions of alternatives.
  test.each([
    ['a field', '{ q: [] }', '[]', 'x[0];', 'undefined'],
    ['a field by its name', "'a'", '1', '({ a: 1 })[x];', 'undefined'],
    ['a text', '1', 'i', `\`\${x}\`;`, 'undefined'],
    ['where a field is', '{ q: 1 }', '[1]', 'const o = { f: x }; if (next.hooked) o.f = 1; ({ ...o });', 'undefined'],
    ['an entry that is written', '[1]', '{ q: 1 }', 'x[0] = 1;', 'program-too-large'],
    ['what is added', '[1]', '{ q: 1 }', '[].concat(x);', 'program-too-large'],
    ['what is spread', '[1]', '{ q: 1 }', '({ ...x });', 'program-too-large'],
    ['what is called', 'Math.abs', '() => 1', 'x(1);', 'program-too-large'],
  ])('is told or not reached by alternatives that double, of %s', (_, seed, other, step, code) => {
    const source = `export function reward({ next }) {
  let x = ${seed};
  for (let i = 1; i <= 60; i++) x = next.swing > i ? x : (next.swing < -i ? x : ${other});
  ${step}
  return { a: next.swing };
}`;
    const { findings } = compile(source, crane, { limits: { evaluations: 60_000 } });
    expect(String(findings.find(({ severity }) => severity === 'error')?.code)).toBe(code);
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
