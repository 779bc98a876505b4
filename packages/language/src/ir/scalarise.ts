import { expandVectorCall } from '../library/expand.ts';
import { toleranceScale } from '../library/tolerance.ts';
import { limits } from '../limits.ts';
import { Graph, GraphLimitError, number } from './graph.ts';
import type { Node } from './node.ts';
import { type RewardProgram, rootsOf } from './program.ts';
import { reachable } from './reachable.ts';

/** A program over scalars alone: every vector is unrolled into its entries. */
export interface ScalarProgram {
  readonly graph: Graph;
  readonly components: readonly { readonly name: string; readonly node: Node }[];
  readonly total: Node;
  readonly memory: readonly { readonly name: string; readonly node: Node }[];
  readonly insideTables: readonly Node[];
  /** Which entry of which field a `take` of an input stands for is in the node itself. */
  readonly names: ReadonlyMap<Node, string>;
}

const made = new WeakMap<RewardProgram, ScalarProgram>();

/**
 * Unrolls vectors, once for each program. The order of the operations stays that of the program, so the results stay the same,
 * bit for bit. Throws a `GraphLimitError` where there are too many entries.
 */
export function scalarise(program: RewardProgram, most: number = limits.scalarNodes): ScalarProgram {
  const known = made.get(program);
  if (known !== undefined) return known;
  const scalar = unrolled(program, most);
  made.set(program, scalar);
  return scalar;
}

function unrolled(program: RewardProgram, most: number): ScalarProgram {
  const graph = new Graph(most);
  const entries = new Map<Node, readonly Node[]>();
  const names = new Map<Node, string>();
  // Vectors whose entries are all alike come to few nodes, and to no less work.
  const mostEntries = most * limits.operandsPerNode;
  let unrolledEntries = 0;
  const visit = (node: Node): readonly Node[] => {
    const known = entries.get(node);
    if (known !== undefined) return known;
    const made = unroll(graph, node, node.args.map(visit));
    unrolledEntries += made.length;
    if (unrolledEntries > mostEntries) throw new GraphLimitError(`more than ${mostEntries} entries of vectors`);
    entries.set(node, made);
    const annotation = program.annotations.get(node);
    if (annotation !== undefined) {
      for (const [index, entry] of made.entries()) {
        if (!names.has(entry)) names.set(entry, made.length === 1 ? annotation.name : `${annotation.name}${index}`);
      }
    }
    return made;
  };
  // In the program's own order, so that identifiers in the new graph rise in that order too.
  reachable(rootsOf(program)).forEach(visit);
  const one = (node: Node): Node => visit(node)[0] ?? graph.constant(Number.NaN);
  const components = program.graph.components.map(({ name, node }) => ({ name, node: one(node) }));
  const memory = program.graph.memory.map(({ name, node }) => ({ name, node: one(node) }));
  const insideTables = program.insideTables
    .filter((node) => reachable([node]).every(({ op }) => op !== 'hole'))
    .flatMap((node) => {
      reachable([node]).forEach(visit);
      return visit(node);
    });
  return { graph, components, total: one(program.graph.total), memory, insideTables, names };
}

function unroll(graph: Graph, node: Node, args: readonly (readonly Node[])[]): readonly Node[] {
  const length = node.type.length ?? 1;
  const each = (build: (at: (arg: number) => Node) => Node): Node[] =>
    Array.from({ length }, (_, index) =>
      build((arg) => args[arg]?.[args[arg].length === 1 ? 0 : index] ?? graph.constant(Number.NaN)),
    );
  switch (node.op) {
    case 'constant':
      return Array.isArray(node.value)
        ? node.value.map((value) => graph.constant(value))
        : [graph.constant(node.value as number | boolean)];
    case 'input': {
      const whole = graph.input(node.role, node.field, node.type);
      if (node.type.length === null) return [whole];
      return Array.from({ length }, (_, index) => graph.take(whole, index));
    }
    case 'param':
    case 'memory':
      return [graph.variable(node.op, node.name)];
    case 'unary':
      return each((at) => graph.unary(node.operator, at(0)));
    case 'binary':
      return each((at) => graph.binary(node.operator, at(0), at(1)));
    case 'select':
      return each((at) => graph.select(at(0), at(1), at(2), node.merge));
    case 'pack':
      return args.map(([entry]) => entry ?? graph.constant(Number.NaN));
    case 'take':
      return node.indices.map((index) => args[0]?.[index] ?? graph.constant(Number.NaN));
    case 'fold': {
      const [vector = [], start] = args;
      const all = start === undefined ? vector : [...start, ...vector];
      const { operator } = node;
      if (operator === 'max' || operator === 'min') return [graph.call(`Math.${operator}`, all, number())];
      const operands = operator === '+' || operator === '*' ? all.map((entry) => graph.unary('number', entry)) : all;
      return [operands.reduce((a, b) => graph.binary(operator, a, b))];
    }
    case 'call': {
      const expanded = expandVectorCall(graph, node.callee, args);
      if (expanded !== null) return expanded;
      if (node.callee === 'tolerance') return each((at) => tolerance(graph, node.option ?? 'gaussian', at));
      return each((at) =>
        graph.call(
          node.callee,
          node.args.map((_, index) => at(index)),
          number(),
        ),
      );
    }
    case 'hole':
      return [graph.constant(Number.NaN)];
  }
}

/** The last argument of `tolerance` becomes the scale of its shape, which is known when the program is compiled. */
function tolerance(graph: Graph, sigmoid: string, at: (arg: number) => Node): Node {
  const value = at(4);
  const scale = toleranceScale[sigmoid];
  const last =
    value.op === 'constant' && typeof value.value === 'number' && scale !== undefined
      ? graph.constant(scale(value.value))
      : graph.call(`toleranceScales.${sigmoid}`, [value], number());
  return graph.call('tolerance', [at(0), at(1), at(2), at(3), last], number(), sigmoid);
}
