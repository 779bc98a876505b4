import type { Node } from '../ir/node.ts';
import { merge } from './merge.ts';
import type { Trace } from './trace.ts';
import { contents, numberValue, poison, type Value } from './values.ts';

/** The first case that holds; undefined where none does. */
export function lookUp(trace: Trace, cases: readonly { readonly here: Node; readonly item: Value }[]): Value {
  const { graph } = trace;
  const isNumber = cases.every(({ item }) => ['scalar', 'number', 'boolean'].includes(contents(item).kind));
  const last = cases.at(-1)?.item ?? poison;
  const found = isNumber
    ? cases.reduceRight<Value>((rest, { here, item }) => merge(trace, here, item, rest), numberValue(Number.NaN))
    : cases.slice(0, -1).reduceRight<Value>((rest, { here, item }) => merge(trace, here, item, rest), last);
  const present = cases.map(({ here }) => here).reduce((a, b) => graph.binary('||', a, b));
  if (present.op === 'constant') return found;
  const known = { ...found };
  trace.absent.set(known, graph.unary('!', present));
  if (!isNumber) trace.insideTables.set(known, whereReached(trace, present));
  return known;
}

/** Where a program asks whether an entry is there, as `TABLE[i] ?? none` does, plain JavaScript goes on without one. */
export function asked(trace: Trace, value: Value): Node | undefined {
  const absent = trace.absent.get(value);
  if (absent !== undefined) trace.insideTables.delete(value);
  return absent;
}

/** Notes that plain JavaScript throws here where the value is absent. */
export function needed(trace: Trace, value: Value): void {
  const absent = trace.absent.get(value);
  if (absent === undefined || ['scalar', 'number', 'boolean'].includes(contents(value).kind)) return;
  trace.insideTables.set(value, whereReached(trace, trace.graph.unary('!', absent)));
}

/** The condition, as far as the code being traced is reached at all. */
export function whereReached({ graph, known }: Trace, condition: Node): Node {
  const missed = known.map(({ test, holds }) => (holds ? graph.unary('!', test) : test));
  return missed.reduce((either, test) => graph.binary('||', either, test), condition);
}
