import type { Node } from '../ir/node.ts';
import { alternative } from './known.ts';
import { merge } from './merge.ts';
import type { Trace } from './trace.ts';
import { contents, numberValue, poison, undefinedValue, type Value } from './values.ts';

interface Case {
  readonly here: Node;
  readonly item: Value;
}

/** The first case that holds; undefined where none does. */
export function lookUp(trace: Trace, cases: readonly Case[]): Value {
  const { graph } = trace;
  const whole = kindOf(trace, cases);
  if (whole === 'mixed') return selected(trace, cases, undefinedValue);
  const last = cases.at(-1)?.item ?? poison;
  const found =
    whole === 'numbers' ? selected(trace, cases, numberValue(Number.NaN)) : selected(trace, cases.slice(0, -1), last);
  const present = whereFound(trace, cases);
  if (present.op === 'constant' && present.value === true) return found;
  const known = { ...found };
  trace.absent.set(known, graph.unary('!', present));
  if (whole === 'arrays') trace.insideTables.set(known, whereReached(trace, present));
  return known;
}

const selected = (trace: Trace, cases: readonly Case[], otherwise: Value): Value =>
  cases.reduceRight<Value>((rest, { here, item }) => merge(trace, here, item, rest), otherwise);

/**
 * Whether nothing can stand for an entry that is not there: numbers have NaN, and on arrays and records plain JavaScript
 * throws. Text, flags and entries that may themselves be undefined have neither.
 */
function kindOf(trace: Trace, cases: readonly Case[]): 'numbers' | 'arrays' | 'mixed' {
  const items = cases.map(({ item }) => contents(item));
  const isFlag = (item: Value): boolean =>
    item.kind === 'boolean' || (item.kind === 'scalar' && item.node.type.element === 'boolean');
  if (items.every((item) => item.kind === 'scalar' || item.kind === 'number' || isFlag(item)))
    return items.every(isFlag) ? 'mixed' : 'numbers';
  const isPlain = (item: Value): boolean => ['undefined', 'string', 'number', 'boolean', 'scalar'].includes(item.kind);
  return items.some((item) => alternative(trace, item, isPlain) !== null) ? 'mixed' : 'arrays';
}

/** Where one of the cases holds, and what it gives is there: an entry may itself have been looked up outside its table. */
function whereFound(trace: Trace, cases: readonly Case[]): Node {
  const { graph } = trace;
  if (cases.every(({ item }) => !trace.absent.has(item)))
    return cases.map(({ here }) => here).reduce((a, b) => graph.binary('||', a, b), graph.constant(false));
  return cases.reduceRight<Node>((rest, { here, item }) => {
    const absent = trace.absent.get(item);
    if (absent === undefined) return graph.binary('||', here, rest);
    return graph.select(here, graph.unary('!', absent), rest, trace.merges++);
  }, graph.constant(false));
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
  const missed = [...known].map(([test, holds]) => (holds ? graph.unary('!', test) : test));
  return missed.reduce((either, test) => graph.binary('||', either, test), condition);
}
