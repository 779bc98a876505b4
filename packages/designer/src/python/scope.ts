import type { SyntaxNode } from '@lezer/common';
import type { Environment } from '@rewardsmith/contracts';
import { pythonFunctions } from './needed.ts';
import { TakenBack } from './taken-back.ts';
import { Untranslatable } from './tree.ts';
import { arrowNames, atom, type Kind, levels, type Value } from './value.ts';

/** The state before the step, by a name that says so. */
const before =
  /^(?:prev|previous|old|last)_(?:obs|observations?|states?|s)$|^(?:obs|observations?|states?|s)_(?:prev|previous|old|last)$/;

/** The names under which Python programs take the inputs of a reward. */
const inputNames: readonly (readonly [string, RegExp])[] = [
  ['obs', before],
  ['obs', /^(?:current_)?(?:obs|observations?|state|s)$/],
  ['next', /^(?:next|obs_next|(?:next|new)_(?:obs|observations?|state|s)|s_next)$/],
  ['action', /^(?:actions?|act|a)$/],
  ['terminated', /^(?:terminated|terminal)$/],
  ['truncated', /^(?:truncated|timeout)$/],
  ['env', /^(?:env|constants|env_constants|consts)$/],
  ['params', /^params$/],
  ['memory', /^memory$/],
  ['done', /^dones?$/],
];

/**
 * The inputs that the parameters of a reward stand for, by their names. Beside one that says it is the state before the step, a plain
 * `obs` or `state` is the one after it. Gives the name that stands for the same input as another where there is such a one.
 */
export function inputsOf(names: readonly string[]): ReadonlyMap<string, string> | { readonly twice: string } {
  const inputs = new Map<string, string>();
  const told = names.some((name) => before.test(name));
  for (const name of names) {
    const input = inputNames.find(([, sign]) => sign.test(name))?.[0];
    if (input === undefined) continue;
    const own = input === 'obs' && told && !before.test(name) ? 'next' : input;
    if ([...inputs.values()].includes(own)) return { twice: name };
    inputs.set(name, own);
  }
  return inputs;
}

/** What stands for an input, and what it reads. */
function inputFor(
  input: string,
  { action }: Environment,
): { readonly value: Value; readonly reads: readonly string[] } {
  if (input === 'done') {
    const value = { text: 'terminated || truncated', kind: 'boolean', level: levels.or } as const;
    return { value, reads: ['terminated', 'truncated'] };
  }
  const flag = input === 'terminated' || input === 'truncated';
  const acted = action.kind === 'discrete' ? atom(input, 'natural') : atom(input, 'vector', action.shape[0]);
  return { value: input === 'action' ? acted : atom(input, flag ? 'boolean' : 'record'), reads: [input] };
}

const reserved = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if implements
import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void
while with yield await arguments eval Math Number Object Array Boolean Infinity NaN undefined reward success params memory obs next action
terminated truncated env tolerance clamp wrapAngle potential sum mean norm dot distance cross quatMul quatConjugate quatInverse
quatNormalize quatRotate quatAngle ${[...arrowNames, ...Object.keys(pythonFunctions)].join(' ')}`.split(/\s+/),
);

/** What the names of a program stand for, where they are read. */
export class Scope {
  readonly source: string;
  readonly environment: Environment;
  /** Modules and functions that were imported, by the name they got. */
  readonly imported = new TakenBack<string>();
  /** Functions of the program's own. */
  readonly functions = new Set<string>();
  /** Names that stand for inputs, and which: the reward's own parameters, and what the module declares as `params` and `memory`. */
  readonly parameters = new Map<string, string>();
  /** Inputs that the reward reads, and functions of Python's that the translation needs. */
  readonly inputs = new Set<string>();
  readonly needed = new Set<string>();
  readonly #names = new TakenBack<Value>();
  /** Every word of the source, and names as they are written, by what they are in Python. */
  readonly #words: ReadonlySet<string>;
  readonly #renamed = new Map<string, string>();

  constructor(source: string, environment: Environment) {
    this.source = source;
    this.#words = new Set(source.match(/\w+/g));
    this.environment = environment;
  }

  text({ from, to }: Pick<SyntaxNode, 'from' | 'to'>): string {
    return this.source.slice(from, to);
  }

  /** A name as it can stand in a program of the reward language. */
  renamed(name: string): string {
    if (!reserved.has(name)) return name;
    let own = this.#renamed.get(name) ?? `${name}_`;
    while (this.#words.has(own)) own += '_';
    this.#renamed.set(name, own);
    return own;
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  /** Declares a name of the program's own; a name that held another kind of value before may hold either from then on. */
  declare(name: string, kind: Kind, length?: number): string {
    const text = this.renamed(name);
    const before = this.#names.get(name);
    this.#names.set(name, atom(text, before === undefined || before.kind === kind ? kind : 'unknown', length));
    return text;
  }

  /** Whether a name holds a vector of another length. */
  isResized(name: string, { kind, length }: Value): boolean {
    const before = this.#names.get(name);
    return kind === 'vector' && before?.kind === 'vector' && before.length !== length;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  read(node: SyntaxNode): Value {
    const name = this.text(node);
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    const parameter = this.parameters.get(name);
    const known = 'The inputs are obs, action, next, terminated, truncated, env, params and memory.';
    if (parameter === undefined) throw new Untranslatable(node, `${name} is not known.`, known);
    const input = inputFor(parameter, this.environment);
    for (const read of input.reads) this.inputs.add(read);
    return input.value;
  }

  /** Translates with further names and imports, which are forgotten after it. */
  within<T>(work: () => T): T {
    return this.#names.within(() => this.imported.within(work));
  }
}
