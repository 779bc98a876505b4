import type { Environment } from '@rewardsmith/contracts';
import type { Annotation } from '../trace/trace.ts';
import type { Node } from './node.ts';

/** A compiled program: its graph, and what the exported texts say about it. Frozen; shared by every emitter. */
export interface RewardProgram {
  /** As it was given. */
  readonly source: string;
  /** The JavaScript module: the source without prose, fences and type annotations. */
  readonly module: string;
  readonly environment: Environment;
  readonly entry: 'reward' | 'success';
  /** Tunable numbers with their values, in the program's order; nested ones have dotted names. */
  readonly params: ReadonlyMap<string, number>;
  /** Memory with the values that an episode starts from. */
  readonly memory: ReadonlyMap<string, number>;
  /** Component names in the program's order. */
  readonly components: readonly string[];
  /** Of the program's normal form: equal for programs that differ in names, layout and order of commuting terms only. */
  readonly hash: string;
  readonly graph: {
    /** One scalar number a component. */
    readonly components: readonly { readonly name: string; readonly node: Node; readonly comment: readonly string[] }[];
    readonly total: Node;
    /** Whether the program gives a total of its own, rather than the sum of its components. */
    readonly ownTotal: boolean;
    /** What the memory holds after the step. */
    readonly memory: readonly { readonly name: string; readonly node: Node }[];
  };
  /** What holds on every step but those on which plain JavaScript throws, since a table has no such entry, or sorts NaN. */
  readonly insideTables: readonly Node[];
  readonly annotations: ReadonlyMap<Node, Annotation>;
  /** What the program calls one entry of a vector, in a callback over all of them. */
  readonly entryNames: ReadonlyMap<Node, string>;
  /** What the program says of a condition, and of its named numbers. */
  readonly testComments: ReadonlyMap<Node, readonly string[]>;
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** The comment that opens the program. */
  readonly heading: readonly string[];
}

/** The nodes that the program's results are read from: components, total, memory. */
export function rootsOf(program: RewardProgram): readonly Node[] {
  const { components, total, memory } = program.graph;
  return [...components.map(({ node }) => node), total, ...memory.map(({ node }) => node)];
}
