/** A parameter of a library function: a number, a vector of any length, or one of a fixed length. */
export type Parameter = 'number' | 'vector' | 3 | 4;

interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many parameters may be left out at the end, and what they are then. */
  readonly defaults?: readonly number[];
  /** All vectors must be of one length. */
  readonly sameLength?: boolean;
  readonly result: 'number' | 'same' | 3 | 4;
}

/**
 * The standard library. `docs/reward-language.md` says what each function computes; `javascript.ts` is its definition.
 * `tolerance` takes its bounds as a pair and its shape as an option, so it has a reader of its own.
 */
export const libraryFunctions: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['clamp', { parameters: ['number', 'number', 'number'], result: 'number' }],
  ['wrapAngle', { parameters: ['number'], result: 'number' }],
  ['potential', { parameters: ['number', 'number', 'number'], defaults: [1], result: 'number' }],
  ['tolerance', { parameters: ['number', 'number', 'number', 'number', 'number'], result: 'number' }],
  ['sum', { parameters: ['vector'], result: 'number' }],
  ['mean', { parameters: ['vector'], result: 'number' }],
  ['norm', { parameters: ['vector'], result: 'number' }],
  ['dot', { parameters: ['vector', 'vector'], sameLength: true, result: 'number' }],
  ['distance', { parameters: ['vector', 'vector'], sameLength: true, result: 'number' }],
  ['cross', { parameters: [3, 3], result: 3 }],
  ['quatMul', { parameters: [4, 4], result: 4 }],
  ['quatConjugate', { parameters: [4], result: 4 }],
  ['quatInverse', { parameters: [4], result: 4 }],
  ['quatNormalize', { parameters: [4], result: 4 }],
  ['quatRotate', { parameters: [4, 3], result: 3 }],
  ['quatAngle', { parameters: [4, 4], result: 'number' }],
]);

/** The shapes of `tolerance`; `positive` ones never reach 0, so their value at the margin cannot be 0. */
export const sigmoids: ReadonlyMap<string, { readonly positive: boolean }> = new Map([
  ['gaussian', { positive: true }],
  ['hyperbolic', { positive: true }],
  ['long_tail', { positive: true }],
  ['reciprocal', { positive: true }],
  ['tanh_squared', { positive: true }],
  ['cosine', { positive: false }],
  ['linear', { positive: false }],
  ['quadratic', { positive: false }],
]);
