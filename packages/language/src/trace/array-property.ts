import { asValue } from './scalars.ts';
import type { Trace } from './trace.ts';
import { numberValue, poison, type Value } from './values.ts';

/** The length of an array, or one of its methods. */
export function arrayProperty(trace: Trace, value: Value, name: string): Value {
  if (name !== 'length') return { kind: 'builtin', name: `[].${name}` };
  const { graph } = trace;
  if (value.kind === 'array') return numberValue(value.items.length);
  if (value.kind === 'string') return numberValue(value.value.length);
  if (value.kind === 'vector') return numberValue(value.node.type.length ?? 0);
  if (value.kind === 'maskedVector') return asValue(graph.fold('+', graph.unary('number', value.mask), null));
  if (value.kind === 'masked') {
    const ones = value.mask.map((node) => graph.unary('number', node));
    return asValue(ones.reduce((a, b) => graph.binary('+', a, b), graph.constant(0)));
  }
  return poison;
}
