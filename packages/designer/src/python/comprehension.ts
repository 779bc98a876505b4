import type { SyntaxNode } from '@lezer/common';
import type { Reading } from './logic.ts';
import type { Scope } from './scope.ts';
import { childrenOf, refuse, splitAt } from './tree.ts';
import { beside, called, type Kind, levels, type Value } from './value.ts';

/** What a loop goes over, and what its entries are. */
interface Sequence {
  readonly text: string;
  /** Of the one name that an entry is bound to, or of each of several. */
  readonly kinds: readonly Kind[];
  /** How many entries it has, where that is known. */
  readonly length?: number | undefined;
}

const entryKind = ({ kind }: Value): Kind => (kind === 'vector' ? 'number' : 'unknown');

/** The arguments of a call of one of the names by which Python makes sequences. */
function sequenceCall(node: SyntaxNode, scope: Scope) {
  const [callee, list] = childrenOf(node);
  if (node.name !== 'CallExpression' || callee === undefined || list === undefined) return undefined;
  const name = /^(?:range|enumerate|zip)$/.exec(scope.text(callee))?.[0];
  if (name === undefined) return undefined;
  return { name, args: splitAt(childrenOf(list).slice(1, -1), ',').flatMap(([arg]) => arg ?? []) };
}

/** The sequence that an expression stands for. Where `zip` goes over arrays of different length, the shorter one ends it or the check refuses it. */
export function sequence(node: SyntaxNode, scope: Scope, { expression }: Reading): Sequence {
  const made = sequenceCall(node, scope);
  const member = (value: Value) => beside(levels.member, value);
  if (made === undefined) {
    const value = expression(node, scope);
    if (value.kind !== 'list' && value.kind !== 'vector' && value.kind !== 'unknown')
      return refuse(node, 'This is no sequence.');
    return { text: member(value), kinds: [entryKind(value)], length: value.length };
  }
  const { name, args } = made;
  const values = args.map((arg) => expression(arg, scope));
  const [first, second, ...more] = values;
  if (first === undefined || more.length > 0) return refuse(node, 'This sequence is not translated.');
  if (name === 'range') {
    const natural = values.every(({ kind }) => kind === 'natural');
    if (!natural)
      return refuse(node, 'The bounds of range are not known whole numbers.', 'Use whole numbers and len(x).');
    const count = Number(second?.text ?? first.text) - (second === undefined ? 0 : Number(first.text));
    const length = Number.isNaN(count) ? undefined : Math.max(count, 0);
    if (second === undefined)
      return { text: `Array.from({ length: ${first.text} }, (_, index) => index)`, kinds: ['natural'], length };
    const written = `${second.text} - ${beside(levels.product, first)}`;
    const text = `Array.from({ length: ${written} }, (_, index) => ${first.text} + index)`;
    return { text, kinds: ['natural'], length };
  }
  if (name === 'enumerate') {
    if (second !== undefined) return refuse(node, 'enumerate with a start is not translated.');
    const text = `${member(first)}.map((entry, index) => [index, entry])`;
    return { text, kinds: ['natural', entryKind(first)], length: first.length };
  }
  if (second === undefined) return refuse(node, 'zip of one sequence is not translated.');
  if (first.length !== undefined && second.length !== undefined && first.length > second.length)
    return refuse(node, 'zip ends before its first sequence does.', 'Take as many entries of each: v[0:3].');
  const text = `${member(first)}.map((entry, index) => [entry, ${member(second)}[index]])`;
  return { text, kinds: [entryKind(first), entryKind(second)], length: first.length };
}

/** Declares the names of a loop, and gives them as they stand before its arrow or its `of`. */
export function bind(targets: readonly SyntaxNode[], { kinds }: Sequence, scope: Scope): string {
  const flat = targets.flatMap((target) =>
    target.name === 'TupleExpression' ? childrenOf(target).slice(1, -1) : [target],
  );
  const names = splitAt(flat, ',').map(([target, ...more]) => {
    if (target?.name !== 'VariableName' || more.length > 0)
      throw refuse(flat[0] ?? { from: 0 }, 'These names are not translated.');
    return target;
  });
  const several = kinds.length > 1;
  if (several && names.length !== kinds.length)
    return refuse(flat[0] ?? { from: 0 }, 'There are not as many names as values.');
  const declared = names.map((name, place) =>
    scope.declare(scope.text(name), (several || names.length === 1 ? kinds[place] : undefined) ?? 'unknown'),
  );
  return names.length === 1 && !several ? (declared[0] ?? '') : `[${declared.join(', ')}]`;
}

/** A list comprehension or a generator: one loop, with conditions. */
export function comprehension(inside: readonly SyntaxNode[], scope: Scope, reading: Reading): Value {
  const [element, loop, ...rest] = inside;
  const at = rest.findIndex(({ name }) => name === 'in');
  const source = rest[at + 1];
  if (element === undefined || loop?.name !== 'for' || source === undefined)
    return refuse(inside[0] ?? { from: 0 }, 'This list is not translated.');
  const over = sequence(source, scope, reading);
  return scope.within(() => {
    const names = bind(rest.slice(0, at), over, scope);
    const arrow = (body: string) => `(${names}) => ${body}`;
    let text = over.text;
    let length = over.length;
    for (let place = at + 2; place < rest.length; place += 2) {
      const [word, test] = [rest[place], rest[place + 1]];
      if (word?.name !== 'if' || test === undefined)
        return refuse(word ?? source, 'A list over several loops is not translated.');
      length = undefined;
      text += `.filter(${arrow(reading.condition(test, scope).text)})`;
    }
    const value = reading.expression(element, scope);
    const body = value.kind === 'record' ? `(${value.text})` : value.text;
    return called(value.text === names ? text : `${text}.map(${arrow(body)})`, 'list', length);
  });
}
