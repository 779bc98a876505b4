import type { Trace } from './trace.ts';
import { nullValue, type Value } from './values.ts';

/** The entry that says whether one that was null at first holds a number by now. */
export const heldName = (name: string): string => `${name}Held`;

/** An entry of the memory; null until it holds a number, where the program starts it as null. */
export function remembered(trace: Trace, name: string, mayBeNull: boolean): Value {
  const { graph } = trace;
  const value: Value = { kind: 'scalar', node: graph.variable('memory', name) };
  if (!mayBeNull) return value;
  return {
    kind: 'choice',
    test: graph.unary('truth', graph.variable('memory', heldName(name))),
    yes: value,
    no: nullValue,
  };
}
