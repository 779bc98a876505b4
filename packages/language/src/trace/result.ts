import type { Node } from '../ir/node.ts';
import { warnOfGaps } from './gaps.ts';
import { alternative, assuming, mayBeText, narrowed, overChoice } from './known.ts';
import { type MemoryAfter, readMemory, unchanged } from './memory-result.ts';
import { merge } from './merge.ts';
import { numberNode } from './scalars.ts';
import { refuse, spend, type Trace } from './trace.ts';
import {
  contents,
  describe,
  type Field,
  isLeftOut,
  numberValue,
  type Place,
  undefinedValue,
  type Value,
} from './values.ts';

export interface ComponentNode {
  readonly name: string;
  readonly node: Node;
  readonly place: Place;
}

export interface Outcome {
  readonly components: readonly ComponentNode[];
  readonly total: Node;
  readonly ownTotal: boolean;
  readonly memoryAfter: MemoryAfter;
}

interface Context {
  readonly entry: 'reward' | 'success';
  /** Where a return that is missing or wrong shows. */
  readonly place: Place;
  /** What the program declares as memory. */
  readonly memory: ReadonlyMap<string, unknown>;
}

const example = 'Return a record of numbers: return { upright: …, effort: … }; or { total, components: { … } }.';

/** Reads what the function returns: components, their total and the memory after the step. */
export function readResult(trace: Trace, result: Value, context: Context): Outcome | null {
  const now = contents(result);
  if (now.kind === 'poison') return null;
  const nothing = alternative(trace, now, ({ kind }) => kind === 'undefined');
  if (nothing?.kind === 'undefined') {
    refuse(
      trace,
      nothing.reason?.place ?? context.place,
      'missing-return',
      `Not every path of \`${context.entry}\` returns a value.`,
      'Return the record of components at the end of the function and on every early exit.',
    );
    return null;
  }
  if (context.entry === 'success') return successOutcome(trace, now, context);
  if (now.kind === 'scalar' || now.kind === 'number' || now.kind === 'boolean') {
    refuse(
      trace,
      context.place,
      'number-instead-of-record',
      'A number is returned in place of a record of named components.',
      example,
    );
    return null;
  }
  if (now.kind !== 'record') {
    refuse(trace, context.place, 'not-a-record', `The function returns ${describe(now)}.`, example);
    return null;
  }
  const split = splitResult(trace, now, context);
  if (split === null) return null;
  const components = readComponents(trace, split.components);
  if (components === null) return null;
  if (components.length === 0) {
    refuse(trace, context.place, 'no-components', 'The function returns no component.', example);
    return null;
  }
  const most = trace.limits.components;
  if (components.length > most) {
    refuse(
      trace,
      context.place,
      'too-many-components',
      `The function returns ${components.length} components; ${most} are allowed.`,
      'Sum those that belong together.',
    );
    return null;
  }
  const total = readTotal(trace, split.total, components);
  const memoryAfter = readMemory(trace, split.memory, context.memory);
  if (total === null || memoryAfter === null) return null;
  return { components, total, ownTotal: split.total !== null, memoryAfter };
}

function successOutcome(trace: Trace, value: Value, context: Context): Outcome | null {
  if (value.kind === 'record') {
    refuse(
      trace,
      context.place,
      'record-instead-of-number',
      '`success` returns a record.',
      'Return one boolean or number.',
    );
    return null;
  }
  const node = numberNode(trace, value, context.place, 'What `success` returns');
  if (node === null) return null;
  return {
    components: [{ name: 'success', node, place: context.place }],
    total: node,
    ownTotal: false,
    memoryAfter: unchanged(trace, context.memory),
  };
}

interface Split {
  readonly components: ReadonlyMap<string, Field>;
  readonly total: Field | null;
  readonly memory: Field | null;
}

/** `{ total, components, memory }`, or the components themselves with `memory` beside them. */
function splitResult(trace: Trace, record: Value & { kind: 'record' }, context: Context): Split | null {
  const inner = record.fields.get('components');
  const memory = record.fields.get('memory') ?? null;
  const total = record.fields.get('total') ?? null;
  if (inner !== undefined) {
    const held = contents(inner.value);
    if (held.kind === 'record') {
      const extra = [...record.fields.keys()].find((name) => !['components', 'memory', 'total'].includes(name));
      if (extra === undefined) return { components: held.fields, total, memory };
      const place = record.fields.get(extra)?.place ?? context.place;
      refuse(trace, place, 'unknown-output', `\`${extra}\` stands beside \`components\`.`, 'Move it into components.');
      return null;
    }
    if (held.kind === 'choice') return { components: bothForms(trace, record, inner), total, memory };
  }
  const held = memory === null ? null : contents(memory.value).kind;
  const isMemory = memory !== null && (context.memory.size > 0 || held === 'record');
  const rest = [...record.fields].filter(
    ([name]) => !(name === 'memory' && isMemory) && !(name === 'total' && record.fields.size > 1),
  );
  return { components: new Map(rest), total: record.fields.size > 1 ? total : null, memory: isMemory ? memory : null };
}

/** Components of a program that returns `{ components }` on some paths and the components themselves on others. */
function bothForms(trace: Trace, record: Value & { kind: 'record' }, inner: Field): ReadonlyMap<string, Field> {
  const beside = new Map([...record.fields].filter(([name]) => !['components', 'memory', 'total'].includes(name)));
  const names = new Map([...beside].map(([name, { place }]) => [name, place]));
  overChoice(
    inner.value,
    (each) => {
      const now = contents(each);
      if (now.kind === 'record') for (const [name, { place }] of now.fields) names.set(name, names.get(name) ?? place);
      return each;
    },
    (_test, yes) => yes,
  );
  const read = (name: string, held: Value): Value => {
    const now = contents(held);
    if (now.kind === 'choice') {
      spend(trace, inner.place);
      const yes = assuming(trace, now.test, true, () => read(name, now.yes));
      const no = assuming(trace, now.test, false, () => read(name, now.no));
      return merge(trace, now.test, yes, no);
    }
    const found = now.kind === 'record' ? now.fields.get(name) : beside.get(name);
    return found === undefined ? undefinedValue : narrowed(trace, found.value);
  };
  return new Map([...names].map(([name, place]) => [name, { value: read(name, inner.value), place }]));
}

function readComponents(trace: Trace, fields: ReadonlyMap<string, Field>): ComponentNode[] | null {
  const components: ComponentNode[] = [];
  const missing = new Map<string, Place>();
  let sound = true;
  for (const [name, field] of fields) {
    const node = componentNode(trace, name, field, missing);
    if (node === null) sound = false;
    else components.push({ name, node, place: field.place });
  }
  warnOfGaps(trace, missing);
  return sound ? components : null;
}

function componentNode(trace: Trace, name: string, field: Field, missing: Map<string, Place>): Node | null {
  // A record in a trainer's JavaScript loses what is stored under the name of its prototype.
  if (!/^[A-Za-z_$][\w$]*$/.test(name) || name === '__proto__') {
    refuse(
      trace,
      field.place,
      'component-name',
      `\`${name}\` cannot name a component.`,
      'Use letters, digits and underscores, and start with a letter.',
    );
    return null;
  }
  if (name === 'total') {
    refuse(
      trace,
      field.place,
      'component-name',
      '`total` is the name of the sum of the components.',
      'Name the component for what it rewards.',
    );
    return null;
  }
  if (contents(field.value).kind === 'undefined' && !hasReason(field.value)) {
    refuse(
      trace,
      field.place,
      'undefined-value',
      `The component \`${name}\` is undefined on every path.`,
      'Give it a number; a function must return one, too.',
    );
    return null;
  }
  const value =
    contents(field.value).kind === 'undefined'
      ? field.value
      : withoutGaps(trace, field.value, () => missing.set(name, field.place));
  const now = contents(value);
  if (now.kind === 'record') {
    refuse(
      trace,
      field.place,
      'nested-component',
      `The component \`${name}\` is a record.`,
      'Components are numbers: make each entry a component of its own.',
    );
    return null;
  }
  if (now.kind === 'string' || now.kind === 'function' || now.kind === 'builtin') {
    refuse(
      trace,
      field.place,
      `${now.kind === 'string' ? 'string' : 'function'}-component`,
      `The component \`${name}\` is ${describe(now)}.`,
      'Components are numbers: leave it out, or encode it as a number.',
    );
    return null;
  }
  if (mayBeText(trace, now)) {
    refuse(
      trace,
      field.place,
      'string-component',
      `The component \`${name}\` is a string.`,
      'Components are numbers: leave it out, or encode it as a number.',
    );
    return null;
  }
  if (now.kind === 'array' || now.kind === 'vector' || now.kind === 'masked' || now.kind === 'maskedVector') {
    refuse(
      trace,
      field.place,
      'vector-component',
      `The component \`${name}\` is ${describe(now)}.`,
      'Reduce it to one number: sum(v), mean(v) or norm(v).',
    );
    return null;
  }
  return numberNode(trace, now, field.place, `The component \`${name}\``);
}

/** A component that some paths leave out counts 0 there. */
function withoutGaps(trace: Trace, value: Value, found: () => void): Value {
  const one = (each: Value): Value => {
    if (!isLeftOut(contents(each))) return each;
    found();
    return numberValue(0);
  };
  return overChoice(value, one, (test, yes, no) => merge(trace, test, yes, no));
}

function readTotal(trace: Trace, total: Field | null, components: readonly ComponentNode[]): Node | null {
  const sum = components.map(({ node }) => node).reduce((a, b) => trace.graph.binary('+', a, b));
  if (total === null) return sum;
  const one = (each: Value): Value => (isLeftOut(contents(each)) ? { kind: 'scalar', node: sum } : each);
  const given = overChoice(total.value, one, (test, yes, no) => merge(trace, test, yes, no));
  return numberNode(trace, given, total.place, 'The total');
}

function hasReason(value: Value): boolean {
  const now = contents(value);
  return now.kind === 'undefined' && now.reason !== undefined;
}
