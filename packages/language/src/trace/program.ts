import type { Environment } from '@rewardsmith/contracts';
import type { Expression, ExpressionStatement, ModuleDeclaration, Program, Statement } from 'acorn';
import { enumNumbers } from '../parse/types.ts';
import { heldName, remembered } from './held.ts';
import { inputRecord, recordOf } from './inputs.ts';
import { itemsOf } from './items.ts';
import { type Outcome, readResult } from './result.ts';
import { declaration } from './statement.ts';
import { type Binding, Scope } from './store.ts';
import { placeOf, refuse, said, spend, suggested, type Trace } from './trace.ts';
import { contents, describe, type Place, type Value } from './values.ts';

export interface Traced extends Outcome {
  readonly params: ReadonlyMap<string, number>;
  readonly memory: ReadonlyMap<string, number>;
  /** Where each param is declared. */
  readonly paramPlaces: ReadonlyMap<string, Place>;
}

/** Evaluates the module and its entry; null when a fault leaves nothing to go on with. */
export function traceProgram(
  trace: Trace,
  program: Program,
  environment: Environment,
  entry: 'reward' | 'success',
): Traced | null {
  const scope = new Scope(null);
  moduleBody(trace, program, scope, entry);
  exportDefault(trace, program, scope, entry);
  const params = numbers(trace, scope.find('params'), 'params');
  const paramPlaces = placesOf(scope.find('params')?.cell.current);
  const memory = numbers(trace, scope.find('memory'), 'memory');
  const found = scope.find(entry);
  if (found === null || found.cell.current.kind !== 'function') {
    if (found?.cell.current.kind === 'poison') return null;
    refuse(trace, placeOf(program), 'missing-entry', `The program has no function \`${entry}\`.`, () => {
      const advice = `Write export function ${entry}({ obs, action, next, terminated, truncated, env, params, memory }) { … }.`;
      return found === null ? `${advice} ${said(suggested(trace, entry, () => scope.names()))}` : advice;
    });
    return null;
  }
  const callee = found.cell.current;
  const tunable = inputsOf(trace, 'params', params);
  // Helpers that read the module's own `params` read the same numbers.
  const declared = scope.find('params');
  if (declared !== null) declared.cell.current = tunable;
  const inputs = inputRecord(trace, environment, tunable, inputsOf(trace, 'memory', memory));
  const extra = callee.syntax.params[1];
  if (extra !== undefined) {
    refuse(
      trace,
      placeOf(extra),
      'positional-inputs',
      `\`${entry}\` is called with one record, and takes ${callee.syntax.params.length} arguments.`,
      `Write function ${entry}({ obs, action, next, terminated, params }) { … }.`,
    );
    return null;
  }
  trace.moduleEnd = trace.store.now;
  trace.inputs = inputs;
  const result = trace.invoke(callee, [inputs], placeOf(callee.syntax));
  const { body } = callee.syntax;
  const place = placeOf(body.type === 'BlockStatement' ? (body.body.at(-1) ?? body) : body);
  const outcome = readResult(trace, result, { entry, place, memory: flat(memory) });
  if (outcome === null) return null;
  return { ...outcome, params: flat(params), memory: flat(memory), paramPlaces };
}

/** Where the numbers of a record are declared; those of a vector stand where it does. */
function placesOf(params: Value | undefined): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const visit = (record: Value | undefined, prefix: string): void => {
    if (record?.kind !== 'record') return;
    for (const [name, { value, place }] of record.fields) {
      const held = contents(value);
      if (held.kind === 'array') for (const index of held.items.keys()) places.set(`${prefix}${name}.${index}`, place);
      else if (held.kind === 'record') visit(held, `${prefix}${name}.`);
      else places.set(`${prefix}${name}`, place);
    }
  };
  visit(params && contents(params), '');
  return places;
}

function moduleBody(trace: Trace, program: Program, scope: Scope, entry: string): void {
  const statements = program.body
    .map((statement) => unexported(trace, statement))
    .filter((statement) => statement !== null);
  for (const statement of statements) {
    if (statement.type === 'FunctionDeclaration') {
      // Only `export default function (…) { … }` has no name.
      const { name } = statement.id ?? { name: entry };
      const value: Value = { kind: 'function', syntax: statement, scope, name };
      scope.declare(name, { cell: trace.store.create(value), kind: 'module' });
    }
  }
  for (const statement of statements) {
    const numbers = enumNumbers(statement);
    if (numbers !== null && 'id' in statement && statement.id && 'name' in statement.id) {
      const record = recordOf(
        statement.id.name,
        [...numbers].map(([name, value]): [string, Value] => [name, { kind: 'number', value, label: name }]),
      );
      scope.declare(statement.id.name, { cell: trace.store.create(record), kind: 'module' });
    } else if (statement.type === 'VariableDeclaration') declaration(trace, statement, scope, 'module');
    else if (statement.type === 'ExpressionStatement')
      trace.evaluate((statement as ExpressionStatement).expression, scope);
    else if (
      [
        'IfStatement',
        'SwitchStatement',
        'WhileStatement',
        'DoWhileStatement',
        'TryStatement',
        'ThrowStatement',
      ].includes(statement.type) ||
      statement.type.startsWith('For') ||
      statement.type === 'ClassDeclaration'
    ) {
      const isClass = statement.type === 'ClassDeclaration';
      refuse(
        trace,
        placeOf(statement),
        'unsupported-syntax',
        isClass ? 'A class is not part of the reward language.' : 'Only declarations may stand at module level.',
        isClass ? 'Write plain functions and records.' : 'Move this into a function.',
      );
    }
  }
}

/** `export default (…) => …` and `export default { reward, params }` stand for the names they give. */
function exportDefault(trace: Trace, program: Program, scope: Scope, entry: string): void {
  for (const statement of program.body) {
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const { declaration: inner } = statement;
    if (inner.type === 'FunctionDeclaration' || inner.type === 'ClassDeclaration') continue;
    const value = trace.evaluate(inner as Expression, scope);
    const now = contents(value);
    const named = now.kind === 'record' ? [...now.fields].map(([name, field]) => [name, field.value] as const) : [];
    if (now.kind === 'function') named.push([entry, now]);
    for (const [name, each] of named) {
      if (scope.find(name) === null) scope.declare(name, { cell: trace.store.create(each), kind: 'module' });
    }
  }
}

/** The declaration inside an `export`; null for what declares nothing. */
function unexported(trace: Trace, statement: Statement | ModuleDeclaration): Statement | null {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      if ('importKind' in statement && statement.importKind === 'type') return null;
      refuse(
        trace,
        placeOf(statement),
        'forbidden-call',
        'Modules cannot be loaded.',
        'Drop the import: the standard library is built in.',
      );
      return null;
    case 'ExportNamedDeclaration':
      return statement.declaration ?? null;
    case 'ExportDefaultDeclaration': {
      const { declaration: inner } = statement;
      if (inner.type === 'FunctionDeclaration') return inner as Statement;
      if (inner.type === 'ClassDeclaration') {
        refuse(
          trace,
          placeOf(inner),
          'unsupported-syntax',
          'A class is not part of the reward language.',
          'Write export function reward({ … }) { … }.',
        );
      }
      return null;
    }
    default:
      return statement.type.startsWith('TS') && enumNumbers(statement) === null ? null : statement;
  }
}

/** A tunable number, or a record or vector of them; null for memory that holds nothing at first. */
type Tree = number | null | ReadonlyMap<string, Tree> | readonly Tree[];

function numbers(trace: Trace, binding: Binding | null, owner: 'params' | 'memory'): ReadonlyMap<string, Tree> {
  const value = binding === null ? null : contents(binding.cell.current);
  if (value === null || value.kind === 'poison') return new Map();
  if (value.kind !== 'record') {
    refuse(
      trace,
      { start: 0, line: 1, column: 1 },
      `${owner}-not-numbers`,
      `\`${owner}\` is ${describe(value)}.`,
      `Write export const ${owner} = { name: 1.0 };`,
    );
    return new Map();
  }
  return tree(trace, value, owner);
}

/** `depth` counts the letters of the names and the dots that those of the record begin with. */
function tree(
  trace: Trace,
  record: Value & { kind: 'record' },
  owner: 'params' | 'memory',
  depth = 0,
): ReadonlyMap<string, Tree> {
  const read = (value: Value, place: Place, name: string, length: number): Tree | undefined => {
    // A few records, each of which holds the one before it twice, have millions of entries, and each has a name of its own.
    spend(trace, place, length);
    const now = contents(value);
    if (now.kind === 'number') return now.value;
    if (now.kind === 'boolean') return Number(now.value);
    if (now.kind === 'record') return tree(trace, now, owner, length);
    if (now.kind === 'array') {
      const items = (itemsOf(trace, now, place) ?? []).map((item, index) =>
        read(item, place, name, length + String(index).length + 1),
      );
      return items.every((item) => item !== undefined) ? items.filter((item) => item !== undefined) : undefined;
    }
    if (now.kind === 'undefined' && owner === 'memory') return null;
    if (now.kind !== 'poison') {
      refuse(
        trace,
        place,
        `${owner}-not-numbers`,
        `\`${owner}.${name}\` is ${describe(now)}.`,
        'Use numbers, or vectors and records of numbers.',
      );
    }
    return undefined;
  };
  const entries = [...record.fields].flatMap(([name, field]): [string, Tree][] => {
    // What keeps texts, a database or a file, has room for neither.
    if (name.includes('\0') || !name.isWellFormed()) {
      refuse(
        trace,
        field.place,
        `${owner}-not-numbers`,
        `${JSON.stringify(name)} cannot name an entry of \`${owner}\`.`,
        'Use letters, digits and underscores, and start with a letter.',
      );
      return [];
    }
    const value = read(field.value, field.place, name, depth + name.length + 1);
    return value === undefined ? [] : [[name, value]];
  });
  return new Map(entries);
}

function flat(trees: ReadonlyMap<string, Tree>): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  const visit = (name: string, tree: Tree): void => {
    if (typeof tree === 'number') all.set(name, tree);
    else if (tree === null) all.set(name, 0).set(heldName(name), 0);
    else for (const [inner, value] of tree.entries()) visit(`${name}.${inner}`, value);
  };
  for (const [name, value] of trees) visit(name, value);
  return all;
}

function inputsOf(trace: Trace, owner: 'params' | 'memory', trees: ReadonlyMap<string, Tree>): Value {
  const leaf = (tree: Tree, name: string): Value => {
    if (typeof tree === 'number')
      return { kind: 'scalar', node: trace.graph.variable(owner === 'params' ? 'param' : 'memory', name) };
    if (tree === null) return remembered(trace, name, true);
    if (Array.isArray(tree))
      return { kind: 'array', items: (tree as readonly Tree[]).map((item, index) => leaf(item, `${name}.${index}`)) };
    return recordOf(
      `${owner}.${name}`,
      [...(tree as ReadonlyMap<string, Tree>)].map(([inner, value]): [string, Value] => [
        inner,
        leaf(value, `${name}.${inner}`),
      ]),
    );
  };
  return recordOf(
    owner,
    [...trees].map(([name, value]): [string, Value] => [name, leaf(value, name)]),
  );
}
