import type { Expression, Pattern } from 'acorn';
import type { Node } from '../ir/node.ts';
import { refuseSyntax } from './branch.ts';
import { itemsOf } from './items.ts';
import { assuming, narrowed, overChoice } from './known.ts';
import { asked, needed } from './look-up.ts';
import { keyOf, member } from './member.ts';
import { merge, packed } from './merge.ts';
import type { Binding, Scope } from './store.ts';
import { look, placeOf, refuse, spend, type Trace } from './trace.ts';
import { contents, type Field, poison, stringValue, type Value } from './values.ts';

/** What to do with each name that a pattern binds, perhaps by its place in an array: declare it, or assign to it. */
export type Bind = (target: Pattern, value: Value, isByPlace?: boolean) => void;

/** Declares the names of a pattern. */
export function declare(
  trace: Trace,
  pattern: Pattern,
  value: Value,
  scope: Scope,
  kind: Binding['kind'] | 'parameter',
): void {
  bind(trace, pattern, value, scope, (target, bound, isByPlace) => {
    if (target.type !== 'Identifier') {
      refuseSyntax(trace, placeOf(target), 'This target', 'Bind plain names.');
      return;
    }
    // The letter of one of a pair says less of a field than the field's own name.
    const now = contents(bound);
    const isLetter = isByPlace === true && target.name.length === 1;
    const isField = isLetter && (now.kind === 'scalar' || now.kind === 'vector') && now.node.op === 'input';
    const named = name(trace, target.name, bound, isField ? 'parameter' : kind, target);
    scope.declare(target.name, {
      cell: trace.store.create(named, target.name),
      kind: kind === 'parameter' ? 'let' : kind,
    });
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
  spend(trace, place);
  switch (pattern.type) {
    case 'Identifier':
    case 'MemberExpression':
      to(pattern, value);
      return;
    case 'AssignmentPattern':
      bind(trace, pattern.left, withDefault(trace, value, pattern.right, scope), scope, to);
      return;
    case 'ArrayPattern': {
      needed(trace, value);
      const items = value.kind === 'poison' ? [] : itemsOf(trace, value, place);
      look(trace, pattern.elements.length);
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
        bind(trace, element, items?.[index] ?? missing, scope, (target, item) => to(target, item, true));
      });
      return;
    }
    case 'ObjectPattern': {
      needed(trace, value);
      const taken = new Set<string>();
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          const whole = contents(value);
          if (whole.kind === 'record') look(trace, whole.fields.size);
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
  const absent = asked(trace, value);
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
