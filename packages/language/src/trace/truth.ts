import type { Node } from '../ir/node.ts';
import { narrowed, overChoice } from './known.ts';
import { asked } from './look-up.ts';
import { joined } from './merge.ts';
import { asValue } from './scalars.ts';
import { type Trace, warn } from './trace.ts';
import { describe, type Place, poison, type Value } from './values.ts';

/** Whether a value counts as true: not 0, not NaN, not undefined, not the empty string. */
export function truth(trace: Trace, value: Value, place: Place): Node | boolean | null {
  const now = narrowed(trace, value);
  const absent = asked(trace, value);
  if (absent !== undefined && now.kind !== 'scalar') return not(trace, absent);
  switch (now.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return Boolean(now.value);
    case 'undefined':
      return false;
    case 'scalar': {
      const node = trace.graph.unary('truth', now.node);
      return node.op === 'constant' && typeof node.value === 'boolean' ? node.value : node;
    }
    case 'poison':
      return null;
    case 'choice': {
      const one = (each: Value): Value => {
        const test = truthNode(trace, each, place);
        return test === null ? poison : asValue(test);
      };
      const both = overChoice(now, one, joined(trace, place));
      return both.kind === 'scalar' ? both.node : both.kind === 'boolean' ? both.value : null;
    }
    case 'record':
      // `if (!next) …` guards against what cannot happen, and does no harm.
      if (now.owner === undefined) warnAlwaysTrue(trace, now, place);
      return true;
    default:
      warnAlwaysTrue(trace, now, place);
      return true;
  }
}

function warnAlwaysTrue(trace: Trace, now: Value, place: Place): void {
  warn(
    trace,
    place,
    'always-true',
    `The condition is ${describe(now)}, which always counts as true.`,
    'Compare an entry or the length instead.',
  );
}

export function truthNode(trace: Trace, value: Value, place: Place): Node | null {
  const known = truth(trace, value, place);
  return typeof known === 'boolean' ? trace.graph.constant(known) : known;
}

export function not(trace: Trace, node: Node): Node {
  return trace.graph.unary('!', node);
}
