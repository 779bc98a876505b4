import { number } from '../ir/graph.ts';
import { binary } from './arithmetic.ts';
import { narrowed, overChoice } from './known.ts';
import { asked } from './look-up.ts';
import { joined, merge } from './merge.ts';
import { asValue, numberNode } from './scalars.ts';
import { lookThrough, type Trace } from './trace.ts';
import { not, truthNode } from './truth.ts';
import { booleanValue, contents, numberValue, type Place, poison, type Value } from './values.ts';

/** `Number.isFinite`, `Number.isNaN`, `Number.isInteger` and the global forms, which make a number of anything first. */
export function testNumber(trace: Trace, name: string, value: Value, place: Place): Value {
  const isGlobal = !name.startsWith('Number.');
  const one = (each: Value): Value => {
    const now = contents(each);
    if (now.kind === 'string') lookThrough(trace, now.value);
    switch (now.kind) {
      case 'undefined':
        return isGlobal ? ofNumber(trace, name, numberValue(now.isNull === true ? 0 : Number.NaN), place) : no;
      case 'string':
        return isGlobal ? ofNumber(trace, name, numberValue(Number(now.value)), place) : no;
      case 'boolean':
        return isGlobal ? ofNumber(trace, name, numberValue(Number(now.value)), place) : no;
      case 'scalar':
        return !isGlobal && now.node.type.element === 'boolean' ? no : ofNumber(trace, name, now, place);
      default:
        return ofNumber(trace, name, now, place);
    }
  };
  const absent = asked(trace, value);
  if (absent !== undefined) {
    return merge(trace, absent, booleanValue(isGlobal && name.endsWith('isNaN')), one(value));
  }
  return overChoice(narrowed(trace, value), one, joined(trace, place));
}

const no: Value = booleanValue(false);

function ofNumber(trace: Trace, name: string, value: Value, place: Place): Value {
  const { graph } = trace;
  const node = numberNode(trace, value, place);
  if (node === null) return poison;
  const subject = asValue(node);
  if (name.endsWith('isNaN')) {
    const isNumber = binary(trace, '===', subject, subject, place);
    return isNumber.kind === 'scalar'
      ? asValue(not(trace, isNumber.node))
      : binary(trace, '!==', subject, subject, place);
  }
  const type = number(node.type.length);
  const size = asValue(graph.call('Math.abs', [node], type));
  const finite = binary(trace, '<', size, numberValue(Number.POSITIVE_INFINITY), place);
  if (name.endsWith('isFinite')) return finite;
  const whole = binary(trace, '===', asValue(graph.call('Math.trunc', [node], type)), subject, place);
  const [a, b] = [truthNode(trace, finite, place), truthNode(trace, whole, place)];
  return a === null || b === null ? poison : asValue(graph.binary('&&', a, b));
}
