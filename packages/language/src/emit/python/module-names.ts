import type { ConstantNode, Node } from '../../ir/node.ts';
import type { RewardProgram } from '../../ir/program.ts';
import { Names } from '../names.ts';
import { pythonReserved, snakeCase, upperSnakeCase } from './syntax.ts';

/** The names that an exported Python text gives to the nodes of a program. */
export class ModuleNames {
  readonly #program: RewardProgram;
  readonly #names: Names;
  readonly #inputs: readonly (Node & { op: 'input' })[];
  readonly #given = new Map<Node, string>();
  readonly #constants = new Map<string, { readonly name: string; readonly node: ConstantNode }>();
  readonly #entries = new Map<Node, string>();

  constructor(program: RewardProgram, nodes: readonly Node[], reserved: Iterable<string>) {
    this.#program = program;
    this.#inputs = nodes.flatMap((node) => (node.op === 'input' ? [node] : []));
    this.#names = new Names([...pythonReserved, ...reserved]);
  }

  /** A name that nothing else has. */
  fresh(wanted: string): string {
    return this.#names.take(snakeCase(wanted));
  }

  /** The name of a line. */
  of(node: Node): string {
    const known = this.#given.get(node);
    if (known !== undefined) return known;
    const name = this.#isAction(node) ? 'action' : this.fresh(this.#wanted(node));
    this.#given.set(node, name);
    return name;
  }

  /** Gives a node the name of another one that it is assigned to. */
  alias(node: Node, name: string): void {
    this.#given.set(node, name);
  }

  #isAction(node: Node): boolean {
    return node.op === 'input' && node.role === 'action';
  }

  #wanted(node: Node): string {
    const annotation = this.#program.annotations.get(node);
    if (annotation?.declared) return annotation.name;
    if (node.op === 'input') return this.#field(node);
    const component = this.#program.graph.components.find((each) => each.node === node)?.name;
    return component ?? annotation?.name ?? this.#default(node);
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
        return 'entry';
      case 'pack':
        return 'vector';
      case 'call':
        return node.callee.replace('Math.', '');
      case 'fold':
        return node.operator === '+' ? 'total' : node.operator === '&&' ? 'all_hold' : 'folded';
      case 'binary':
        return node.type.element === 'boolean' ? 'holds' : 'term';
      default:
        return 'value';
    }
  }

  /** The name of a module-level constant; null where the program gave it none. */
  constant(node: ConstantNode): string | null {
    const label = node.label ?? this.#program.annotations.get(node)?.name ?? null;
    if (label === null || label.includes('.')) return null;
    const key = `${label} ${String(node.value)}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known.name;
    const name = this.#names.take(upperSnakeCase(label));
    this.#constants.set(key, { name, node });
    return name;
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
