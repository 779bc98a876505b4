import type { ErrorCode } from '../codes.ts';
import { mathConstants, mathFunctions } from '../library/math.ts';
import { libraryFunctions } from '../library/signatures.ts';
import { globalFunctions } from './namespaces.ts';
import type { Scope } from './store.ts';
import { look, refuse, suggested, type Trace } from './trace.ts';
import { numberValue, type Place, undefinedValue, type Value } from './values.ts';

/** Scopes in which a name is looked for in the time of a look. */
const SCOPES = 8;

const namespaces: ReadonlySet<string> = new Set(['Math', 'Number', 'Object', 'Array']);

const forbidden: Readonly<Record<string, readonly [code: ErrorCode, message: string, advice: string]>> = {
  Date: [
    'clock',
    'The wall clock is read, so the reward depends on the machine and not on the step.',
    'Use a step counter among the fields, or count steps in `memory`.',
  ],
  performance: [
    'clock',
    'The wall clock is read, so the reward depends on the machine and not on the step.',
    'Use a step counter among the fields, or count steps in `memory`.',
  ],
  crypto: [
    'randomness',
    'Random values give the same step a different reward each time.',
    'Leave them out: a reward depends on the step alone.',
  ],
  console: [
    'forbidden-call',
    '`console` prints, and a reward only computes.',
    'Return what you want to see as a component.',
  ],
  np: [
    'unknown-function',
    '`np` is NumPy, which does not exist here.',
    'Use norm(v), sum(v), mean(v), dot(a, b), clamp(x, low, high) and Math.',
  ],
  numpy: [
    'unknown-function',
    '`numpy` does not exist here.',
    'Use norm(v), sum(v), mean(v), dot(a, b), clamp(x, low, high) and Math.',
  ],
  torch: [
    'unknown-function',
    '`torch` does not exist here.',
    'Use Math.exp, Math.abs, norm(v), sum(v), clamp(x, low, high) on plain numbers.',
  ],
  math: ['unknown-function', "Python's `math` does not exist here.", 'Use Math.'],
  jnp: [
    'unknown-function',
    '`jnp` does not exist here.',
    'Use norm(v), sum(v), mean(v), dot(a, b), clamp(x, low, high) and Math.',
  ],
  tf: [
    'unknown-function',
    '`tf` does not exist here.',
    'Use Math.exp, Math.abs, norm(v), sum(v), clamp(x, low, high) on plain numbers.',
  ],
  globalThis: ['global-state', 'Global objects cannot be reached.', 'Use the inputs of `reward` alone.'],
  window: ['global-state', 'Global objects cannot be reached.', 'Use the inputs of `reward` alone.'],
  process: ['forbidden-call', '`process` cannot be reached.', 'Use the inputs of `reward` alone.'],
  require: ['forbidden-call', 'Modules cannot be loaded.', 'Everything that is needed is built in.'],
  fetch: ['forbidden-call', 'The network cannot be reached.', 'Use the inputs of `reward` alone.'],
  Function: ['forbidden-call', 'Text cannot be run.', 'Write a plain function.'],
  setTimeout: ['forbidden-call', 'A reward is computed from one step, at once.', 'Count steps in `memory`.'],
  Promise: ['forbidden-call', 'A reward is computed from one step, at once.', 'Write a plain function.'],
  JSON: ['text', 'Text cannot hold a value of the step.', 'Components are numbers: drop the text.'],
  String: ['text', 'Text cannot hold a value of the step.', 'Components are numbers: drop the text.'],
  parseInt: ['unknown-function', '`parseInt` reads text.', 'Use Math.trunc(x) or Math.floor(x).'],
  Symbol: ['unsupported-syntax', '`Symbol` is not part of the reward language.', 'Use fixed names.'],
  BigInt: ['unsupported-syntax', '`BigInt` is not part of the reward language.', 'Use plain numbers.'],
  Reflect: ['global-state', '`Reflect` cannot be reached.', 'Use Object.keys and Object.entries.'],
  Proxy: ['global-state', '`Proxy` cannot be reached.', 'Use plain records.'],
  arguments: ['unknown-name', '`arguments` does not exist here.', 'Name the parameters, or gather them with ...rest.'],
  self: ['python-syntax', "`self` is Python's.", 'Use the inputs of `reward` alone.'],
  True: ['python-syntax', "`True` is Python's.", 'Write true.'],
  False: ['python-syntax', "`False` is Python's.", 'Write false.'],
  None: ['python-syntax', "`None` is Python's.", 'Write undefined, or 0.'],
  pass: ['python-syntax', "`pass` is Python's.", 'Leave the block empty.'],
  print: ['forbidden-call', "`print` is Python's, and a reward only computes.", 'Leave it out.'],
  len: ['unknown-function', "`len` is Python's.", 'Use v.length.'],
  range: ['unknown-function', "`range` is Python's.", 'Write for (let i = 0; i < n; i++).'],
  enumerate: ['unknown-function', "`enumerate` is Python's.", 'Write for (const [i, x] of v.entries()).'],
  zip: ['unknown-function', "`zip` is Python's.", 'Write a.map((x, i) => … b[i] …).'],
  float: ['unknown-function', "`float` is Python's.", 'Write Number(x).'],
  int: ['unknown-function', "`int` is Python's.", 'Write Math.trunc(x).'],
  bool: ['unknown-function', "`bool` is Python's.", 'Write Boolean(x).'],
  eval: ['forbidden-call', 'Text cannot be run.', 'Write the expression itself.'],
};

/** All names that could be written where the scope is: the nearest first. */
function* inSight(scope: Scope): Iterable<string> {
  yield* scope.names();
  yield* [...libraryFunctions.keys(), ...namespaces, ...globalFunctions];
}

/** The value of a name: the program's own first, then the standard library. */
export function identifier(trace: Trace, name: string, scope: Scope, place: Place): Value {
  look(trace, scope.depth / SCOPES);
  const binding = scope.find(name);
  if (binding !== null) return binding.cell.current;
  if (name === 'undefined') return undefinedValue;
  if (name === 'Infinity') return numberValue(Number.POSITIVE_INFINITY);
  if (name === 'NaN') return numberValue(Number.NaN);
  if (libraryFunctions.has(name)) return { kind: 'builtin', name };
  if (namespaces.has(name)) return { kind: 'namespace', name };
  if (globalFunctions.has(name)) return { kind: 'builtin', name };
  const known = Object.hasOwn(forbidden, name) ? forbidden[name] : undefined;
  if (known !== undefined) return refuse(trace, place, ...known);
  if (mathFunctions.has(name) || mathConstants.has(name)) {
    return refuse(trace, place, 'unknown-function', `\`${name}\` does not exist on its own.`, `Write Math.${name}.`);
  }
  const inputs = ['obs', 'action', 'next', 'terminated', 'truncated', 'env', 'params', 'memory'];
  if (inputs.includes(name)) {
    return refuse(
      trace,
      place,
      'unknown-name',
      `\`${name}\` is not among the names that the function takes.`,
      `Take it from the argument: function reward({ ${name}, … }), and hand it to helpers that need it.`,
    );
  }
  return refuse(
    trace,
    place,
    'unknown-name',
    `\`${name}\` is not defined.`,
    suggested(trace, name, () => inSight(scope)),
  );
}
