import { numberValue, type Value } from './values.ts';

/** What a callback is given; a built-in function takes the entry alone, as `map(Math.abs)` means it. */
export function callbackArgs(callback: Value, item: Value, index: number, whole: Value): Value[] {
  return callback.kind === 'builtin' ? [item] : [item, numberValue(index), whole];
}
