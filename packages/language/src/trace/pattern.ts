import type { Expression, MemberExpression, Pattern } from 'acorn';
import type { Node } from '../ir/node.ts';
import { branch, refuseSyntax, write } from './branch.ts';
import { itemsOf } from './items.ts';
import { assuming, narrowed, overChoice } from './known.ts';
import { keyOf, member } from './member.ts';
import { merge, packed } from './merge.ts';
import type { Binding, Scope } from './store.ts';
import { placeOf, refuse, type Trace } from './trace.ts';
import { contents, type Field, type Place, poison, stringValue, undefinedValue, type Value } from './values.ts';

/** What to do with each name that a pattern binds: declare it, or assign to it. */
export type Bind = (target: Pattern, value: Value) => void;

/** Declares the names of a pattern. */
export function declare(
  trace: Trace,
  pattern: Pattern,
  value: Value,
  scope: Scope,
  kind: Binding['kind'] | 'parameter',
): void {
  bind(trace, pattern, value, scope, (target, bound) => {
    if (target.type !== 'Identifier') {
      refuseSyntax(trace, placeOf(target), 'This target', 'Bind plain names.');
      return;
    }
    const named = name(trace, target.name, bound, kind, target);
    scope.declare(target.name, { cell: trace.store.create(named), kind: kind === 'parameter' ? 'let' : kind });
  });
}

/** Remembers what the program calls a value. */
function name(trace: Trace, label: string, value: Value, kind: Binding['kind'] | 'parameter', target: Pattern): Value {
  if (value.kind === 'number' && (kind === 'const' || kind === 'module')) return { ...value, label };
  if (value.kind === 'object') trace.cellNames.set(value.cell, label);
  annotate(trace, label, value, target, [], kind !== 'parameter');
  return value;
}

export function annotate(
  trace: Trace,
  label: string,
  value: Value,
  target: { readonly start: number },
  comment: readonly string[] = [],
  declared = true,
): void {
  const now = contents(value);
  const node = now.kind === 'scalar' || now.kind === 'vector' ? now.node : constantVector(trace, value);
  if (node === null) return;
  if (value.kind === 'scalar' && node.type.length !== null) {
    // One entry of a vector, in a callback over all of them: the leaves are not the callback's to name.
    if (node.op === 'input' || node.op === 'take' || trace.annotations.has(node)) {
      if (!trace.entryNames.has(node)) trace.entryNames.set(node, label);
      return;
    }
  }
  const known = trace.annotations.get(node);
  if (known === undefined || (declared && !known.declared)) {
    trace.annotations.set(node, {
      name: label,
      declared,
      comment: known?.comment.length ? known.comment : comment,
      start: target.start,
    });
  }
}

/** An array of known numbers is a constant once it is used as a vector, and keeps its name then. */
function constantVector(trace: Trace, value: Value): Node | null {
  const now = contents(value);
  const known = now.kind === 'array' && now.items.length > 1 && now.items.every((item) => item.kind === 'number');
  return known ? packed(trace, now) : null;
}

/** Takes a value apart along a pattern. */
export function bind(trace: Trace, pattern: Pattern, value: Value, scope: Scope, to: Bind): void {
  const place = placeOf(pattern);
  switch (pattern.type) {
    case 'Identifier':
    case 'MemberExpression':
      to(pattern, value);
      return;
    case 'AssignmentPattern':
      bind(trace, pattern.left, withDefault(trace, value, pattern.right, scope), scope, to);
      return;
    case 'ArrayPattern': {
      const items = value.kind === 'poison' ? [] : itemsOf(trace, value, place);
      pattern.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'RestElement') {
          const rest: Value = { kind: 'array', items: items?.slice(index) ?? [] };
          bind(trace, element.argument, { kind: 'object', cell: trace.store.create(rest) }, scope, to);
          return;
        }
        const missing: Value =
          items === null || value.kind === 'poison'
            ? poison
            : {
                kind: 'undefined',
                reason: {
                  code: 'index-out-of-range',
                  message: `There is no entry ${index}: the vector has ${items.length} entries.`,
                  advice: `Use entries 0 to ${items.length - 1}.`,
                  place: placeOf(element),
                },
              };
        bind(trace, element, items?.[index] ?? missing, scope, to);
      });
      return;
    }
    case 'ObjectPattern': {
      const taken = new Set<string>();
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          const whole = contents(value);
          const rest = whole.kind === 'record' ? [...whole.fields].filter(([key]) => !taken.has(key)) : [];
          const record: Value = { kind: 'record', fields: new Map<string, Field>(rest) };
          bind(trace, property.argument, { kind: 'object', cell: trace.store.create(record) }, scope, to);
          continue;
        }
        const key = keyOf(trace, property, scope);
        if (key === null) continue;
        taken.add(key);
        const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
        bind(
          trace,
          property.value,
          member(trace, value, stringValue(key), placeOf(property.computed ? target : property.key)),
          scope,
          to,
        );
      }
      return;
    }
    default:
      refuse(
        trace,
        place,
        'unsupported-syntax',
        'This pattern is not part of the reward language.',
        'Bind plain names.',
      );
  }
}

/** The value, or the default where it is undefined; with `??` where it is null, too. */
export function withDefault(
  trace: Trace,
  value: Value,
  fallback: Expression,
  scope: Scope,
  operator: '=' | '??' = '=',
): Value {
  const absent = trace.absent.get(value);
  if (absent !== undefined) {
    return merge(
      trace,
      absent,
      assuming(trace, absent, true, () => trace.evaluate(fallback, scope)),
      { ...value },
    );
  }
  const now = narrowed(trace, value);
  if (now.kind === 'undefined') {
    return now.isNull === true && operator === '=' ? now : trace.evaluate(fallback, scope);
  }
  if (now.kind !== 'choice') return value;
  return overChoice(
    now,
    (one) => withDefault(trace, one, fallback, scope, operator),
    (test, yes, no) => merge(trace, test, yes, no),
  );
}

/** Assigns to a name, an entry of an array or a field of a record that the program built. */
export function assign(trace: Trace, target: Pattern, value: Value, scope: Scope): void {
  bind(trace, target, value, scope, (end, bound) => {
    if (end.type === 'Identifier') assignName(trace, end.name, bound, scope, end);
    else if (end.type === 'MemberExpression') {
      const slot = slotOf(trace, end, scope);
      if (slot !== null) writeSlot(trace, slot, bound, scope);
    }
  });
}

function assignName(trace: Trace, label: string, value: Value, scope: Scope, target: Pattern): void {
  const place = placeOf(target);
  const binding = scope.find(label);
  if (binding === null) {
    refuse(
      trace,
      place,
      'unknown-name',
      `\`${label}\` is assigned but never declared.`,
      `Declare it first: let ${label} = 0;`,
    );
  } else if (binding.kind === 'input') {
    refuse(
      trace,
      place,
      'input-mutation',
      `The input \`${label}\` is overwritten.`,
      'Inputs are read-only: bind the new value to a name of its own.',
    );
  } else if (binding.kind === 'module') {
    refuse(
      trace,
      place,
      'global-state',
      `\`${label}\` stands at module level and is changed from step to step.`,
      'Declare `export const memory = { … }` and return the new values as `memory`.',
    );
  } else if (binding.kind === 'const') {
    refuse(
      trace,
      place,
      'constant-assignment',
      `\`${label}\` is a const and cannot be assigned.`,
      'Declare it with let.',
    );
  } else {
    annotate(trace, label, value, target, trace.comments.around(target), false);
    write(trace, binding.cell, value, place);
  }
}

/** An entry or field that is read or written: its holder and its key, each evaluated once. */
export interface Slot {
  readonly target: MemberExpression;
  readonly holder: Value;
  readonly key: Value;
}

export function slotOf(trace: Trace, target: MemberExpression, scope: Scope): Slot | null {
  if (target.object.type === 'Super' || target.property.type === 'PrivateIdentifier') {
    refuseSyntax(trace, placeOf(target), 'A class', 'Write plain functions.');
    return null;
  }
  const holder = trace.evaluate(target.object, scope);
  const key = target.computed
    ? narrowed(trace, trace.evaluate(target.property, scope))
    : stringValue(target.property.type === 'Identifier' ? target.property.name : '');
  return { target, holder, key };
}

export function writeSlot(trace: Trace, slot: Slot, value: Value, scope: Scope): void {
  const { target, holder, key } = slot;
  const place = placeOf(target);
  if (holder.kind === 'poison' || key.kind === 'poison') return;
  if (key.kind === 'choice') {
    branch(
      trace,
      key.test,
      () => writeSlot(trace, { ...slot, key: contents(key.yes) }, value, scope),
      () => writeSlot(trace, { ...slot, key: contents(key.no) }, value, scope),
    );
    return;
  }
  if (holder.kind === 'choice') {
    branch(
      trace,
      holder.test,
      () => writeSlot(trace, { ...slot, holder: holder.yes }, value, scope),
      () => writeSlot(trace, { ...slot, holder: holder.no }, value, scope),
    );
    return;
  }
  if (holder.kind !== 'object') {
    refuseWrite(trace, target, scope, place);
    return;
  }
  const current = holder.cell.current;
  const now: Value =
    current.kind === 'vector' ? { kind: 'array', items: itemsOf(trace, current, place) ?? [] } : current;
  if (now.kind === 'record' && (key.kind === 'string' || key.kind === 'number' || key.kind === 'boolean')) {
    const fields = new Map(now.fields);
    const name = String(key.value);
    annotate(trace, name, value, target, trace.comments.around(target), false);
    fields.set(name, { value, place });
    write(trace, holder.cell, { kind: 'record', fields }, place);
  } else if (now.kind === 'array' && (key.kind === 'number' || (key.kind === 'string' && /^\d+$/.test(key.value)))) {
    const at = Number(key.value);
    if (Number.isInteger(at) && at >= 0 && at < trace.limits.arrayLength) {
      const items = [...now.items];
      while (items.length < at) items.push(undefinedValue);
      items[at] = value;
      write(trace, holder.cell, { kind: 'array', items }, place);
    } else unsupportedSlot(trace, place);
  } else if (now.kind === 'array' && key.kind === 'scalar') {
    const items = now.items.map((item, index) => {
      const here = trace.graph.binary('===', key.node, trace.graph.constant(index));
      return merge(trace, here, value, item);
    });
    write(trace, holder.cell, { kind: 'array', items }, place);
  } else if (now.kind === 'record' && key.kind === 'scalar' && key.node.type.element === 'number') {
    const fields = new Map(now.fields);
    for (const [name, field] of now.fields) {
      const here = trace.graph.binary('===', key.node, trace.graph.constant(Number(name)));
      fields.set(name, { place, value: merge(trace, here, value, field.value) });
    }
    if (![...fields.keys()].every((name) => String(Number(name)) === name)) unsupportedSlot(trace, place);
    write(trace, holder.cell, { kind: 'record', fields }, place);
  } else unsupportedSlot(trace, place);
}

function unsupportedSlot(trace: Trace, place: Place): void {
  refuse(
    trace,
    place,
    'unsupported-index',
    'This entry cannot be assigned.',
    'Use a fixed index, or a name that is known when the program is read.',
  );
}

function refuseWrite(trace: Trace, target: MemberExpression, scope: Scope, place: Place): void {
  const root = rootName(target);
  const input =
    root !== null && (['obs', 'next', 'action', 'env', 'params', 'memory'].includes(root) || isInput(root, scope));
  refuse(
    trace,
    place,
    input ? 'input-mutation' : 'constant-assignment',
    input ? `The input \`${root}\` is overwritten.` : 'This array or record cannot be changed.',
    root === 'memory'
      ? 'Return the new values beside the components: return { components: { … }, memory: { … } }.'
      : 'Change a copy of it: const changed = [...v]; or build a new array with map.',
  );
}

/** Whether a name stands for an input, or for a vector that one holds. */
function isInput(name: string, scope: Scope): boolean {
  const binding = scope.find(name);
  const value = binding?.cell.current;
  if (binding?.kind === 'input' || (value?.kind === 'record' && value.owner !== undefined)) return true;
  return value?.kind === 'vector' && value.node.op === 'input';
}

function rootName(syntax: Expression): string | null {
  if (syntax.type === 'Identifier') return syntax.name;
  if (syntax.type === 'MemberExpression' && syntax.object.type !== 'Super') return rootName(syntax.object);
  return null;
}
