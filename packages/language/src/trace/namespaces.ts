/** Functions of `Object`, `Array`, `Number` and the like that are known when a program is read. */
export const namespaceFunctions: ReadonlySet<string> = new Set([
  'Array.from',
  'Array.isArray',
  'Array.of',
  'Number.isFinite',
  'Number.isInteger',
  'Number.isNaN',
  'Number.parseFloat',
  'Object.hasOwn',
  'Object.assign',
  'Object.entries',
  'Object.freeze',
  'Object.fromEntries',
  'Object.keys',
  'Object.values',
]);

export const namespaceConstants: ReadonlyMap<string, number> = new Map([
  ['Number.EPSILON', Number.EPSILON],
  ['Number.MAX_VALUE', Number.MAX_VALUE],
  ['Number.MIN_VALUE', Number.MIN_VALUE],
  ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
  ['Number.MIN_SAFE_INTEGER', Number.MIN_SAFE_INTEGER],
  ['Number.POSITIVE_INFINITY', Number.POSITIVE_INFINITY],
  ['Number.NEGATIVE_INFINITY', Number.NEGATIVE_INFINITY],
  ['Number.NaN', Number.NaN],
]);

export const globalFunctions: ReadonlySet<string> = new Set([
  'Number',
  'Boolean',
  'Array',
  'isNaN',
  'isFinite',
  'parseFloat',
]);
