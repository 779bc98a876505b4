import { GraphLimitError } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { Sources } from './sources.ts';

/** `Number.isFinite(x)` and `Number.isNaN(x)` as the graph has them: they ask what became of a value, and use it no further. */
function asksForNumber(user: Node): boolean {
  if (user.op !== 'binary') return false;
  const [a, b] = user.args;
  if (user.operator === '===' || user.operator === '!==') return a === b;
  return user.operator === '<' && b?.op === 'constant' && b.value === Number.POSITIVE_INFINITY;
}

/** Operands through which nothing gets on. */
type Blocks = (user: Node, index: number) => boolean;
const nowhere: Blocks = () => false;

/**
 * What counts for a program's roots without passing the arm of a condition on what a culprit depends on. Walks the graph once
 * for all culprits that depend on the same sources, and throws a `GraphLimitError` past its limit of steps.
 */
export class Guards {
  readonly #roots: readonly Node[];
  readonly #sources: Sources;
  readonly #reached = new Map<Blocks, Map<bigint, ReadonlySet<Node>>>();
  readonly #most: number;
  #steps = 0;

  /** Looks at `most` nodes in all. */
  constructor(roots: readonly Node[], sources: Sources, most: number) {
    this.#roots = roots;
    this.#sources = sources;
    this.#most = most;
  }

  /**
   * Whether `wanted` is not guarded against `culprit`: a quotient in `gap > 0 ? 1 / gap : 0` is, and so is one that only a test
   * for finite numbers looks at. `blocks` ends the search at operands through which nothing gets on.
   */
  isUnguarded(wanted: Node, culprit: Node, blocks: Blocks = nowhere): boolean {
    const bySources = this.#reached.get(blocks) ?? new Map<bigint, ReadonlySet<Node>>();
    this.#reached.set(blocks, bySources);
    const sources = this.#sources.shareable(culprit);
    const reached = bySources.get(sources) ?? this.#reach(sources, blocks);
    bySources.set(sources, reached);
    return reached.has(wanted);
  }

  #reach(sources: bigint, blocks: Blocks): ReadonlySet<Node> {
    const reached = new Set<Node>();
    const stack = [...this.#roots];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (reached.has(node)) continue;
      reached.add(node);
      this.#steps += 1;
      if (this.#steps > this.#most) throw new GraphLimitError(`more than ${this.#most} steps to check it`);
      if (asksForNumber(node)) continue;
      const [test] = node.args;
      const guards =
        (node.op === 'select' || (node.op === 'binary' && (node.operator === '&&' || node.operator === '||'))) &&
        test !== undefined &&
        this.#sources.meetsAny(test, sources);
      for (const [index, arg] of node.args.entries()) {
        if (!(guards && index > 0) && !blocks(node, index)) stack.push(arg);
      }
    }
    return reached;
  }
}
