/**
 * Names that stay in a candidate's global scope, the golden list that the isolate is held against: computation only.
 * No clock, no randomness, no locale, no code from text, no shared or resizable memory, no threads, no hooks into
 * garbage collection, no traps.
 */
export const allowedGlobals: readonly string[] = [
  'AggregateError',
  'Array',
  'BigInt',
  'Boolean',
  'Error',
  'EvalError',
  'Float32Array',
  'Float64Array',
  'Infinity',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'JSON',
  'Map',
  'Math',
  'NaN',
  'Number',
  'Object',
  'Promise',
  'RangeError',
  'ReferenceError',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TypeError',
  'URIError',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'globalThis',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'undefined',
];

/** Characters of an error's text that are looked into. */
const LONGEST_READ = 65_536;

/**
 * Runs first in a fresh context and returns the bridge: the only three functions that the host calls. What they use
 * is captured here, before any candidate code exists. Every intrinsic is frozen afterwards, those that only syntax
 * reaches included, so that a candidate cannot change what arithmetic, iteration or errors mean to the bridge.
 *
 * The candidate's text is evaluated inside try/catch in the isolate, and whatever it throws is flattened to a short
 * string there, under the same timeout: an object whose `message` or `stack` never returns costs the candidate its
 * own time and not the host's.
 *
 * Functions stand in brackets: V8 compiles those at once, and so into the bytecode that every isolate begins with.
 */
export const prelude = (errorLength: number): string => `
(function () {
  'use strict';
  const evaluate = eval;
  const F64 = Float64Array, U32 = Uint32Array, Memory = ArrayBuffer, Text = String;
  const { freeze, getOwnPropertyNames, getPrototypeOf, defineProperty } = Object;
  const { ownKeys, apply } = Reflect;
  const slice = String.prototype.slice;

  // A text that was put together of many is copied whole where a part of it is taken: of a huge one only its length is told.
  const brief = ((text) =>
    text.length > ${LONGEST_READ} ? 'a text of ' + text.length + ' characters' : apply(slice, text, [0, ${errorLength}]));
  const flatten = ((error) => {
    try {
      if (typeof error === 'object' && error !== null) {
        const name = error.name, message = error.message;
        return brief((typeof name === 'string' ? brief(name) : 'Error') + ': ' + (typeof message === 'string' ? brief(message) : ''));
      }
      // The digits of a huge integer take longer than all else.
      return 'thrown ' + typeof error + (typeof error === 'bigint' ? '' : ' ' + brief(Text(error)));
    } catch {
      return 'an error that cannot be read';
    }
  });

  // Unreachable from here on: constructors that make code from text, and every way to shared or resizable memory.
  const cut = ((object, names) => { for (let i = 0; i < names.length; i += 1) delete object[names[i]]; });
  cut(Function.prototype, ['constructor', 'caller', 'arguments']);
  cut(getPrototypeOf(async function () {}), ['constructor']);
  cut(getPrototypeOf(function* () {}), ['constructor']);
  cut(getPrototypeOf(async function* () {}), ['constructor']);
  // A species of the program's own would be handed the buffer by \`subarray\`: the whole rollout, and all labels.
  cut(getPrototypeOf(F64).prototype, ['buffer', 'subarray', 'constructor', 'toLocaleString']);
  cut(ArrayBuffer.prototype, ownKeys(ArrayBuffer.prototype));
  cut(SharedArrayBuffer.prototype, ownKeys(SharedArrayBuffer.prototype));
  cut(String.prototype, ['normalize', 'localeCompare', 'toLocaleUpperCase', 'toLocaleLowerCase']);
  cut(Number.prototype, ['toLocaleString']);
  cut(BigInt.prototype, ['toLocaleString']);
  cut(Array.prototype, ['toLocaleString']);
  cut(Array, ['fromAsync']);
  // Overwritten, not deleted: deletion would turn Math into a slow dictionary, and the hot loop reads it.
  defineProperty(Math, 'random', { value: undefined });
  cut(Error, ['captureStackTrace']);
  defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
  defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false, configurable: false });

  // The global object inherits from an object that the embedder made, with a constructor of the embedder's.
  cut(getPrototypeOf(globalThis), ownKeys(getPrototypeOf(globalThis)));
  const iteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));
  const wrapped = Iterator.from({ next() {} });
  delete iteratorPrototype.constructor;

  const allowed = ${JSON.stringify(allowedGlobals)};
  const roots = [
    (function* () {})(), (async function* () {})(), (async function () {})(), [][Symbol.iterator](), ''[Symbol.iterator](),
    new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), 'a'.matchAll(/a/g), function* () {}, async function* () {}, async function () {},
    [].values().map((value) => value), wrapped, SuppressedError, getPrototypeOf(globalThis), Array.prototype[Symbol.unscopables],
  ];
  for (const name of getOwnPropertyNames(globalThis)) {
    if (!allowed.includes(name)) delete globalThis[name];
  }

  // Freeze every constructor, namespace and prototype that a program can reach; single methods need no freezing, as no
  // one can put another in their place.
  const seen = new Set();
  const pending = roots;
  for (const name of allowed) if (name !== 'globalThis') pending.push(globalThis[name]);
  while (pending.length > 0) {
    const value = pending.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    seen.add(value);
    pending.push(getPrototypeOf(value));
    if (typeof value === 'function') pending.push(value.prototype);
    freeze(value);
  }
  // The global object itself cannot be frozen, its properties can.
  for (const name of allowed) {
    if (name !== 'globalThis') defineProperty(globalThis, name, { writable: false, configurable: false });
  }
  defineProperty(globalThis, 'globalThis', { writable: false, configurable: false });

  let kernel, params, input, starts, columns, offsets, results;

  const bridge = {
    /** Lays views over shared memory: input columns by byte offset, episode offsets, one output column after another. */
    attach: ((given, columnOffsets, capacity, offsetsAt, offsetsLength, output, stride, outputs, rows) => {
      input = given;
      starts = columnOffsets;
      columns = [];
      results = [];
      for (let i = 0; i < starts.length; i += 1) columns[i] = new F64(input, starts[i], capacity);
      for (let i = 0; i < outputs; i += 1) results[i] = new F64(output, i * stride, rows);
      offsets = new U32(input, offsetsAt, offsetsLength);
    }),
    /** Empty text when the source evaluates to a function, otherwise why not. */
    install: ((source, given) => {
      try {
        params = given;
        kernel = evaluate('"use strict";(' + source + '\\n)');
        return typeof kernel === 'function' ? '' : 'TypeError: the program is not a function';
      } catch (error) {
        return flatten(error);
      }
    }),
    /** Labels the first episodes, or those of a part of the rollout, whose rows are counted from its first; empty text, or why it failed. */
    label: ((episodes, first, rows, own) => {
      try {
        if (own !== undefined) {
          columns = [];
          for (let i = 0; i < starts.length; i += 1) columns[i] = new F64(input, starts[i] + 8 * first, rows);
          offsets = own;
        }
        const returned = kernel(columns, offsets, episodes, params, results);
        return returned === undefined ? '' : 'TypeError: the program returned a value in place of writing its outputs';
      } catch (error) {
        return flatten(error);
      }
    }),
  };
  // Compiled here, which in a prepared isolate nobody waits for, and not by the candidate's first call.
  bridge.attach(new Memory(16), [0], 1, 0, 2, new Memory(8), 8, 1, 1);
  if (bridge.install('function () {}') + bridge.label(0, 0, 1, offsets) !== '') throw 'the bridge does not hold';
  kernel = params = input = starts = columns = offsets = results = undefined;
  return bridge;
})()
`;
