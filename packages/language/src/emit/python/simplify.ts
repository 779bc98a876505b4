import type { FoldOperator, Node, SelectNode } from '../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../ir/program.ts';
import { reachable } from '../../ir/reachable.ts';
import { neverNegative } from './facts.ts';
import { Rebuild } from './rebuild.ts';
import { signedZeros } from './zero-sign.ts';

/**
 * The same program without what nobody would write: a factor or divisor of 1, a sum that starts from 0, a minus before a minus,
 * a choice inside a choice that gives the same again, a choice of truth values. Every result stays as it is, bit for bit, but for
 * the sign of a zero that nothing tells apart.
 */
export function simplify(program: RewardProgram): RewardProgram {
  return new Simplification(program).run();
}

/** What a reduction may start from without a trace. */
const neutral: Readonly<Record<FoldOperator, number | boolean>> = {
  '+': 0,
  '*': 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  '&&': true,
  '||': false,
};

/** Whether a node is a number or truth value that the program gives no name. */
const is = (node: Node | undefined, value: number | boolean): boolean =>
  node?.op === 'constant' && node.label === null && node.operator === null && node.value === value;

const isMinusZero = (node: Node): boolean => node.op === 'constant' && Object.is(node.value, -0);

const groupOf = (select: SelectNode): string => `${select.args[0]?.id} ${select.merge}`;

class Simplification extends Rebuild {
  readonly #signed: ReadonlySet<Node>;
  readonly #uses = new Map<Node, number>();
  /** How many values a branch of the program chooses: those of one branch stay together. */
  readonly #groups = new Map<string, number>();
  /** What selections became that stand alone and that one other value uses. */
  readonly #mergeable = new Set<Node>();

  constructor(program: RewardProgram) {
    super(program);
    this.#signed = signedZeros(program);
    const nodes = reachable(rootsOf(program));
    for (const node of [...rootsOf(program), ...nodes.flatMap(({ args }) => args)]) {
      this.#uses.set(node, (this.#uses.get(node) ?? 0) + 1);
    }
    for (const node of nodes) {
      if (node.op === 'select') this.#groups.set(groupOf(node), (this.#groups.get(groupOf(node)) ?? 0) + 1);
    }
  }

  protected rebuild(node: Node, args: readonly Node[]): Node {
    const made = this.#simpler(node, args) ?? this.same(node, args);
    if (node.op === 'select' && made.op === 'select' && this.#standsAlone(node)) this.#mergeable.add(made);
    return made;
  }

  /** A choice that is not one of several of its branch, has no comment, and whose value has no name and one user. */
  #standsAlone(node: SelectNode): boolean {
    const [test] = node.args;
    if (test === undefined || this.program.testComments.has(test) || this.#groups.get(groupOf(node)) !== 1)
      return false;
    return this.#uses.get(node) === 1 && this.program.annotations.get(node)?.declared !== true;
  }

  #simpler(node: Node, args: readonly Node[]): Node | null {
    const { graph } = this;
    const [a, b, c] = args;
    if (node.op === 'constant') {
      return Object.is(node.value, -0) && node.label === null && !this.#signed.has(node) ? graph.constant(0) : null;
    }
    if (a === undefined) return null;
    if (node.op === 'unary') return this.#unary(node, a);
    if (b === undefined) return null;
    if (node.op === 'binary') return this.#binary(node, a, b);
    if (node.op === 'fold') {
      const isTold = node.operator === '+' && this.#signed.has(node) && !neverNegative(a);
      return is(b, neutral[node.operator]) && !isTold ? graph.fold(node.operator, a, null) : null;
    }
    return node.op === 'select' && c !== undefined ? this.#select(node, a, b, c) : null;
  }

  #unary(node: Node & { op: 'unary' }, a: Node): Node | null {
    const [inner, other] = a.args;
    if (node.operator === '-' && a.op === 'unary' && a.operator === '-') return inner ?? null;
    const [before] = node.args;
    const isHidden = before !== undefined && this.#isHidden(before) && this.#uses.get(before) === 1;
    if (node.operator !== '!' || a.op !== 'binary' || !isHidden || inner === undefined || other === undefined)
      return null;
    if (a.operator === '===') return this.graph.binary('!==', inner, other);
    return a.operator === '!==' ? this.graph.binary('===', inner, other) : null;
  }

  #isHidden(node: Node): boolean {
    return this.program.annotations.get(node)?.declared !== true;
  }

  /** What a sum or product is without what changes nothing; null where that is of another type, as a number in place of a vector. */
  #binary(node: Node & { op: 'binary' }, a: Node, b: Node): Node | null {
    const left = this.#leftOf(node, a, b);
    const isAlike = left?.type.element === node.type.element && left.type.length === node.type.length;
    return isAlike ? left : null;
  }

  #leftOf(node: Node & { op: 'binary' }, a: Node, b: Node): Node | null {
    const { graph } = this;
    const { operator } = node;
    const [, second] = node.args;
    switch (operator) {
      case '*':
        return is(a, 1) ? b : is(b, 1) ? a : null;
      case '/':
        return is(b, 1) ? a : null;
      case '**':
        return is(b, 1) ? a : is(b, 0) ? graph.constant(1) : null;
      case '+':
        if (this.#signed.has(node)) return null;
        return is(a, 0) ? b : is(b, 0) ? a : null;
      case '-': {
        if (is(b, 0) && (!isMinusZero(b) || !this.#signed.has(node))) return a;
        const turned = second !== undefined && this.#isHidden(second) ? this.#turned(b) : null;
        return turned === null ? null : graph.binary('+', a, turned);
      }
      default:
        return null;
    }
  }

  /** What is left of a value without the minus that it begins with; null where there is none. */
  #turned(node: Node): Node | null {
    const [a, b] = node.args;
    if (node.op === 'constant') {
      const isPlain = node.label === null && node.operator === null && typeof node.value === 'number' && node.value < 0;
      return isPlain ? this.graph.constant(-Number(node.value)) : null;
    }
    if (node.op === 'unary' && node.operator === '-') return a ?? null;
    if (node.op !== 'binary' || (node.operator !== '*' && node.operator !== '/') || !a || !b) return null;
    const turned = this.#turned(a);
    if (turned === null) return null;
    return is(turned, 1) && node.operator === '*' ? b : this.graph.binary(node.operator, turned, b);
  }

  #select(node: SelectNode, test: Node, yes: Node, no: Node): Node | null {
    const { graph } = this;
    if (yes.type.element === 'boolean') {
      if (is(yes, true)) return graph.binary('||', test, no);
      if (is(yes, false)) return graph.binary('&&', graph.unary('!', test), no);
      if (is(no, true)) return graph.binary('||', graph.unary('!', test), yes);
      if (is(no, false)) return graph.binary('&&', test, yes);
    }
    const [asked] = node.args;
    if (asked === undefined || this.program.testComments.has(asked) || this.#groups.get(groupOf(node)) !== 1)
      return null;
    return this.#merged(node, test, yes, no);
  }

  /** A choice and the choice in one of its arms as one, where both may give the same. */
  #merged({ merge }: SelectNode, test: Node, yes: Node, no: Node): Node | null {
    const { graph } = this;
    const inner = this.#mergeable.has(no) ? no : this.#mergeable.has(yes) ? yes : null;
    const [asked, first, second] = inner?.args ?? [];
    if (!asked || !first || !second || asked.type.length !== test.type.length) return null;
    if (inner === no) {
      if (first === yes) return graph.select(graph.binary('||', test, asked), yes, second, merge);
      if (second !== yes) return null;
      return graph.select(graph.binary('&&', graph.unary('!', test), asked), first, yes, merge);
    }
    if (second === no) return graph.select(graph.binary('&&', test, asked), first, no, merge);
    if (first !== no) return null;
    return graph.select(graph.binary('&&', test, graph.unary('!', asked)), second, no, merge);
  }
}
