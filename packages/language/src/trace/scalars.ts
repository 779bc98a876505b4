import type { Node } from '../ir/node.ts';
import { heldFault, nullAsZero } from './held.ts';
import { alternative, narrowed } from './known.ts';
import { constantNode, knownNumber } from './named-numbers.ts';
import { refuse, type Trace } from './trace.ts';
import { booleanValue, describe, type Place, type Value } from './values.ts';

/** A scalar node for a number or truth value; null after reporting what it is instead. */
export function scalarNode(trace: Trace, value: Value, place: Place, what = 'This'): Node | null {
  const now = narrowed(trace, value);
  switch (now.kind) {
    case 'number':
      return constantNode(trace.graph, now);
    case 'boolean':
      return trace.graph.constant(now.value);
    case 'scalar':
      return now.node;
    case 'poison':
      return null;
    case 'undefined':
      reportMissing(trace, now, place);
      return null;
    case 'choice':
      reportChoice(trace, now, place);
      return null;
    case 'vector':
    case 'array':
      refuse(
        trace,
        place,
        'vector-as-number',
        `${what} is ${describe(now)}, and a number is needed.`,
        'Take an entry by its index, or reduce the vector: norm(v), sum(v), dot(a, b), v.map((x) => …).',
      );
      return null;
    default:
      refuse(
        trace,
        place,
        'not-a-number',
        `${what} is ${describe(now)}, and a number is needed.`,
        'Use a number or a boolean here.',
      );
      return null;
  }
}

export function reportMissing(trace: Trace, value: Value & { kind: 'undefined' }, place: Place): void {
  const { reason } = value;
  if (reason !== undefined) refuse(trace, reason.place, reason.code, reason.message, reason.advice);
  else if (value.unset !== undefined) {
    const advice = `Begin the record with \`${value.unset}: 0\`.`;
    refuse(trace, place, 'undefined-value', `\`${value.unset}\` is missing on some paths.`, advice);
  } else
    refuse(
      trace,
      place,
      'undefined-value',
      'The value is undefined here.',
      'Give it a value on every path before using it.',
    );
}

function reportChoice(trace: Trace, value: Value & { kind: 'choice' }, place: Place): void {
  const missing = alternative(trace, value, ({ kind }) => kind === 'undefined');
  const held = heldFault(trace, value);
  if (held !== null) {
    refuse(trace, place, missing === null ? 'shapes-differ' : 'undefined-value', held.message, held.advice);
    return;
  }
  if (missing?.kind === 'undefined') {
    reportMissing(trace, missing, place);
    return;
  }
  refuse(
    trace,
    place,
    'shapes-differ',
    `The value is ${describe(value.yes)} or ${describe(value.no)}, depending on a condition.`,
    'Make both branches give the same kind of value, with the same length.',
  );
}

/** The number that a value counts for in arithmetic: true is 1, false is 0. */
export function numberNode(trace: Trace, value: Value, place: Place, what?: string): Node | null {
  const node = scalarNode(trace, nullAsZero(trace, value), place, what);
  return node === null ? null : trace.graph.unary('number', node);
}

/** A node as a value again; known ones become plain numbers and truth values. */
export function asValue(node: Node): Value {
  if (node.op === 'constant' && node.type.length === null) {
    if (typeof node.value === 'number') return knownNumber(node);
    if (typeof node.value === 'boolean') return booleanValue(node.value);
  }
  return { kind: 'scalar', node };
}
