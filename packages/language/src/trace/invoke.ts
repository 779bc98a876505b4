import { number } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { mathFunctions } from '../library/math.ts';
import { libraryFunctions } from '../library/signatures.ts';
import { binary } from './arithmetic.ts';
import { callMethod } from './array-methods.ts';
import { branch, LaneStop } from './branch.ts';
import { fallenOff } from './fallen-off.ts';
import { itemsOf } from './items.ts';
import { narrowed, overChoice } from './known.ts';
import { callLibrary } from './library.ts';
import { isMasked } from './masked.ts';
import { joined, merge, packed } from './merge.ts';
import { callNamespace } from './objects.ts';
import { declare } from './pattern.ts';
import { asValue, numberNode } from './scalars.ts';
import { runBody } from './statement.ts';
import { Scope } from './store.ts';
import { lookThrough, placeOf, refuse, spend, type Trace, TraceStop } from './trace.ts';
import { truth } from './truth.ts';
import {
  contents,
  describe,
  foldNeutral,
  numberValue,
  type Place,
  poison,
  undefinedValue,
  type Value,
} from './values.ts';

/** Calls a function of the program, of `Math` or of the standard library. */
export function invoke(trace: Trace, callee: Value, args: readonly Value[], place: Place): Value {
  spend(trace, place);
  switch (callee.kind) {
    case 'poison':
      return poison;
    case 'function':
      return callFunction(
        trace,
        callee,
        args.flatMap((arg) => spreadItems(trace, arg)),
        place,
      );
    case 'choice': {
      const both = branch(
        trace,
        callee.test,
        () => trace.invoke(callee.yes, args, place),
        () => trace.invoke(callee.no, args, place),
      );
      return merge(trace, callee.test, both.yes, both.no, both.merge);
    }
    case 'namespace':
      return callBuiltin(trace, callee.name, args, place);
    case 'builtin':
      return callBuiltin(trace, callee.name, args, place);
    case 'undefined':
      if (callee.reason !== undefined) {
        return refuse(trace, callee.reason.place, callee.reason.code, callee.reason.message, callee.reason.advice);
      }
      return refuse(
        trace,
        place,
        'unknown-function',
        'An undefined value is called.',
        'Define the function before it is used.',
      );
    default:
      return refuse(
        trace,
        place,
        'not-a-function',
        `${describe(callee)} is called like a function.`,
        'Drop the parentheses, or call a function.',
      );
  }
}

function spreadItems(trace: Trace, arg: Value): readonly Value[] {
  if (arg.kind !== 'spread') return [arg];
  const { value } = arg;
  if (value.kind !== 'vector') return [poison];
  return Array.from({ length: value.node.type.length ?? 0 }, (_, index) =>
    asValue(trace.graph.take(value.node, index)),
  );
}

function callFunction(trace: Trace, callee: Value & { kind: 'function' }, args: readonly Value[], place: Place): Value {
  const { syntax } = callee;
  if (trace.calls.some((active) => active.syntax === syntax)) {
    refuse(
      trace,
      place,
      'recursion',
      `${callee.name === 'function' ? 'A function' : `\`${callee.name}\``} calls itself.`,
      'Write a loop over a fixed length instead.',
    );
    throw new TraceStop();
  }
  if (trace.calls.length >= trace.limits.callDepth) {
    refuse(
      trace,
      place,
      'program-too-large',
      `Calls are nested deeper than ${trace.limits.callDepth}.`,
      'Flatten the helpers.',
    );
    throw new TraceStop();
  }
  if (syntax.async === true || syntax.generator === true) {
    return refuse(
      trace,
      placeOf(syntax),
      'unsupported-syntax',
      'An async function or a generator is not part of the reward language.',
      'Write a plain function.',
    );
  }
  const scope = new Scope(callee.scope);
  trace.calls.push({ syntax, born: trace.store.now, place });
  try {
    syntax.params.forEach((parameter, index) => {
      if (parameter.type === 'RestElement') {
        const rest: Value = { kind: 'object', cell: trace.store.create({ kind: 'array', items: args.slice(index) }) };
        declare(trace, parameter.argument, rest, scope, 'parameter');
      } else
        declare(
          trace,
          parameter,
          args[index] ?? undefinedValue,
          scope,
          parameter.type === 'Identifier' ? 'parameter' : 'let',
        );
    });
    if (syntax.body.type !== 'BlockStatement') return trace.evaluate(syntax.body, scope);
    // What the entry leaves out is told where its result is read.
    const isEntry = trace.inputs !== null && trace.calls.length === 1;
    return runBody(trace, syntax.body, scope, isEntry ? undefinedValue : fallenOff(trace, callee));
  } finally {
    trace.calls.pop();
  }
}

function callBuiltin(trace: Trace, name: string, args: readonly Value[], place: Place): Value {
  if (args.some((arg) => contents(arg).kind === 'poison')) return poison;
  if (name === 'apply' || name === 'call') return applyTo(trace, name, args, place);
  if (name.startsWith('[].')) return callMethod(trace, name.slice(3), args[0] ?? poison, args.slice(1), place);
  if (name.startsWith('Math.')) return callMath(trace, name.slice(5), args, place);
  const plain = args.flatMap((arg) => spreadItems(trace, arg));
  if (libraryFunctions.has(name)) return callLibrary(trace, name, plain, place);
  if (name === 'Number') return plain[0] === undefined ? numberValue(0) : toNumber(trace, plain[0], place);
  if (name === 'parseFloat' || name === 'Number.parseFloat') {
    // By way of its text: -0 becomes 0, all other numbers stay.
    return binary(trace, '+', toNumber(trace, plain[0] ?? undefinedValue, place), numberValue(0), place);
  }
  if (name === 'Boolean') {
    const test = truth(trace, plain[0] ?? undefinedValue, place);
    if (test === null) return poison;
    return typeof test === 'boolean' ? { kind: 'boolean', value: test } : asValue(test);
  }
  return callNamespace(trace, name, plain, place);
}

/** `f.apply(null, v)` and `f.call(null, a, b)`: a function of the language does not look at `this`. */
function applyTo(trace: Trace, name: string, args: readonly Value[], place: Place): Value {
  const [callee = undefinedValue, , ...rest] = args;
  const [list] = rest;
  if (name === 'call' || list === undefined) return trace.invoke(callee, rest, place);
  const whole = contents(list);
  if (whole.kind === 'vector' || isMasked(whole))
    return trace.invoke(callee, [{ kind: 'spread', value: whole }], place);
  const items = itemsOf(trace, list, place);
  return items === null ? poison : trace.invoke(callee, items, place);
}

function toNumber(trace: Trace, given: Value, place: Place): Value {
  const value = narrowed(trace, given);
  if (value.kind === 'choice') {
    return overChoice(value, (one) => toNumber(trace, one, place), joined(trace, place));
  }
  if (value.kind === 'string') {
    lookThrough(trace, value.value);
    return numberValue(Number(value.value));
  }
  if (value.kind === 'undefined') return numberValue(value.isNull === true ? 0 : Number.NaN);
  const node = numberNode(trace, value, place);
  return node === null ? poison : asValue(node);
}

/** `Math.max(...v)` and `Math.min(...v)` fold a vector; the others take their arguments one by one. */
function callMath(trace: Trace, name: string, args: readonly Value[], place: Place): Value {
  const known = mathFunctions.get(name);
  if (known === undefined) return poison;
  if (name === 'max' || name === 'min') return extreme(trace, name, args, place);
  if (name === 'pow') {
    const [base = poison, exponent = poison] = args;
    return binary(trace, '**', base, exponent, place);
  }
  const plain = args.flatMap((arg) => spreadItems(trace, arg));
  const [fewest, most] = known.arity;
  if (plain.length < fewest) {
    return refuse(
      trace,
      place,
      'wrong-arguments',
      `Math.${name} takes ${fewest} argument${fewest === 1 ? '' : 's'} and gets ${plain.length}.`,
      'Give it the missing ones.',
    );
  }
  const nodes = plain
    .slice(0, most)
    .map((arg, index) => numberNode(trace, arg, place, `Argument ${index + 1} of Math.${name}`));
  const ready = nodes.filter((node) => node !== null);
  if (ready.length < nodes.length) return poison;
  const lane = ready.reduce<number | null>((length, node) => length ?? node.type.length, null);
  return asValue(trace.graph.call(`Math.${name}`, ready, number(lane)));
}

function extreme(trace: Trace, name: 'max' | 'min', args: readonly Value[], place: Place): Value {
  const { graph } = trace;
  const nodes: Node[] = [];
  for (const arg of args) {
    const folded =
      arg.kind === 'spread'
        ? foldSpread(trace, name, arg.value, place)
        : numberNode(trace, arg, place, `An argument of Math.${name}`);
    if (folded === null) return poison;
    nodes.push(folded);
  }
  if (nodes.length === 0) return numberValue(Number(foldNeutral[name]));
  const lane = nodes.reduce<number | null>((length, node) => length ?? node.type.length, null);
  if (nodes.length === 1 && nodes[0] !== undefined) return asValue(nodes[0]);
  return asValue(graph.call(`Math.${name}`, nodes, number(lane)));
}

function foldSpread(trace: Trace, name: 'max' | 'min', value: Value, place: Place): Node | null {
  const { graph } = trace;
  const neutral = graph.constant(foldNeutral[name]);
  if (value.kind === 'maskedVector') {
    return graph.fold(name, graph.select(value.mask, graph.unary('number', value.node), neutral, trace.merges++), null);
  }
  if (value.kind === 'masked') {
    const nodes = value.items.map((item, index) => {
      const node = numberNode(trace, item, place);
      const mask = value.mask[index];
      return node === null || mask === undefined ? null : graph.select(mask, node, neutral, trace.merges++);
    });
    const ready = nodes.filter((node) => node !== null);
    if (ready.length < nodes.length) return null;
    return ready.length === 0 ? neutral : graph.call(`Math.${name}`, ready, number());
  }
  const vector = packed(trace, value);
  if (vector === null) throw new LaneStop();
  return graph.fold(name, graph.unary('number', vector), null);
}
