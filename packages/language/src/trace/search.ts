import type { Node } from '../ir/node.ts';
import { binary } from './arithmetic.ts';
import { branch } from './branch.ts';
import { callbackArgs } from './callback.ts';
import { lookUp, whereReached } from './look-up.ts';
import { merge } from './merge.ts';
import { asValue, scalarNode } from './scalars.ts';
import { look, refuse, type Trace } from './trace.ts';
import { truth, truthNode } from './truth.ts';
import { contents, numberValue, type Place, poison, undefinedValue, type Value } from './values.ts';

/** What comparing two values costs, in nodes that are only looked at. */
const COMPARE_LOOKS = 4;

/** `find` and its like: the first or last entry whose test holds. */
export function search(
  trace: Trace,
  name: string,
  items: readonly Value[],
  [wanted = undefinedValue, from]: readonly Value[],
  whole: Value,
  place: Place,
): Value {
  const byTest = name.startsWith('find');
  const cases: { readonly here: Node; readonly item: Value }[] = [];
  const order = byTest ? [...items.entries()] : within(trace, name, [...items.entries()], from, place);
  if (order === null) return poison;
  for (const [index, item] of /last/i.test(name) ? order.toReversed() : order) {
    const test = byTest
      ? trace.invoke(wanted, callbackArgs(wanted, item, index, whole), place)
      : same(trace, name, item, wanted, place);
    const known = truth(trace, test, place);
    if (known === null) return poison;
    if (known === false) continue;
    const here = known === true ? trace.graph.constant(true) : known;
    cases.push({ here, item: name === 'find' || name === 'findLast' ? item : numberValue(index) });
    if (known === true) break;
  }
  const any = cases
    .map(({ here }) => here)
    .reduce((a, b) => trace.graph.binary('||', a, b), trace.graph.constant(false));
  if (name === 'includes') return asValue(any);
  if (name === 'find' || name === 'findLast') return cases.length === 0 ? undefinedValue : lookUp(trace, cases);
  return cases.reduceRight<Value>((rest, { here, item }) => merge(trace, here, item, rest), numberValue(-1));
}

/** The entries that a search looks at: from its second argument on, or back from there. */
function within<T>(
  trace: Trace,
  name: string,
  entries: readonly T[],
  from: Value | undefined,
  place: Place,
): readonly T[] | null {
  if (from === undefined || from.kind === 'poison') return from === undefined ? entries : null;
  if (from.kind !== 'number' && from.kind !== 'undefined') {
    const advice = 'Cut the array first: v.slice(k).includes(x).';
    refuse(trace, place, 'wrong-arguments', `Where \`${name}\` begins depends on a value of the step.`, advice);
    return null;
  }
  const whole = from.kind === 'number' ? Math.trunc(from.value) || 0 : 0;
  if (name !== 'lastIndexOf') return entries.slice(whole);
  return entries.slice(0, Math.max(0, (whole < 0 ? entries.length + whole : whole) + 1));
}

/** Whether a search meets what it looks for: by `===`, but `includes` finds NaN, too. */
export function same(trace: Trace, name: string, item: Value, wanted: Value, place: Place): Value {
  look(trace, COMPARE_LOOKS);
  const equal = binary(trace, '===', item, wanted, place);
  if (name !== 'includes') return equal;
  const notANumber = (value: Value): Node | null => {
    const now = contents(value);
    if (now.kind === 'number') return trace.graph.constant(Number.isNaN(now.value));
    if (now.kind !== 'scalar' || now.node.type.element !== 'number') return null;
    return trace.graph.binary('!==', now.node, now.node);
  };
  const [first, second] = [notANumber(item), notANumber(wanted)];
  const node = truthNode(trace, equal, place);
  if (first === null || second === null || node === null) return equal;
  const both = trace.graph.binary('&&', first, second);
  return asValue(trace.graph.binary('||', node, both));
}

/** A sorting network (odd-even transposition; Knuth, TAOCP 3, 5.3.4): each turn compares neighbours. */
export function sorted(trace: Trace, items: readonly Value[], compare: Value, place: Place): Value[] | null {
  if (compare.kind === 'undefined') {
    refuse(
      trace,
      place,
      'wrong-arguments',
      'Without a function, sort orders numbers as text.',
      'Write sort((a, b) => a - b).',
    );
    return null;
  }
  const row = [...items];
  for (const item of items) comparable(trace, item);
  for (let turn = 0; turn < row.length; turn++) {
    for (let index = turn % 2; index + 1 < row.length; index += 2) {
      const a = row[index] ?? poison;
      const b = row[index + 1] ?? poison;
      const order = trace.invoke(compare, [a, b], place);
      if (contents(a).kind !== 'scalar') comparable(trace, order);
      const after = binary(trace, '>', order, numberValue(0), place);
      const swap = scalarNode(trace, after, place);
      if (swap === null) return null;
      const both = branch(
        trace,
        swap,
        () => [b, a],
        () => [a, b],
      );
      row[index] = merge(trace, swap, b, a, both.merge);
      row[index + 1] = merge(trace, swap, a, b, both.merge);
    }
  }
  return row;
}

/** Notes that where NaN stands in a sorted array is JavaScript's own affair. */
function comparable(trace: Trace, value: Value): void {
  const now = contents(value);
  if (now.kind !== 'scalar' || now.node.type.element !== 'number') return;
  const isNumber = trace.graph.binary('===', now.node, now.node);
  trace.insideTables.set(value, whereReached(trace, isNumber));
}
