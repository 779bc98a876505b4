import { mathFunctions } from './math.ts';

/** The value of a call of known scalars, or null where that is left to run time. */
export function evaluateCall(callee: string, args: readonly number[], option: string | null): number | null {
  if (option !== null) return null;
  const known = callee.startsWith('Math.') ? mathFunctions.get(callee.slice(5)) : undefined;
  return known === undefined ? null : known.apply(...args);
}
