import type { SyntaxNode } from '@lezer/common';
import { asNumber } from './library.ts';
import type { Scope } from './scope.ts';
import { childrenOf, refuse } from './tree.ts';
import { beside, called, elementwise, isNumber, levels, unfit, type Value } from './value.ts';

/** How the parts of an expression are read. */
export interface Reading {
  readonly expression: (node: SyntaxNode, scope: Scope) => Value;
  readonly condition: (node: SyntaxNode, scope: Scope) => Value;
}

const comparisons = /^(?:<|<=|>|>=|==|!=|in|not in|is|is not)$/;

function signOf(node: SyntaxNode, scope: Scope): string {
  return childrenOf(node)
    .slice(1, -1)
    .map((child) => scope.text(child))
    .join(' ');
}

/**
 * An expression of `and`, `or` and `not` as its operands and operators in the order in which they are written. The parser takes
 * `not` to reach over `and` and `or`, which it does not, so that the tree is read by its words.
 */
function words(node: SyntaxNode, scope: Scope): readonly (SyntaxNode | 'and' | 'or' | 'not')[] {
  const [first, , last] = [childrenOf(node)[0], undefined, childrenOf(node).at(-1)];
  if (first === undefined || last === undefined) return [node];
  if (node.name === 'UnaryExpression' && first.name === 'not') return ['not', ...words(last, scope)];
  const sign = node.name === 'BinaryExpression' ? signOf(node, scope) : '';
  return sign === 'and' || sign === 'or' ? [...words(first, scope), sign, ...words(last, scope)] : [node];
}

function splitWords<T>(list: readonly T[], word: T): readonly (readonly T[])[] {
  const at = list.indexOf(word);
  return at < 0 ? [list] : [list.slice(0, at), ...splitWords(list.slice(at + 1), word)];
}

/** Python's `and` and `or` give one of their operands, as JavaScript's do; all but the last are asked whether they are true. */
function joined(values: readonly Value[], operator: '&&' | '||', node: SyntaxNode): Value {
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0) return only;
  const level = operator === '&&' ? levels.and : levels.or;
  if (values.slice(0, -1).some((value) => !isNumber(value) && value.kind !== 'unknown'))
    return refuse(
      node,
      'An array, a record or a text is taken for a condition.',
      'Compare numbers, or write len(x) > 0.',
    );
  const kinds = new Set(values.map(({ kind }) => kind));
  const kind = kinds.size === 1 ? (only?.kind ?? 'unknown') : values.every(isNumber) ? 'number' : 'unknown';
  return { text: values.map((value) => beside(level, value)).join(` ${operator} `), kind, level };
}

function compared(node: SyntaxNode, sign: string, a: Value, b: Value): Value {
  const kinds = [a.kind, b.kind];
  const flag = (operator: string, left = a, right = b): Value => {
    const level = /^[=!]/.test(operator) ? levels.equality : levels.comparison;
    return { text: `${beside(level + 1, left)} ${operator} ${beside(level + 1, right)}`, kind: 'boolean', level };
  };
  if (sign === 'in' || sign === 'not in') {
    if ((b.kind !== 'list' && b.kind !== 'vector') || a.kind === 'vector' || a.kind === 'list' || a.kind === 'record')
      return refuse(node, 'This membership is not translated.');
    const text = `${beside(levels.member, b)}.some((entry) => entry == ${beside(levels.comparison, a)})`;
    return sign === 'in' ? called(text, 'boolean') : { text: `!${text}`, kind: 'boolean', level: levels.unary };
  }
  const differs = sign === '!=' || sign === 'is not';
  if (sign === '==' || sign === '!=' || sign === 'is' || sign === 'is not') {
    if (kinds.includes('nothing')) return flag(differs ? '!==' : '===');
    if (sign.startsWith('is')) return refuse(node, 'Only None is compared by `is`.', 'Use == or a condition.');
    if (kinds.some((kind) => kind === 'vector' || kind === 'list' || kind === 'record'))
      return refuse(node, 'Arrays and records are not compared as a whole.', 'Compare their entries.');
    // True is 1 in Python, and None is not 0: so `==` of the reward language has it, which a text equals by its letters alone.
    if (kinds.includes('unknown')) return flag(differs ? '!=' : '==');
    const mixed = kinds.includes('boolean') && a.kind !== b.kind && !kinds.includes('text');
    return mixed ? flag(differs ? '!==' : '===', asNumber(a), asNumber(b)) : flag(differs ? '!==' : '===');
  }
  if (kinds.some((kind) => kind === 'list' || kind === 'record' || kind === 'text' || kind === 'nothing'))
    return refuse(node, 'Something else than numbers is compared.');
  return elementwise([a, b], (x = a, y = b) => flag(sign, x, y)) ?? refuse(node, ...unfit);
}

const isComparison = (node: SyntaxNode, scope: Scope): boolean =>
  node.name === 'BinaryExpression' && comparisons.test(signOf(node, scope));

/**
 * A comparison, or a chain of them, with the last of what it compares. No expression has an effect, so that what stands between two signs
 * may be written twice; it is read once, since comparisons stand in comparisons.
 */
function chain(
  node: SyntaxNode,
  scope: Scope,
  { expression }: Pick<Reading, 'expression'>,
): { readonly value: Value; readonly last: Value } {
  const [left, right] = [childrenOf(node)[0], childrenOf(node).at(-1)];
  if (left === undefined || right === undefined) return refuse(node, 'This comparison is not translated.');
  const before = isComparison(left, scope) ? chain(left, scope, { expression }) : undefined;
  const middle = before?.last ?? expression(left, scope);
  const last = expression(right, scope);
  const own = compared(node, signOf(node, scope), middle, last);
  return { value: before === undefined ? own : joined([before.value, own], '&&', node), last };
}

/** Logic and comparison; nothing for any other operator. */
export function logic(node: SyntaxNode, scope: Scope, reading: Reading): Value | undefined {
  if (isComparison(node, scope)) return chain(node, scope, reading).value;
  const list = words(node, scope);
  if (list.length === 1) return undefined;
  const alternatives = splitWords(list, 'or').map((part) => {
    const operands = splitWords(part, 'and').map((words) => {
      const operand = words.at(-1);
      if (operand === undefined || typeof operand === 'string') return refuse(node, 'This logic is not translated.');
      const negations = words.length - 1;
      if (negations === 0) return reading.expression(operand, scope);
      const value = reading.condition(operand, scope);
      return {
        text: `${'!'.repeat(negations)}${beside(levels.signed, value)}`,
        kind: 'boolean' as const,
        level: levels.unary,
      };
    });
    return joined(operands, '&&', node);
  });
  return joined(alternatives, '||', node);
}
