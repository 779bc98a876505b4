import { type Node, type Property, parse, type VariableDeclaration } from 'acorn';
import { capital, rounded } from './grammar/field.ts';
import type { Grammar } from './grammar/grammar.ts';
import type { Carried, Term, TermFunction } from './grammar/term.ts';

/** A weighted component of a sketch. */
export interface SketchComponent {
  readonly name: string;
  /** What is multiplied by the weight. */
  readonly expression: string;
  readonly comment: string;
  readonly weight: number;
  /** What it carries from step to step. */
  readonly memory: readonly Carried[];
}

/**
 * A reward program of the grammar's own form: one weight a component in `params`, one record of `params.name * expression`
 * lines, and beside it the memory that its components share. Programs of this form are taken apart, varied and written anew.
 */
export interface Sketch {
  readonly components: readonly SketchComponent[];
  /** Functions of its own that its components call, beside those of the grammar. */
  readonly functions: readonly TermFunction[];
}

const inputs = ['obs', 'action', 'next', 'terminated', 'truncated', 'env', 'memory', 'params'] as const;

/** The memory of all components, each entry once. */
function carriedBy(components: readonly SketchComponent[]): readonly Carried[] {
  return [...new Map(components.flatMap(({ memory }) => memory.map((entry) => [entry.name, entry] as const))).values()];
}

/** Those of `functions` that `text` calls, or that one of them calls. */
function calledIn(text: string, functions: readonly TermFunction[]): readonly TermFunction[] {
  const called = new Set(functions.filter(({ name }) => new RegExp(`\\b${name}\\(`).test(text)));
  for (const each of called) {
    for (const other of functions) if (new RegExp(`\\b${other.name}\\(`).test(each.text)) called.add(other);
  }
  return functions.filter((each) => called.has(each));
}

/** Writes a sketch as a program; functions that nothing calls are left out. */
export function writeSketch(sketch: Sketch, { functions }: Pick<Grammar, 'functions'>, heading: string): string {
  const { components } = sketch;
  const carried = carriedBy(components);
  const body = [...components.map(({ expression }) => expression), ...carried.map(({ update }) => update)].join('\n');
  const used = inputs.filter((name) => name === 'params' || new RegExp(`(?<![\\w.])${name}\\b`).test(body));
  const called = calledIn(body, [...functions, ...sketch.functions]);
  const indent = carried.length === 0 ? '    ' : '      ';
  const lines = components.flatMap(({ name, expression, comment }) => [
    `${indent}// ${comment}`,
    `${indent}${name}: params.${name} * ${expression},`,
  ]);
  return [
    `// ${heading}`,
    `export const params = {`,
    ...components.map(({ name, weight }) => `  ${name}: ${weight},`),
    '};',
    '',
    ...(carried.length === 0
      ? []
      : ['export const memory = {', ...carried.map(({ name, initial }) => `  ${name}: ${initial},`), '};', '']),
    ...called.flatMap(({ text }) => [text, '']),
    `export function reward({ ${used.join(', ')} }) {`,
    '  return {',
    ...(carried.length === 0
      ? lines
      : [
          '    components: {',
          ...lines,
          '    },',
          '    memory: {',
          ...carried.map(({ name, update }) => `      ${name}: ${update},`),
          '    },',
        ]),
    '  };',
    '}',
    '',
  ].join('\n');
}

interface Found {
  /** Every number of `params`. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly functions: readonly TermFunction[];
  readonly record: readonly Property[];
}

function numeric(node: Node): number | undefined {
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'number') return node.value;
  if (node.type === 'UnaryExpression' && 'operator' in node && node.operator === '-' && 'argument' in node) {
    const inner = node.argument;
    if (typeof inner === 'object' && inner !== null && 'value' in inner && typeof inner.value === 'number') {
      return -inner.value;
    }
  }
  return undefined;
}

function properties(node: { readonly properties: readonly Node[] }): readonly Property[] {
  return node.properties.flatMap((property) => (property.type === 'Property' ? [property as Property] : []));
}

function keyName(property: Property): string | undefined {
  return property.key.type === 'Identifier' ? property.key.name : undefined;
}

/** The record of components, which stands in one of its own where there is memory beside it. */
function componentsOf(returned: readonly Property[]): readonly Property[] {
  const inner = returned.find((property) => keyName(property) === 'components')?.value;
  return inner?.type === 'ObjectExpression' ? properties(inner) : returned;
}

/** The entries of a `params` literal that are plain numbers; nothing where the declaration is of something else. */
function numbersOf(declaration: VariableDeclaration): ReadonlyMap<string, number> | undefined {
  const [only, ...more] = declaration.declarations;
  if (only?.id.type !== 'Identifier' || more.length > 0 || only.init?.type !== 'ObjectExpression') return undefined;
  if (only.id.name === 'memory') return new Map();
  if (only.id.name !== 'params') return undefined;
  return new Map(
    properties(only.init).flatMap((property) => {
      const [name, value] = [keyName(property), numeric(property.value)];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** What a program is made of; nothing when it is more than params, memory, functions and a single return of a record. */
function find(source: string): Found | undefined {
  const numbers = new Map<string, number>();
  const functions: TermFunction[] = [];
  let record: readonly Property[] | undefined;
  for (const statement of parse(source, { ecmaVersion: 'latest', sourceType: 'module' }).body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'VariableDeclaration') {
      const found = numbersOf(declaration);
      if (found === undefined) return undefined;
      for (const [name, value] of found) numbers.set(name, value);
    } else if (declaration?.type === 'FunctionDeclaration' && declaration.id?.name === 'reward') {
      const [only, ...more] = declaration.body.body;
      if (only?.type !== 'ReturnStatement' || more.length > 0 || only.argument?.type !== 'ObjectExpression') {
        return undefined;
      }
      record = componentsOf(properties(only.argument));
    } else if (declaration?.type === 'FunctionDeclaration' && declaration.id) {
      functions.push({ name: declaration.id.name, text: source.slice(declaration.start, declaration.end) });
    } else {
      return undefined;
    }
  }
  return record === undefined ? undefined : { numbers, functions, record };
}

/** Puts numbers in the place of `params.name`; nothing where one is no plain number of the program's. */
function inlined(text: string, numbers: ReadonlyMap<string, number>): string | undefined {
  const written = text.replace(/\bparams\.(\w+)\b/g, (reading, name: string) => {
    const value = numbers.get(name);
    return value === undefined ? reading : value < 0 ? `(${value})` : `${value}`;
  });
  return /\bparams\b/.test(written) ? undefined : written;
}

const renamed = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(/\b(\w+)\(/g, (call, name: string) => (names.has(name) ? `${names.get(name)}(` : call));

/** The functions of a program that the grammar has not, under names that the grammar has not; nothing where one reads what is not known. */
function ownFunctions(
  found: Found,
  grammar: Pick<Grammar, 'functions'>,
): { readonly functions: readonly TermFunction[]; readonly names: ReadonlyMap<string, string> } | undefined {
  const known = new Map(grammar.functions.map(({ name, text }) => [name, text.slice(text.indexOf('function '))]));
  const own: TermFunction[] = [];
  for (const { name, text } of found.functions) {
    const written = inlined(text, found.numbers);
    if (written === undefined) return undefined;
    if (written !== known.get(name)) own.push({ name, text: written });
  }
  const names = new Map(own.map(({ name }) => [name, known.has(name) ? `own${capital(name)}` : name]));
  return {
    functions: own.map(({ name, text }) => ({ name: names.get(name) ?? name, text: renamed(text, names) })),
    names,
  };
}

/**
 * Takes a program apart. Numbers that it keeps in `params` beside the weights go back to where they are read.
 * Nothing when the program is not of the grammar's form, and no operator but a new start applies to it.
 */
export function readSketch(source: string, grammar: Grammar): Sketch | undefined {
  let found: Found | undefined;
  try {
    found = find(source);
  } catch {
    return undefined;
  }
  const own = found === undefined ? undefined : ownFunctions(found, grammar);
  if (found === undefined || own === undefined) return undefined;
  const components: SketchComponent[] = [];
  for (const property of found.record) {
    const name = keyName(property);
    const weight = name === undefined ? undefined : found.numbers.get(name);
    const written = source.slice(property.value.start, property.value.end);
    const prefix = `params.${name} * `;
    if (name === undefined || weight === undefined || !written.startsWith(prefix)) return undefined;
    const expression = inlined(renamed(written.slice(prefix.length), own.names), found.numbers);
    if (expression === undefined) return undefined;
    const term = grammar.terms.find((each) => each.name === name);
    // What a component of another program carries from step to step is not known.
    if (/\bmemory\b/.test(expression) && term?.expression !== expression) return undefined;
    const comment = term?.comment ?? 'A component of another program.';
    components.push({ name, expression, comment, weight, memory: term?.memory ?? [] });
  }
  return { components, functions: own.functions };
}

/** A component for a term, with its base weight scaled. */
export function enter(term: Term, factor: number): SketchComponent {
  const { name, expression, comment, memory = [] } = term;
  return { name, expression, comment, memory, weight: rounded(term.weight * factor) };
}
