import type { Expression, MemberExpression, Pattern } from 'acorn';
import { branch, refuseSyntax, write } from './branch.ts';
import { reset } from './fields.ts';
import { itemsOf } from './items.ts';
import { narrowed } from './known.ts';
import { merge } from './merge.ts';
import { annotate, bind } from './pattern.ts';
import type { Scope } from './store.ts';
import { look, lookThrough, placeOf, refuse, spend, type Trace } from './trace.ts';
import { contents, type Place, stringValue, undefinedValue, type Value } from './values.ts';

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
  spend(trace, place);
  if (key.kind === 'string') lookThrough(trace, key.value);
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
    look(trace, now.fields.size);
    const fields = new Map(now.fields);
    const name = String(key.value);
    annotate(trace, name, value, target, trace.comments.around(target), false);
    fields.set(name, reset(trace, fields, name, { value, place }));
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
