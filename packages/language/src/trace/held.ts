import type { Node } from '../ir/node.ts';
import { alternative, narrowed, overChoice } from './known.ts';
import { merge } from './merge.ts';
import { look, type Trace } from './trace.ts';
import { nullValue, numberValue, type Value, type Words } from './values.ts';

/** The entry that says whether one that was null at first holds a number by now. */
export const heldName = (name: string): string => `${name}Held`;

/** An entry of the memory; null until it holds a number, where the program starts it as null. */
export function remembered(trace: Trace, name: string, mayBeNull: boolean): Value {
  const { graph } = trace;
  const value: Value = { kind: 'scalar', node: graph.variable('memory', name) };
  if (!mayBeNull) return value;
  const test = graph.unary('truth', graph.variable('memory', heldName(name)));
  const words = name.split(/\W+/).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  if (!trace.annotations.has(test)) {
    trace.annotations.set(test, { name: `has${words.join('')}`, declared: false, comment: [], start: 0 });
  }
  return {
    kind: 'choice',
    test,
    yes: value,
    no: nullValue,
  };
}

const isHeldTest = (test: Node): boolean =>
  test.op === 'unary' && test.operator === 'truth' && test.args[0]?.op === 'memory';

const isNull = (value: Value): boolean => value.kind === 'undefined' && value.isNull === true;

/**
 * null in arithmetic is 0, as in plain JavaScript, where the program has asked whether a memory that begins as null holds a
 * number: one question often stands for several entries that are written together.
 */
export function nullAsZero(trace: Trace, value: Value): Value {
  const now = narrowed(trace, value);
  if (alternative(trace, now, isNull) === null || !hasAsked(trace)) return now;
  const one = (each: Value): Value => (isNull(each) ? numberValue(0) : each);
  return overChoice(now, one, (test, yes, no) => merge(trace, test, yes, no));
}

/** Whether what is known where the code stands says that a memory holds a number. */
function hasAsked(trace: Trace): boolean {
  for (const [test, holds] of trace.known) {
    look(trace);
    if (holds && isHeldTest(test)) return true;
  }
  return false;
}

/** What to say of a memory that begins as null and is used as if it held something; null for any other value. */
export function heldFault(trace: Trace, value: Value): { readonly message: string; readonly advice: Words } | null {
  const number = alternative(trace, value, (each) => each.kind === 'scalar' && each.node.op === 'memory');
  if (number?.kind !== 'scalar' || number.node.op !== 'memory') return null;
  const { name } = number.node;
  const list = alternative(trace, value, ({ kind }) => kind === 'array' || kind === 'vector');
  if (list !== null) {
    const length =
      list.kind === 'array' ? list.items.length : list.kind === 'vector' ? (list.node.type.length ?? 0) : 0;
    const zeros = (): string => Array.from({ length }, () => 0).join(', ');
    return {
      message: `\`memory.${name}\` begins as null, and then holds one number, not an array.`,
      advice: () =>
        `Declare \`${name}: [${zeros()}]\` and beside it a flag, \`seen: 0\`, that is 1 once it is written.`,
    };
  }
  if (alternative(trace, value, isNull) === null) return null;
  return {
    message: `\`memory.${name}\` is null until a step has written it.`,
    advice: `Write \`memory.${name} ?? x\`, with an x for the first step, or ask \`memory.${name} !== null\` first.`,
  };
}
