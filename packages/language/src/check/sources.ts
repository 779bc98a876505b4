import type { ColumnRole } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';

type Leaf = Node & { readonly op: 'input' | 'memory' | 'param' };

/** What a source is: a field or an action in its role, memory, or a param. */
export type SourceKind = ColumnRole | 'memory' | 'param';

const isLeaf = (node: Node): node is Leaf => node.op === 'input' || node.op === 'memory' || node.op === 'param';

/** The fields, memory and params that each value depends on, one bit for each of them. */
export class Sources {
  readonly #masks = new Map<Node, bigint>();
  readonly #kinds = new Map<SourceKind, bigint>();

  /** `nodes` are whole cones, operands before users. */
  constructor(nodes: readonly Node[]) {
    let bit = 1n;
    for (const node of nodes) {
      if (isLeaf(node)) {
        const kind = node.op === 'input' ? node.role : node.op;
        this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0n) | bit);
        this.#masks.set(node, bit);
        bit <<= 1n;
      } else {
        this.#masks.set(
          node,
          node.args.reduce((all, arg) => all | this.of(arg), 0n),
        );
      }
    }
  }

  /** What a value depends on. */
  kindsOf(node: Node): ReadonlySet<SourceKind> {
    const mask = this.of(node);
    return new Set([...this.#kinds].flatMap(([kind, all]) => ((all & mask) === 0n ? [] : [kind])));
  }

  /** Whether a value depends on a field or the action, before or after the step. */
  onStep(node: Node): boolean {
    return [...this.kindsOf(node)].some((kind) => kind !== 'memory' && kind !== 'param');
  }

  /** Whether two values depend on one field or memory in common, or on one of the params if the second has nothing else. */
  meet(a: Node, b: Node): boolean {
    return (this.of(a) & this.shareable(b)) !== 0n;
  }

  /** The sources in which another value meets this one, as bits. */
  shareable(node: Node): bigint {
    const mask = this.of(node);
    const besideParams = mask & ~(this.#kinds.get('param') ?? 0n);
    return besideParams === 0n ? mask : besideParams;
  }

  /** Whether a value depends on one of the sources. */
  meetsAny(node: Node, sources: bigint): boolean {
    return (this.of(node) & sources) !== 0n;
  }

  /** The sources as bits. */
  of(node: Node): bigint {
    return this.#masks.get(node) ?? 0n;
  }
}
