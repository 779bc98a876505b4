import { Graph } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../ir/program.ts';
import { reachable } from '../../ir/reachable.ts';
import { limits } from '../../limits.ts';
import type { Annotation } from '../../trace/trace.ts';

/** A program made anew in a graph of its own, node by node, with the names and comments that the nodes had. */
export abstract class Rebuild {
  protected readonly program: RewardProgram;
  protected readonly graph = new Graph(limits.scalarNodes);
  protected readonly annotations = new Map<Node, Annotation>();
  readonly #made = new Map<Node, Node>();

  constructor(program: RewardProgram) {
    this.program = program;
  }

  /** What a node becomes; `args` are what its operands became. */
  protected abstract rebuild(node: Node, args: readonly Node[]): Node;

  run(): RewardProgram {
    const { program } = this;
    for (const node of reachable(rootsOf(program))) {
      const made = this.rebuild(node, node.args.map(this.of));
      this.#made.set(node, made);
      const annotation = program.annotations.get(node);
      if (annotation !== undefined && !this.annotations.has(made)) this.annotations.set(made, annotation);
    }
    const moved = <V>(map: ReadonlyMap<Node, V>): ReadonlyMap<Node, V> => {
      const entries = [...map].filter(([node]) => this.#made.has(node));
      return new Map(entries.map(([node, value]): [Node, V] => [this.of(node), value]).toReversed());
    };
    const { of } = this;
    return {
      ...program,
      graph: {
        ...program.graph,
        components: program.graph.components.map((each) => ({ ...each, node: of(each.node) })),
        total: of(program.graph.total),
        memory: program.graph.memory.map((each) => ({ ...each, node: of(each.node) })),
      },
      annotations: this.annotations,
      entryNames: moved(program.entryNames),
      testComments: moved(program.testComments),
    };
  }

  protected readonly of = (node: Node): Node => this.#made.get(node) ?? this.graph.constant(Number.NaN);

  /** The same operation on other operands. */
  protected same(node: Node, args: readonly Node[]): Node {
    const { graph } = this;
    const nan = graph.constant(Number.NaN);
    const [a = nan, b = nan, c = nan] = args;
    switch (node.op) {
      case 'constant':
        return graph.constant(
          node.value,
          node.label,
          node.operator === null ? null : { operator: node.operator, args },
        );
      case 'input':
        return graph.input(node.role, node.field, node.type);
      case 'param':
      case 'memory':
        return graph.variable(node.op, node.name);
      case 'unary':
        return graph.unary(node.operator, a);
      case 'binary':
        return graph.binary(node.operator, a, b);
      case 'select':
        return graph.select(a, b, c, node.merge);
      case 'pack':
        return graph.pack(args);
      case 'take':
        return node.type.length === null ? graph.take(a, node.indices[0] ?? 0) : graph.takeMany(a, node.indices);
      case 'fold':
        return graph.fold(node.operator, a, args[1] ?? null);
      case 'call':
        return graph.call(node.callee, args, node.type, node.option);
      case 'hole':
        return nan;
    }
  }
}
