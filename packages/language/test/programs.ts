import fc from 'fast-check';

/** Well-typed programs over the arm's environment: every kind of value, of statement and of function that a reward may use. */

const scalars = [
  'next.grip',
  'obs.grip',
  'next.hand[0]',
  'next.block[2]',
  'obs.block[1]',
  'action[3]',
  'next.range[7]',
];
const vectors = [
  'next.hand',
  'next.block',
  'obs.hand',
  'next.target',
  'action.slice(0, 3)',
  'next.jointSpeeds.slice(3)',
];
const long = ['next.joints', 'next.jointSpeeds', 'action', 'next.lastAction', 'env.gears'];
const flags = ['next.holding', 'obs.holding', 'terminated', 'truncated', 'next.touch[0] > 0.5'];
const unary = [
  ...['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'ceil', 'cos', 'cosh', 'exp', 'expm1', 'floor'],
  ...['log', 'log10', 'log1p', 'log2', 'round', 'sign', 'sin', 'sinh', 'sqrt', 'tan', 'tanh', 'trunc'],
];
const sigmoids = ['gaussian', 'hyperbolic', 'long_tail', 'reciprocal', 'tanh_squared', 'cosine', 'linear', 'quadratic'];

interface Values {
  readonly number: string;
  readonly flag: string;
  readonly vector: string;
  readonly long: string;
}

const literal = fc.constantFrom('0', '1', '2', '-1', '0.5', '0.1', '3.7', '-0.25', '1e-3', '12');
const leafNumber = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...scalars) },
  { weight: 2, arbitrary: literal },
  { weight: 1, arbitrary: fc.constantFrom('params.a', 'params.b', 'params.c', 'memory.last', 'env.reach') },
);

const { number, flag } = fc.letrec<Values>((tie) => {
  const n = tie('number');
  const v = tie('vector');
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leafNumber,
      fc.tuple(n, fc.constantFrom('+', '-', '*', '/'), n).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom(...unary), n).map(([f, a]) => `Math.${f}(${a})`),
      fc.tuple(fc.constantFrom('max', 'min', 'hypot', 'atan2'), n, n).map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
      fc.tuple(n, fc.constantFrom('2', '3', '0.5', '-1')).map(([a, b]) => `(${a}) ** ${b}`),
      n.map((a) => `-(${a})`),
      fc.tuple(tie('flag'), n, n).map(([t, a, b]) => `(${t} ? ${a} : ${b})`),
      fc.tuple(n, literal).map(([a, b]) => `clamp(${a}, -1, 2 + Math.abs(${b}))`),
      fc.tuple(n, fc.constantFrom(...sigmoids)).map(([a, s]) => `tolerance(${a}, [-0.5, 0.5], 2, { sigmoid: '${s}' })`),
      n.map((a) => `wrapAngle(${a})`),
      v.map((a) => `norm(${a})`),
      fc.tuple(v, v).map(([a, b]) => `distance(${a}, ${b})`),
      fc.tuple(v, v).map(([a, b]) => `dot(${a}, ${b})`),
      fc.tuple(fc.constantFrom('sum', 'mean'), v).map(([f, a]) => `${f}(${a})`),
      v.map((a) => `Math.max(...${a})`),
      tie('long').map((a) => `sum(${a})`),
      tie('long').map((a) => `${a}.reduce((total, x) => total + Math.abs(x), 0)`),
      tie('long').map((a) => `${a}.filter((x) => x > 0.2).length`),
      fc.tuple(v, v).map(([a, b]) => `cross(${a}, ${b})[1]`),
      fc.constantFrom('quatAngle(next.blockTurn, next.targetTurn)', 'quatRotate(next.blockTurn, next.hand)[2]'),
    ),
    flag: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...flags),
      fc.tuple(n, fc.constantFrom('<', '<=', '>', '>='), n).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(tie('flag'), fc.constantFrom('&&', '||'), tie('flag')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('flag').map((a) => `!(${a})`),
      fc
        .tuple(tie('flag'), fc.constantFrom('=== true', '!== true', '=== false', '!== false', '== true', '!= false'))
        .map(([a, compared]) => `((${a}) ${compared})`),
      fc
        .tuple(fc.constantFrom('true', 'false'), fc.constantFrom('===', '!=='), fc.constantFrom(...flags))
        .map(([a, op, b]) => `(${a} ${op} (${b}))`),
      fc.tuple(tie('flag'), fc.constantFrom('===', '!=='), tie('flag')).map(([a, op, b]) => `((${a}) ${op} (${b}))`),
      v.map((a) => `${a}.every((x) => x > -0.5)`),
      tie('long').map((a) => `${a}.some((x, i) => x * (i + 1) > 3)`),
    ),
    vector: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...vectors),
      fc.tuple(n, n, n).map(([a, b, c]) => `[${a}, ${b}, ${c}]`),
      fc.tuple(v, v).map(([a, b]) => `${a}.map((x, i) => x - ${b}[i])`),
      fc.tuple(v, n).map(([a, b]) => `${a}.map((x) => x * (${b}))`),
      fc.tuple(v, v).map(([a, b]) => `cross(${a}, ${b})`),
    ),
    long: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...long),
      fc.tuple(tie('long'), tie('long')).map(([a, b]) => `${a}.map((x, i) => x * ${b}[i])`),
      tie('long').map((a) => `${a}.map((x) => (x > 0 ? Math.sqrt(x) : x * x))`),
    ),
  };
});

const loop = fc
  .tuple(fc.constantFrom(...long), flag, number)
  .map(
    ([v, test, n]) =>
      `let looped = 0;\n  for (let i = 0; i < 6; i++) {\n    if (${test}) looped += ${v}[i] ** 2;\n    else looped -= ${n};\n  }`,
  );

/** Source texts of whole programs. */
export const programs: fc.Arbitrary<string> = fc
  .record({
    first: number,
    second: number,
    test: flag,
    early: number,
    late: number,
    third: number,
    loop,
    keeps: fc.boolean(),
  })
  .map(({ first, second, test, early, late, third, loop: body, keeps }) => {
    const result = (a: string): string =>
      keeps
        ? `{ components: { a: ${a}, b: shared * params.b, c: looped }, memory: { last: shared } }`
        : `{ a: ${a}, b: shared * params.b, c: looped }`;
    return `export const params = { a: 0.7, b: -1.5, c: 2 };
export const memory = { last: 0.25 };
export function reward({ obs, action, next, terminated, truncated, params, env, memory }) {
  const shared = ${first};
  let chosen = ${second};
  if (${test}) {
    chosen = chosen + shared * ${early};
  }
  ${body}
  if (chosen > ${late}) return ${result('chosen')};
  return ${result(third)};
}
`;
  });
