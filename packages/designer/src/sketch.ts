import { type Node, type Property, parse } from 'acorn';
import { rounded } from './grammar/field.ts';
import type { Carried, HelperFunction, Term } from './grammar/term.ts';

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
}

const inputs = ['obs', 'action', 'next', 'terminated', 'truncated', 'env', 'memory', 'params'] as const;

/** The memory of all components, each entry once. */
function carriedBy(components: readonly SketchComponent[]): readonly Carried[] {
  return [...new Map(components.flatMap(({ memory }) => memory.map((entry) => [entry.name, entry] as const))).values()];
}

/** Writes a sketch as a program; functions that no component calls are left out. */
export function writeSketch(sketch: Sketch, helpers: readonly HelperFunction[], heading: string): string {
  const { components } = sketch;
  const carried = carriedBy(components);
  const body = [...components.map(({ expression }) => expression), ...carried.map(({ update }) => update)].join('\n');
  const used = inputs.filter((name) => name === 'params' || new RegExp(`(?<![\\w.])${name}\\b`).test(body));
  const called = helpers.filter(({ name }) => new RegExp(`\\b${name}\\(`).test(body));
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
  readonly weights: ReadonlyMap<string, number>;
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

/** The weights and the record of components of a program; nothing when it is not a single return of a record. */
function find(source: string): Found | undefined {
  const weights = new Map<string, number>();
  let record: readonly Property[] | undefined;
  for (const statement of parse(source, { ecmaVersion: 'latest', sourceType: 'module' }).body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null;
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type !== 'Identifier' || id.name !== 'params' || init?.type !== 'ObjectExpression') continue;
        for (const property of properties(init)) {
          const [name, value] = [keyName(property), numeric(property.value)];
          if (name !== undefined && value !== undefined) weights.set(name, value);
        }
      }
    }
    if (declaration?.type === 'FunctionDeclaration' && declaration.id?.name === 'reward') {
      const [only, ...more] = declaration.body.body;
      if (only?.type !== 'ReturnStatement' || more.length > 0 || only.argument?.type !== 'ObjectExpression') {
        return undefined;
      }
      record = componentsOf(properties(only.argument));
    }
  }
  return record === undefined ? undefined : { weights, record };
}

/**
 * Takes a program apart. A component that is not `params.name * expression` is kept whole with a weight of 1.
 * Nothing when the program is not of the grammar's form, and no operator but a new start applies to it.
 */
export function readSketch(source: string, terms: readonly Term[]): Sketch | undefined {
  let found: Found | undefined;
  try {
    found = find(source);
  } catch {
    return undefined;
  }
  if (found === undefined) return undefined;
  const components: SketchComponent[] = [];
  for (const property of found.record) {
    const name = keyName(property);
    const weight = name === undefined ? undefined : found.weights.get(name);
    const written = source.slice(property.value.start, property.value.end);
    const prefix = `params.${name} * `;
    if (name === undefined || weight === undefined || !written.startsWith(prefix)) return undefined;
    const term = terms.find((each) => each.name === name);
    const expression = written.slice(prefix.length);
    // What a component of another program carries from step to step is not known.
    if (/\bmemory\b/.test(expression) && term?.expression !== expression) return undefined;
    const comment = term?.comment ?? 'A component of another program.';
    components.push({ name, expression, comment, weight, memory: term?.memory ?? [] });
  }
  return { components };
}

/** A component for a term, with its base weight scaled. */
export function enter(term: Term, factor: number): SketchComponent {
  const { name, expression, comment, memory = [] } = term;
  return { name, expression, comment, memory, weight: rounded(term.weight * factor) };
}
