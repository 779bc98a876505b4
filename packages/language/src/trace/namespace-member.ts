import { mathConstants, mathFunctions } from '../library/math.ts';
import { namespaceConstants, namespaceFunctions } from './namespaces.ts';
import { refuse, suggested, type Trace } from './trace.ts';
import type { Place, Value } from './values.ts';

/** `Math.PI`, `Math.sqrt`, `Object.keys` and their like. */
export function namespaceMember(trace: Trace, owner: string, name: string, place: Place): Value {
  if (owner === 'Math' && mathFunctions.has(name)) return { kind: 'builtin', name: `Math.${name}` };
  const constant = owner === 'Math' ? mathConstants.get(name) : namespaceConstants.get(`${owner}.${name}`);
  if (constant !== undefined) return { kind: 'number', value: constant, label: `${owner}.${name}` };
  if (owner === 'Math' && name === 'random') {
    return refuse(
      trace,
      place,
      'randomness',
      'Math.random gives the same step a different reward each time.',
      'Leave it out: a reward depends on the step alone.',
    );
  }
  if (namespaceFunctions.has(`${owner}.${name}`)) return { kind: 'builtin', name: `${owner}.${name}` };
  const isClamp = owner === 'Math' && (name === 'clip' || name === 'clamp');
  const advice = isClamp ? 'Use clamp(x, low, high).' : suggested(trace, name, () => membersOf(owner));
  return refuse(trace, place, 'unknown-function', `There is no ${owner}.${name}.`, advice);
}

function* membersOf(owner: string): Iterable<string> {
  if (owner === 'Math') yield* [...mathFunctions.keys(), ...mathConstants.keys()];
  for (const known of [...namespaceFunctions, ...namespaceConstants.keys()])
    if (known.startsWith(`${owner}.`)) yield known.slice(owner.length + 1);
}
