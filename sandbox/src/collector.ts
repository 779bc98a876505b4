import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's collector of this process, which collects all garbage, or the young alone. */
export type Collector = (options?: { readonly type: 'major' | 'minor' }) => void;

/**
 * Taken from a context of its own while the flag is up: with the flag, every isolate of a candidate would have a `gc`. An argument that is `undefined`
 * has that one leave buffers behind that nothing holds any more.
 */
export function takeCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') throw new Error('this Node gives no way to collect garbage');
  return (options = { type: 'major' }) => collect(options);
}
