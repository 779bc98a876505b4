interface MathFunction {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly apply: (...args: number[]) => number;
}

const unary = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  expm1: Math.expm1,
  floor: Math.floor,
  fround: Math.fround,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  round: Math.round,
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};
const binary = { atan2: Math.atan2, pow: Math.pow };
const variadic = { hypot: Math.hypot, max: Math.max, min: Math.min };

/** What `Math` offers here: everything that gives the same answer for the same arguments. */
export const mathFunctions: ReadonlyMap<string, MathFunction> = new Map([
  ...Object.entries(unary).map(([name, apply]): [string, MathFunction] => [
    name,
    { arity: [1, 1], apply: (x = Number.NaN) => apply(x) },
  ]),
  ...Object.entries(binary).map(([name, apply]): [string, MathFunction] => [
    name,
    { arity: [2, 2], apply: (x = Number.NaN, y = Number.NaN) => apply(x, y) },
  ]),
  ...Object.entries(variadic).map(([name, apply]): [string, MathFunction] => [name, { arity: [0, 256], apply }]),
]);

export const mathConstants: ReadonlyMap<string, number> = new Map([
  ['E', Math.E],
  ['LN10', Math.LN10],
  ['LN2', Math.LN2],
  ['LOG10E', Math.LOG10E],
  ['LOG2E', Math.LOG2E],
  ['PI', Math.PI],
  ['SQRT1_2', Math.SQRT1_2],
  ['SQRT2', Math.SQRT2],
]);
