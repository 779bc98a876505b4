import fc from 'fast-check';

/**
 * Programs over the table arm that are well typed by construction: helpers, branches, early returns, loops, growing
 * arrays, text, look-ups and memory, nested at random.
 */
interface Names {
  readonly numbers: readonly string[];
  readonly flags: readonly string[];
}

const fields: Names = {
  numbers: [
    'next.grip',
    'obs.grip',
    'next.hand[0]',
    'next.hand[2]',
    'next.range[4]',
    'action[1]',
    'params.k',
    'env.reach',
    'memory.last',
  ],
  flags: ['next.holding', 'obs.holding', 'terminated', 'truncated'],
};
const vectors = ['next.hand', 'next.block', 'obs.hand', 'next.target'];

const pick = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const literal = fc.constantFrom('0', '1', '-1', '0.5', '2', '-3.25', '1e-3', '7');

function number(names: Names, depth: number): fc.Arbitrary<string> {
  const leaf = fc.oneof(pick(names.numbers), pick(names.numbers), literal);
  if (depth === 0) return leaf;
  const inner = fc.noShrink(fc.constant(null)).chain(() => number(names, depth - 1));
  const test = fc.constant(null).chain(() => flag(names, depth - 1));
  const vector = fc.constant(null).chain(() => vectorOf(names, depth - 1));
  return fc.oneof(
    leaf,
    fc.tuple(inner, fc.constantFrom('+', '-', '*', '/', '%'), inner).map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc
      .tuple(fc.constantFrom('abs', 'sqrt', 'exp', 'tanh', 'floor', 'round', 'sign', 'log1p', 'cos'), inner)
      .map(([f, a]) => `Math.${f}(${a})`),
    fc
      .tuple(fc.constantFrom('Math.max', 'Math.min', 'Math.hypot', 'Math.atan2'), inner, inner)
      .map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc.tuple(test, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(fc.constantFrom('norm', 'sum', 'mean'), vector).map(([f, v]) => `${f}(${v})`),
    fc.tuple(vector, vector).map(([a, b]) => `dot(${a}, ${b})`),
    fc.tuple(vector, inner).map(([v, a]) => `${v}.reduce((t, x, i) => t + x * (i - ${a}), 0)`),
    fc.tuple(vector, inner).map(([v, a]) => `${v}.filter((x) => x > ${a}).length`),
    fc.tuple(vector, inner, inner).map(([v, a, b]) => `(${v}.find((x) => x < ${a}) ?? ${b})`),
    fc.tuple(vector, inner).map(([v, a]) => `${v}.findLastIndex((x) => x >= ${a})`),
    fc.tuple(vector, inner).map(([v, a]) => `([...${v}][Math.floor(${a})] ?? 3)`),
    fc.tuple(inner, inner).map(([a, b]) => `helper(${a}, ${b})`),
    fc.tuple(inner).map(([a]) => `((${a}) | 0)`),
    fc.tuple(inner, inner).map(([a, b]) => `tolerance(${a}, [-0.5, 0.5], 0.25 + Math.abs(${b}))`),
  );
}

function flag(names: Names, depth: number): fc.Arbitrary<string> {
  const leaf = pick(names.flags);
  if (depth === 0) return leaf;
  const inner = fc.constant(null).chain(() => flag(names, depth - 1));
  const value = fc.constant(null).chain(() => number(names, depth - 1));
  const vector = fc.constant(null).chain(() => vectorOf(names, depth - 1));
  return fc.oneof(
    leaf,
    fc
      .tuple(value, fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), value)
      .map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc.tuple(inner, fc.constantFrom('&&', '||', '===', '!=='), inner).map(([a, by, b]) => `(${a} ${by} ${b})`),
    inner.map((a) => `!${a}`),
    fc
      .tuple(inner, fc.constantFrom('=== true', '!== true', '=== false', '!== false'))
      .map(([a, compared]) => `(${a} ${compared})`),
    fc.tuple(vector, fc.constantFrom('every', 'some'), value).map(([v, f, a]) => `${v}.${f}((x) => x > ${a})`),
    fc.tuple(value, inner).map(([a, b]) => `(phase(${a}) === (${b} ? 'low' : 'high'))`),
  );
}

function vectorOf(names: Names, depth: number): fc.Arbitrary<string> {
  const leaf = pick(vectors);
  if (depth === 0) return leaf;
  const inner = fc.constant(null).chain(() => vectorOf(names, depth - 1));
  const value = fc.constant(null).chain(() => number(names, depth - 1));
  return fc.oneof(
    leaf,
    fc.tuple(inner, value).map(([v, a]) => `${v}.map((x, i) => x * ${a} - i)`),
    fc.tuple(inner, inner).map(([v, w]) => `${v}.map((x, i) => x - ${w}[i])`),
    fc.tuple(value, value, value).map(([a, b, c]) => `[${a}, ${b}, ${c}]`),
    fc.tuple(inner, inner).map(([v, w]) => `cross(${v}, ${w})`),
    fc.tuple(inner).map(([v]) => `[...${v}].reverse()`),
  );
}

/** Statements that read and write `a`, `b` and the array `kept`. */
function statements(names: Names, depth: number): fc.Arbitrary<string> {
  const value = number(names, 2);
  const test = flag(names, 1);
  const assign = fc
    .tuple(pick(['a', 'b']), fc.constantFrom('=', '+=', '-=', '*='), value)
    .map(([to, by, v]) => `${to} ${by} ${v};`);
  if (depth === 0) return assign;
  const body = fc.constant(null).chain(() => statements(names, depth - 1));
  const inner: Names = { ...names, numbers: [...names.numbers, 'i'] };
  const turn = fc.constant(null).chain(() => statements(inner, depth - 1));
  const one = fc.oneof(
    assign,
    fc.tuple(test, body, body).map(([t, x, y]) => `if (${t}) {\n${x}\n} else {\n${y}\n}`),
    fc.tuple(test, body).map(([t, x]) => `if (${t}) {\n${x}\n}`),
    fc.tuple(turn, test).map(([x, t]) => `for (let i = 0; i < 3; i++) {\n${x}\nif (${t}) break;\n}`),
    fc.tuple(pick(vectors), turn, test).map(([v, x, t]) => `for (const i of ${v}) {\nif (${t}) continue;\n${x}\n}`),
    fc
      .tuple(value, body)
      .map(([v, x]) => `for (let n = 0, s = Math.abs(${v}); s > 1 && n < 4; n++) {\ns /= 2;\n${x}\n}`),
    fc.tuple(test, value).map(([t, v]) => `if (${t}) kept.push(${v});`),
    fc
      .tuple(test, value)
      .map(([t, v]) => `if (${t}) return { components: { a: ${v}, b, c: 1 }, memory: { last: a } };`),
    fc
      .tuple(value, body, body)
      .map(
        ([v, x, y]) =>
          `switch (phase(${v})) {\ncase 'low': {\n${x}\nbreak;\n}\ncase 'high': {\n${y}\n}\ndefault:\nb += 1;\n}`,
      ),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
}

/** The text of a whole program. */
export const generatedProgram: fc.Arbitrary<string> = fc
  .tuple(
    statements({ numbers: [...fields.numbers, 'a', 'b'], flags: fields.flags }, 2),
    number(fields, 2),
    number(fields, 1),
  )
  .map(
    ([body, first, start]) => `export const params = { k: 0.75 };
export const memory = { last: 0.5 };
const phase = (x) => (x < 0 ? 'low' : x < 1 ? 'middle' : 'high');
const helper = (x, y) => {
  if (x > y) return x - y;
  const half = y / 2;
  return half > 1 ? half : x;
};
export function reward({ obs, action, next, terminated, truncated, env, params, memory }) {
let a = ${first};
let b = ${start};
const kept = [];
${body}
return {
components: { a, b, c: kept.length + kept.reduce((t, x) => t + x, 0) },
memory: { last: kept[0] ?? b },
};
}
`,
  );

/** Numbers and flags without memory. */
const forgetful: Names = { ...fields, numbers: fields.numbers.filter((name) => name !== 'memory.last') };

/** The text of a small program that remembers nothing: named values, a branch with lines of its own, flags and constants as results. */
export const smallProgram: fc.Arbitrary<string> = fc
  .tuple(number(forgetful, 1), flag(forgetful, 0), number(forgetful, 1), number(forgetful, 0))
  .map(
    ([first, test, second, third]) => `export const params = { k: 0.75 };
const phase = (x) => (x < 0 ? 'low' : x < 1 ? 'middle' : 'high');
const helper = (x, y) => x - y;
export function reward({ obs, action, next, terminated, truncated, env, params }) {
  const a = ${first};
  if (${test}) {
    const s = ${second};
    return { a: s * s + s, b: a - s, c: 1 };
  }
  return { a: a * a, b: ${third}, c: ${test} };
}`,
  );
