import type { SyntaxNode } from '@lezer/common';
import type { Environment } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';
import { expression } from './expression.ts';
import { importModules } from './imports.ts';
import { pythonFunctions } from './needed.ts';
import { inputsOf, Scope } from './scope.ts';
import { bodyText, functionText, parametersOf } from './statement.ts';
import { childrenOf, parseModule, refuse, splitAt, Untranslatable } from './tree.ts';

/** What became of a text that may be a Python program. */
export type Translated =
  /** Not Python, as far as can be seen. */
  | { readonly kind: 'other' }
  | { readonly kind: 'translated'; readonly source: string }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly advice: string;
      readonly line: number;
      readonly column: number;
    };

const python = /^[ \t]*def\s+\w+\s*\(/m;
const javascript =
  /\bfunction(?:\s+\w+|\w*)\s*\(|\)\s*=>|^[ \t]*(?:export\s+(?:const|function|default)\b|(?:const|let)\s+\w+\s*=)/m;
const fence = /```(?:python|py)?[ \t]*\r?\n([\s\S]*?)```/;

/** A function of the module, whatever decorates it. */
function definition(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === 'FunctionDefinition') return node;
  return node.name === 'DecoratedStatement'
    ? childrenOf(node).find(({ name }) => name === 'FunctionDefinition')
    : undefined;
}

function nameOf(node: SyntaxNode, scope: Scope): string {
  const name = childrenOf(node).find((child) => child.name === 'VariableName');
  return name === undefined ? '' : scope.text(name);
}

/** The function that is the reward: by its name, or because there is no other. */
function entryOf(functions: readonly SyntaxNode[], scope: Scope): SyntaxNode | undefined {
  const named = functions.filter((node) => /reward/i.test(nameOf(node, scope)));
  const exact = named.find((node) => /^(?:compute_|get_|calculate_)?reward$/.test(nameOf(node, scope)));
  return exact ?? named.at(-1) ?? (functions.length === 1 ? functions[0] : undefined);
}

function constant(node: SyntaxNode, scope: Scope): readonly string[] {
  const [left, right] = splitAt(
    childrenOf(node).filter(({ name }) => name !== 'TypeDef'),
    'AssignOp',
  );
  const [target, value] = [left?.[0], right?.[0]];
  if (left?.length !== 1 || right?.length !== 1 || target?.name !== 'VariableName' || value === undefined)
    return refuse(node, 'This assignment is not translated.');
  const name = scope.text(target);
  const { text, kind, length } = expression(value, scope);
  if (scope.has(name)) return refuse(node, `${name} is assigned again.`, 'Give it a name of its own.');
  if (name === 'params' || name === 'memory') {
    scope.parameters.set(name, name);
    return [`export const ${name} = ${text};`];
  }
  return [`const ${scope.declare(name, kind, length)} = ${text};`];
}

function entryText(node: SyntaxNode, scope: Scope): readonly string[] {
  const names = parametersOf(node, scope).map(({ name }) => name);
  const hidden = names.find((name) => scope.has(name) || scope.imported.has(name) || scope.functions.has(name));
  if (hidden !== undefined)
    return refuse(node, `The parameter ${hidden} hides another ${hidden}.`, 'Give it a name of its own.');
  const inputs = inputsOf(names);
  if ('twice' in inputs)
    return refuse(
      node,
      `${inputs.twice} stands for the same input as another parameter.`,
      'Name the parameters obs, action, next_obs, terminated, truncated, env, params and memory, each once.',
    );
  for (const [name, input] of inputs) scope.parameters.set(name, input);
  const body = scope.within(() => bodyText(node, scope, true));
  return [`export function reward({ ${[...scope.inputs].join(', ')} }) {`, ...body, '}'];
}

function moduleText(top: SyntaxNode, scope: Scope): string {
  const nodes: SyntaxNode[] = [];
  for (let node = top.firstChild; node !== null; node = node.nextSibling) nodes.push(node);
  const functions = nodes.flatMap((node) => definition(node) ?? []);
  const entry = entryOf(functions, scope);
  if (entry === undefined)
    return refuse(nodes[0] ?? top, 'There is no function of the name reward.', 'Name the function reward.');
  for (const node of functions) if (node.from !== entry.from) scope.functions.add(nameOf(node, scope));
  const parts = nodes.map((node): readonly string[] => {
    const own = definition(node);
    if (own !== undefined && own.from === entry.from) return [...entryText(own, scope), ''];
    if (own !== undefined) {
      const [head = '', ...rest] = functionText(own, scope);
      return [`const ${scope.renamed(nameOf(own, scope))} = ${head}`, ...rest.slice(0, -1), '};', ''];
    }
    switch (node.name) {
      case 'Comment':
        return [`//${scope.text(node).slice(1)}`];
      case 'ImportStatement':
        importModules(node, scope);
        return [];
      case 'AssignStatement':
        return constant(node, scope);
      case 'ExpressionStatement':
        return node.firstChild?.name === 'String' ? [] : refuse(node, 'This statement is not translated.');
      default:
        return /^if\s+__name__/.test(scope.text(node))
          ? []
          : refuse(node, `${scope.text(node).split('\n')[0]} is not translated.`);
    }
  });
  const needed = [...scope.needed].flatMap((name) => pythonFunctions[name] ?? []);
  return `${[...needed, ...parts.flat()].join('\n').trim()}\n`;
}

/**
 * Translates a reward in Python, as models write them for Gymnasium, NumPy or PyTorch, where each of its constructs has an exact
 * counterpart in the reward language, and says of the first that has none what to write. The result is checked like any program.
 */
export function translatePython(text: string, environment: Environment): Translated {
  if (!python.test(text) || javascript.test(text)) return { kind: 'other' };
  const source = fence.exec(text)?.[1] ?? text;
  try {
    const top = parseModule(source);
    const translated = moduleText(top, new Scope(source, environment));
    if (translated.length > limits.programLength)
      refuse(top, 'Its translation is too long.', 'Write a shorter program.');
    return { kind: 'translated', source: translated };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    const before = source.slice(0, error.at).split('\n');
    return {
      kind: 'refused',
      message: error.message,
      advice: error.advice,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    };
  }
}
