import { Graph, number } from '../../../ir/graph.ts';
import type { Node } from '../../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../../ir/program.ts';
import { reachable } from '../../../ir/reachable.ts';
import { expandVectorCall } from '../../../library/expand.ts';
import { limits } from '../../../limits.ts';

/**
 * The same program in the operations that suit a batch. Functions of vectors that the program puts together from scalars
 * become arithmetic on those scalars, which is shorter and faster than gathering them into an array first, and
 * `potential` becomes the line that it stands for. The order of the operations stays, so the results stay.
 */
export function lower(program: RewardProgram): RewardProgram {
  const graph = new Graph(limits.scalarNodes);
  const made = new Map<Node, Node>();
  const of = (node: Node): Node => made.get(node) ?? graph.constant(Number.NaN);
  for (const node of reachable(rootsOf(program))) made.set(node, rebuild(graph, node, node.args.map(of)));
  const moved = <V>(map: ReadonlyMap<Node, V>): ReadonlyMap<Node, V> => {
    const entries = [...map].filter(([node]) => made.has(node)).map(([node, value]): [Node, V] => [of(node), value]);
    return new Map(entries.toReversed());
  };
  return {
    ...program,
    graph: {
      ...program.graph,
      components: program.graph.components.map((each) => ({ ...each, node: of(each.node) })),
      total: of(program.graph.total),
      memory: program.graph.memory.map((each) => ({ ...each, node: of(each.node) })),
    },
    annotations: moved(program.annotations),
    entryNames: moved(program.entryNames),
    testComments: moved(program.testComments),
  };
}

function rebuild(graph: Graph, node: Node, args: readonly Node[]): Node {
  const nan = graph.constant(Number.NaN);
  const [a = nan, b = nan, c = nan] = args;
  switch (node.op) {
    case 'constant':
      return graph.constant(node.value, node.label);
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
      return fold(graph, node, args);
    case 'call': {
      if (node.callee === 'potential') return graph.binary('-', graph.binary('*', c, a), b);
      const vectors = args.filter((arg) => arg.type.length !== null);
      const known = vectors.every((arg) => arg.op === 'pack' || arg.op === 'constant');
      const packs = known && vectors.some((arg) => arg.op === 'pack');
      const entries = packs
        ? expandVectorCall(
            graph,
            node.callee,
            args.map((arg) => entriesOf(graph, arg)),
          )
        : null;
      if (entries === null) return graph.call(node.callee, args, node.type, node.option);
      return node.type.length === null ? (entries[0] ?? nan) : graph.pack(entries);
    }
    case 'hole':
      return nan;
  }
}

const entriesOf = (graph: Graph, vector: Node): readonly Node[] =>
  vector.type.length === null
    ? [vector]
    : Array.from({ length: vector.type.length }, (_, index) => graph.take(vector, index));

function fold(graph: Graph, node: Node & { op: 'fold' }, args: readonly Node[]): Node {
  const [vector = graph.constant(Number.NaN), start = null] = args;
  if (vector.op !== 'pack') return graph.fold(node.operator, vector, start);
  const all = start === null ? vector.args : [start, ...vector.args];
  const { operator } = node;
  if (operator === 'max' || operator === 'min') return graph.call(`Math.${operator}`, all, number());
  const operands = operator === '+' || operator === '*' ? all.map((entry) => graph.unary('number', entry)) : all;
  return operands.reduce((left, right) => graph.binary(operator, left, right));
}
