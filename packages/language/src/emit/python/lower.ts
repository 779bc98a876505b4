import type { Node } from '../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../ir/program.ts';
import { reachable } from '../../ir/reachable.ts';
import { expandVectorCall } from '../../library/expand.ts';
import { Rebuild } from './rebuild.ts';
import { Reroll } from './reroll.ts';
import { simplify } from './simplify.ts';

/**
 * The same program in the operations that suit vectors and batches: what is unrolled becomes vectors again, functions of
 * vectors that are put together from unlike scalars become arithmetic on those scalars, `potential` becomes the line that
 * it stands for. The order of the operations stays, so the results stay.
 */
export function lower(program: RewardProgram): RewardProgram {
  const summed = new Lowering(program, null).run();
  return simplify(new Lowering(summed, insideChains(summed)).run());
}

const chainOperators: ReadonlySet<string> = new Set(['+', '*', '&&', '||']);

/** Nodes that are nothing but the running value of a longer sum, product or condition. */
function insideChains(program: RewardProgram): ReadonlySet<Node> {
  const nodes = reachable(rootsOf(program));
  const uses = new Map<Node, number>();
  for (const node of [...rootsOf(program), ...nodes.flatMap(({ args }) => args)]) {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  }
  const inside = nodes.flatMap((node) => {
    const [first] = node.args;
    const goesOn = node.op === 'binary' && first?.op === 'binary' && node.operator === first.operator;
    return goesOn && chainOperators.has(node.operator) && uses.get(first) === 1 ? [first] : [];
  });
  return new Set(inside);
}

class Lowering extends Rebuild {
  readonly #inside: ReadonlySet<Node> | null;
  readonly #reroll = new Reroll(this.graph, (vector, entries) => this.#nameVector(vector, entries));

  /** `inside` are the inner nodes of chains; null leaves everything as it is, but for sums with terms that may be missing. */
  constructor(program: RewardProgram, inside: ReadonlySet<Node> | null) {
    super(program);
    this.#inside = inside;
  }

  /** A vector has the name of its entries where they all have one. */
  #nameVector(vector: Node, entries: readonly Node[]): void {
    const annotations = entries.map((entry) => this.annotations.get(entry));
    const [first] = annotations;
    if (first === undefined || annotations.some((each) => each?.name !== first.name)) return;
    if (!this.annotations.has(vector)) this.annotations.set(vector, first);
  }

  protected rebuild(node: Node, args: readonly Node[]): Node {
    const spread = this.#spread(node, args);
    switch (node.op) {
      case 'binary':
        return this.#chain(node) ?? this.same(node, spread);
      case 'select': {
        const [test, yes, no] = spread;
        return (test && yes && no && this.#missingTerm(test, yes, no, node.merge)) || this.same(node, spread);
      }
      case 'pack':
        return (this.#inside === null ? null : this.#reroll.vector(args)) ?? this.graph.pack(args);
      case 'fold':
        return this.#fold(node, args);
      case 'call':
        return this.#call(node, args);
      default:
        return this.same(node, args);
    }
  }

  /** A vector of one number repeated, beside another vector, is that number. */
  #spread(node: Node, args: readonly Node[]): readonly Node[] {
    if (node.op !== 'binary' && (node.op !== 'select' || args[0]?.type.length === null)) return args;
    const vectors = args.filter((arg) => arg.type.length !== null && arg.op !== 'constant');
    if (vectors.length === 0) return args;
    return args.map((arg) => {
      if (arg.op !== 'constant' || !Array.isArray(arg.value)) return arg;
      const [first]: readonly (number | boolean)[] = arg.value;
      const repeated = first !== undefined && arg.value.every((each: number | boolean) => Object.is(each, first));
      return repeated ? this.graph.constant(first) : arg;
    });
  }

  /** `test ? sum + term : sum` is a sum in which the term may be missing: adding -0 changes nothing. */
  #missingTerm(test: Node, yes: Node, no: Node, merge: number): Node | null {
    const { graph } = this;
    const [sum, term] = yes.args;
    const adds = yes.op === 'binary' && yes.operator === '+' && sum === no;
    if (!adds || term === undefined || yes.type.length !== null || test.type.length !== null) return null;
    return graph.binary('+', no, graph.select(test, term, graph.constant(-0), merge));
  }

  /** A whole chain of terms that are alike, as a fold over a vector. */
  #chain(top: Node & { op: 'binary' }): Node | null {
    const { operator } = top;
    if (this.#inside === null || this.#inside.has(top) || top.type.length !== null) return null;
    if (operator !== '+' && operator !== '*' && operator !== '&&' && operator !== '||') return null;
    const terms: Node[] = [];
    let start: Node = top;
    while (start === top || this.#inside.has(start)) {
      const [before, term] = start.args;
      if (before === undefined || term === undefined) break;
      terms.unshift(term);
      start = before;
    }
    return this.#reroll.chain(operator, this.of(start), terms.map(this.of));
  }

  #call(node: Node & { op: 'call' }, args: readonly Node[]): Node {
    const { graph } = this;
    const nan = graph.constant(Number.NaN);
    const [a = nan, b = nan, c = nan] = args;
    if (this.#inside === null) return graph.call(node.callee, args, node.type, node.option);
    const extreme = this.#extreme(node, args);
    if (extreme !== null) return extreme;
    if (node.callee === 'potential') return graph.binary('-', graph.binary('*', c, a), b);
    const vectors = args.filter((arg) => arg.type.length !== null);
    const known = vectors.every((arg) => arg.op === 'pack' || arg.op === 'constant');
    const entries =
      known && vectors.some((arg) => arg.op === 'pack')
        ? expandVectorCall(
            graph,
            node.callee,
            args.map((arg) => this.#entriesOf(arg)),
          )
        : null;
    if (entries === null) return graph.call(node.callee, args, node.type, node.option);
    return node.type.length === null ? (entries[0] ?? nan) : graph.pack(entries);
  }

  /** `Math.min` of many entries that are computed alike, and perhaps one number besides, as a fold over their vector. */
  #extreme({ callee }: Node & { op: 'call' }, args: readonly Node[]): Node | null {
    if (callee !== 'Math.max' && callee !== 'Math.min') return null;
    const operator = callee === 'Math.max' ? 'max' : 'min';
    const [first, ...rest] = args;
    const last = args.at(-1);
    const whole =
      this.#reroll.chain(operator, null, args) ??
      (first === undefined ? null : this.#reroll.chain(operator, first, rest)) ??
      (last === undefined ? null : this.#reroll.chain(operator, last, args.slice(0, -1)));
    if (whole !== null) return whole;
    const parts = this.#reroll.stretches(operator, args);
    return parts === null ? null : this.graph.call(callee, parts, { element: 'number', length: null });
  }

  #entriesOf(vector: Node): readonly Node[] {
    const { length } = vector.type;
    return length === null ? [vector] : Array.from({ length }, (_, index) => this.graph.take(vector, index));
  }

  #fold(node: Node & { op: 'fold' }, args: readonly Node[]): Node {
    const { graph } = this;
    const [vector = graph.constant(Number.NaN), start = null] = args;
    if (vector.op !== 'pack' || this.#inside === null) return graph.fold(node.operator, vector, start);
    const all = start === null ? vector.args : [start, ...vector.args];
    const { operator } = node;
    if (operator === 'max' || operator === 'min') {
      return graph.call(`Math.${operator}`, all, { element: 'number', length: null });
    }
    const operands = operator === '+' || operator === '*' ? all.map((entry) => graph.unary('number', entry)) : all;
    return operands.reduce((left, right) => graph.binary(operator, left, right));
  }
}
