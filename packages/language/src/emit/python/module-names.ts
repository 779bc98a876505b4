import type { ConstantNode, FoldOperator, Node } from '../../ir/node.ts';
import type { RewardProgram } from '../../ir/program.ts';
import type { Annotation } from '../../trace/trace.ts';
import { Names } from '../names.ts';
import { formulaText, numberText, primary, pythonReserved, snakeCase, type Text, upperSnakeCase } from './syntax.ts';

const LONGEST_CONDITION = 36;
const comparisonWords: Readonly<Record<string, string>> = {
  '>': 'above',
  '>=': 'above',
  '<': 'below',
  '<=': 'below',
  '===': 'is',
  '!==': 'is_not',
  '&&': 'and',
  '||': 'or',
};

const folds: Readonly<Record<FoldOperator, string>> = {
  '+': 'subtotal',
  '*': 'product',
  max: 'greatest',
  min: 'least',
  '&&': 'all_hold',
  '||': 'any_holds',
};

/** A field or one entry of it: what it is of the step, and in which of its two states. */
interface Read {
  readonly place: string;
  readonly role: string;
}

function readFrom(node: Node): Read | null {
  if (node.op === 'input') return { place: node.field, role: node.role };
  const [vector] = node.args;
  if (node.op !== 'take' || node.type.length !== null || vector?.op !== 'input') return null;
  return { place: `${vector.field} ${node.indices[0]}`, role: vector.role };
}

/** The names that an exported Python text gives to the nodes of a program. */
export class ModuleNames {
  readonly #program: RewardProgram;
  readonly #names: Names;
  readonly #reserved: ReadonlySet<string>;
  readonly #inputs: readonly (Node & { op: 'input' })[];
  /** What has one name in the program: fields, and entries of fields. */
  readonly #bearers = new Map<string, readonly Read[]>();
  readonly #given = new Map<Node, string>();
  readonly #constants = new Map<string, { readonly name: string; readonly node: ConstantNode }>();
  readonly #entries = new Map<Node, string>();

  constructor(program: RewardProgram, nodes: readonly Node[], reserved: Iterable<string>) {
    this.#program = program;
    this.#inputs = nodes.flatMap((node) => (node.op === 'input' ? [node] : []));
    this.#reserved = new Set([...pythonReserved, ...reserved]);
    this.#names = new Names(this.#reserved);
    for (const node of nodes) {
      const read = readFrom(node);
      const name = program.annotations.get(node)?.name;
      if (read === null || name === undefined) continue;
      this.#bearers.set(name, [...(this.#bearers.get(name) ?? []), read]);
    }
  }

  /** A name that nothing else has. */
  fresh(wanted: string): string {
    const name = snakeCase(wanted);
    return this.#names.take(this.#reserved.has(name) ? `${name}_` : name);
  }

  /** The name of a line. */
  of(node: Node): string {
    const known = this.#given.get(node);
    if (known !== undefined) return known;
    const own = this.#argument(node);
    const name = own ?? this.fresh(this.#wanted(node));
    this.#given.set(node, name);
    return name;
  }

  /** Gives a node the name of another one that it is assigned to. */
  alias(node: Node, name: string): void {
    this.#given.set(node, name);
  }

  /** The argument that a node is; the function goes on under its name. */
  #argument(node: Node): string | null {
    return node.op === 'input' && node.field === '' ? node.role : null;
  }

  #wanted(node: Node): string {
    const annotation = this.#annotation(node);
    const label = node.op === 'constant' ? this.#labelOf(node) : null;
    if (label !== null) return upperSnakeCase(label).toLowerCase();
    if (annotation?.declared) return annotation.name;
    if (node.op === 'input') return this.#field(node);
    const component = this.#program.graph.components.find((each) => each.node === node)?.name;
    return component ?? annotation?.name ?? this.#default(node);
  }

  /**
   * What the program calls a node. A name that it gives to one field or entry after another tells nothing of them; one
   * that it gives to the same before and after the step is told apart by that.
   */
  #annotation(node: Node): Annotation | undefined {
    const annotation = this.#program.annotations.get(node);
    const read = readFrom(node);
    if (annotation === undefined || read === null) return annotation;
    const bearers = this.#bearers.get(annotation.name) ?? [];
    if (bearers.some(({ place }) => place !== read.place)) return undefined;
    const isBoth = bearers.some(({ role }) => role !== read.role);
    return isBoth ? { ...annotation, name: `${read.role}_${annotation.name}` } : annotation;
  }

  /** A field's own name, with its role where the program reads it before and after the step. */
  #field(node: Node & { op: 'input' }): string {
    const both = this.#inputs.some((other) => other !== node && other.field === node.field);
    return both ? `${node.role}_${node.field}` : node.field;
  }

  #default(node: Node): string {
    switch (node.op) {
      case 'select':
        return 'chosen';
      case 'take':
        return this.#entry(node) ?? 'entry';
      case 'pack':
        return 'vector';
      case 'call':
        return node.callee.startsWith('Math.') ? node.callee.slice(5) : `${node.callee}_value`;
      case 'fold':
        return folds[node.operator];
      case 'binary':
        return node.type.element === 'boolean' ? this.#condition(node) : 'term';
      case 'unary':
        return node.type.element === 'boolean' ? this.#condition(node) : 'value';
      default:
        return 'value';
    }
  }

  /** One entry by its vector and its place there: `hand_0`. */
  #entry(node: Node & { op: 'take' }): string | null {
    const [vector] = node.args;
    if (vector === undefined || node.type.length !== null) return null;
    const annotation = this.#annotation(vector);
    const name = annotation?.declared === true ? annotation.name : undefined;
    if (vector.op !== 'input') return name === undefined ? null : `${name}_${node.indices[0]}`;
    return `${name ?? (vector.field === '' ? vector.role : this.#field(vector))}_${node.indices[0]}`;
  }

  /** A condition by what it compares: `height_above_limit`, `not_hooked`. */
  #condition(node: Node): string {
    const said = this.#said(node);
    return said === null || said.length > LONGEST_CONDITION ? 'condition' : said;
  }

  #said(node: Node | undefined): string | null {
    if (node === undefined) return null;
    const [first, second] = node.args;
    const annotation = this.#annotation(node);
    if (annotation !== undefined) return snakeCase(annotation.name);
    if (node.op === 'take') {
      const entry = this.#entry(node);
      return entry === null ? null : snakeCase(entry);
    }
    if (node.op === 'input') return snakeCase(node.field === '' ? node.role : this.#field(node));
    if (node.op === 'param' || node.op === 'memory') return snakeCase(node.name.replaceAll('.', '_'));
    if (node.op === 'constant') {
      if (node.label !== null && !node.label.includes('.')) return snakeCase(node.label);
      return Number.isInteger(node.value) && Number(node.value) >= 0 ? String(node.value) : null;
    }
    if (node.op === 'unary' && node.operator === '!') {
      const inner = this.#said(first);
      return inner === null ? null : `not_${inner}`;
    }
    if (node.op !== 'binary' || node.type.element !== 'boolean') return null;
    const [a, b] = [this.#said(first), this.#said(second)];
    const isPair = node.operator === '&&' || node.operator === '||';
    if (a === null || /^\d/.test(a) || (isPair && b === null)) return null;
    const word = comparisonWords[node.operator];
    return word === undefined ? null : `${a}_${word}_${b ?? 'limit'}`;
  }

  #labelOf(node: ConstantNode): string | null {
    const label = node.label ?? this.#program.annotations.get(node)?.name;
    if (label !== undefined || !Array.isArray(node.value)) return label ?? null;
    const { value } = node;
    const known = Object.entries(this.#program.environment.constants).find(
      ([, each]) =>
        Array.isArray(each) && each.length === value.length && each.every((item, index) => item === value[index]),
    );
    return known?.[0] ?? null;
  }

  /** The name of a module-level constant; null where the program gave it none. */
  constant(node: ConstantNode): string | null {
    const label = this.#labelOf(node);
    if (label === null || label.includes('.')) return null;
    const key = `${label} ${String(node.value)}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known.name;
    // What it is made of stands above it.
    this.#nameParts(node);
    const name = this.#names.take(upperSnakeCase(label));
    this.#constants.set(key, { name, node });
    return name;
  }

  #nameParts(node: ConstantNode): void {
    for (const arg of node.args) if (arg.op === 'constant' && this.constant(arg) === null) this.#nameParts(arg);
  }

  /** What a constant is made of, by the names of its parts; null where it is only a number. */
  formula(node: ConstantNode, module: 'math' | 'np'): Text | null {
    const { operator } = node;
    if (operator === null) return null;
    const parts = node.args.flatMap((arg): Text[] => {
      if (arg.op !== 'constant') return [];
      const name = this.constant(arg);
      if (name !== null) return [primary(name)];
      if (arg.label === 'Math.PI') return [primary(`${module}.pi`)];
      return [this.formula(arg, module) ?? numberText(Number(arg.value), module)];
    });
    return formulaText(operator, parts, module);
  }

  get constants(): readonly { readonly name: string; readonly node: ConstantNode }[] {
    return [...this.#constants.values()];
  }

  /** What one entry of a vector is called while all are gone through. */
  entryOf(node: Node): string {
    const known = this.#entries.get(node);
    if (known !== undefined) return known;
    const name = this.fresh(this.#program.entryNames.get(node) ?? 'x');
    this.#entries.set(node, name);
    return name;
  }
}
