import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { limits } from '../limits.ts';
import type { BinaryNode, CallNode, Node, SelectNode, UnaryNode } from './node.ts';
import type { RewardProgram } from './program.ts';
import { reachable } from './reachable.ts';

/** One operand of a sum or a product; `negative` says that it is subtracted, or that its sign is turned. */
interface Term {
  readonly negative: boolean;
  readonly form: string;
}

const turned = ({ negative, form }: Term): Term => ({ negative: !negative, form });

/** The sign of a negated factor. */
const minusOne: Term = { negative: true, form: '' };

/** A short name for a form that is long: forms are compared, never read. */
const digest = (form: string): string => bytesToHex(sha256(utf8ToBytes(form))).slice(0, 32);

const sorted = (forms: readonly string[]): string => forms.toSorted().join(' ');

function product(factors: readonly Term[]): Term {
  const forms = factors.flatMap(({ form }) => (form === '' ? [] : [form]));
  const negative = factors.filter((factor) => factor.negative).length % 2 === 1;
  return { negative, form: digest(`product ${sorted(forms)}`) };
}

/** Functions whose arguments may change places. */
const symmetric: ReadonlySet<string> = new Set(['Math.max', 'Math.min', 'Math.hypot', 'dot', 'distance', 'quatAngle']);

const spelled = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(spelled).join(' ')}]` : Object.is(value, -0) ? '-0' : String(value);

/**
 * The forms of a program's nodes: two nodes have one form when they differ in names, in how literals are spelled, and in
 * the order and grouping of commuting operands only.
 */
class Forms {
  readonly #forms = new Map<Node, string>();
  readonly #addends = new Map<Node, readonly Term[]>();
  readonly #factors = new Map<Node, readonly Term[]>();
  readonly #variable: (node: Node & { readonly op: 'param' | 'memory' }) => string;

  constructor(variable: (node: Node & { readonly op: 'param' | 'memory' }) => string) {
    this.#variable = variable;
  }

  /** Asked for operands before users, so that the recursion stays shallow. */
  of(node: Node): string {
    const known = this.#forms.get(node);
    if (known !== undefined) return known;
    const form = this.#single(node) ?? digest(this.#describe(node));
    this.#forms.set(node, form);
    return form;
  }

  /** A sum of one addend, as in `-(-x)`, is that addend. */
  #single(node: Node): string | undefined {
    const sum = node.op === 'unary' ? node.operator === '-' : node.op === 'binary' && node.operator === '*';
    if (!sum) return undefined;
    const [only, ...more] = this.#addendsOf(node);
    return only === undefined || more.length > 0 || only.negative ? undefined : only.form;
  }

  #describe(node: Node): string {
    switch (node.op) {
      case 'constant':
        return `${node.type.element} ${spelled(node.value)}`;
      case 'input':
        return `input ${node.role} ${node.field}`;
      case 'param':
      case 'memory':
        return this.#variable(node);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'select':
        return this.#select(node);
      case 'call':
        return this.#call(node);
      case 'pack':
        return `pack ${node.args.map((arg) => this.of(arg)).join(' ')}`;
      case 'take':
        return `take ${node.type.length} ${node.indices.join(' ')} ${node.args.map((arg) => this.of(arg)).join(' ')}`;
      case 'fold':
        return `fold ${node.operator} ${node.args.map((arg) => this.of(arg)).join(' ')}`;
      case 'hole':
        return 'hole';
    }
  }

  #unary(node: UnaryNode): string {
    const [a] = node.args;
    if (node.operator === '-') return this.#sum(node);
    return `${node.operator} ${a === undefined ? '' : this.of(a)}`;
  }

  #binary(node: BinaryNode): string {
    const [a, b] = node.args.map((arg) => this.of(arg));
    switch (node.operator) {
      case '+':
      case '-':
      case '*':
        return this.#sum(node);
      case '>':
        return `< ${b} ${a}`;
      case '>=':
        return `<= ${b} ${a}`;
      case '===':
      case '!==':
      case '&&':
      case '||':
        return `${node.operator} ${sorted([a ?? '', b ?? ''])}`;
      default:
        return `${node.operator} ${a} ${b}`;
    }
  }

  #select(node: SelectNode): string {
    const [test, then, otherwise] = node.args;
    if (test === undefined || then === undefined || otherwise === undefined) return 'select';
    const inner = test.op === 'unary' && test.operator === '!' ? test.args[0] : undefined;
    return inner === undefined
      ? `select ${this.of(test)} ${this.of(then)} ${this.of(otherwise)}`
      : `select ${this.of(inner)} ${this.of(otherwise)} ${this.of(then)}`;
  }

  #call(node: CallNode): string {
    const args = node.args.map((arg) => this.of(arg));
    return `${node.callee} ${node.option ?? ''} ${symmetric.has(node.callee) ? sorted(args) : args.join(' ')}`;
  }

  #sum(node: Node): string {
    return `sum ${sorted(this.#addendsOf(node).map(({ negative, form }) => `${negative ? '-' : '+'}${form}`))}`;
  }

  /** What a node adds up, signs included. A sum that is too long for that is one addend. */
  #addendsOf(node: Node): readonly Term[] {
    const known = this.#addends.get(node);
    if (known !== undefined) return known;
    const found = this.#addendsAnew(node);
    const kept = found.length > limits.normalTerms ? this.#addendsOfLongSum(node) : found;
    this.#addends.set(node, kept);
    return kept;
  }

  #addendsAnew(node: Node): readonly Term[] {
    const [a, b] = node.args;
    if (node.op === 'unary' && node.operator === '-' && a) return this.#addendsOf(a).map(turned);
    if (node.op === 'binary' && a && b) {
      if (node.operator === '+') return [...this.#addendsOf(a), ...this.#addendsOf(b)];
      if (node.operator === '-') return [...this.#addendsOf(a), ...this.#addendsOf(b).map(turned)];
      if (node.operator === '*') return [product(this.#factorsOf(node))];
    }
    return [this.#signed(node)];
  }

  #addendsOfLongSum(node: Node): readonly Term[] {
    const [a, b] = node.args;
    if (node.op !== 'binary' || !a || !b) return [this.#signed(node)];
    const second = { negative: node.operator === '-', form: this.of(b) };
    return [{ negative: false, form: this.of(a) }, second];
  }

  #factorsOf(node: Node): readonly Term[] {
    const known = this.#factors.get(node);
    if (known !== undefined) return known;
    const [a, b] = node.args;
    const found =
      node.op === 'binary' && node.operator === '*' && a && b
        ? [...this.#factorsOf(a), ...this.#factorsOf(b)]
        : node.op === 'unary' && node.operator === '-' && a
          ? [...this.#factorsOf(a), minusOne]
          : [this.#signed(node)];
    const kept =
      found.length > limits.normalTerms && a && b
        ? [a, b].map((arg) => ({ negative: false, form: this.of(arg) }))
        : found;
    this.#factors.set(node, kept);
    return kept;
  }

  /** A negative constant is its size with the sign turned, so that `-2 * x` and `-(2 * x)` are one. */
  #signed(node: Node): Term {
    if (node.op === 'constant' && typeof node.value === 'number' && node.value < 0) {
      return { negative: true, form: digest(`number ${spelled(-node.value)}`) };
    }
    return { negative: false, form: this.of(node) };
  }
}

/**
 * The hash of a program's normal form, 32 hexadecimal digits: equal for programs that differ in names, layout, comments,
 * the spelling of literals, and the order and grouping of commuting terms only. Components count by what they compute,
 * not by their names; a tunable number counts by its value and is told from a literal.
 */
export function normalFormHash(program: Pick<RewardProgram, 'entry' | 'params' | 'memory' | 'graph'>): string {
  const { components, total, ownTotal, memory } = program.graph;
  const roots = [...components.map(({ node }) => node), total, ...memory.map(({ node }) => node)];
  const nodes = reachable(roots);
  // What a memory is called does not matter: it is known by its first value, then by how it changes as well.
  let known = new Map([...program.memory].map(([name, value]) => [name, `memory ${spelled(value)}`]));
  const formsWith = (names: ReadonlyMap<string, string>): Forms => {
    const forms = new Forms((node) =>
      node.op === 'param' ? `param ${spelled(program.params.get(node.name))}` : (names.get(node.name) ?? ''),
    );
    for (const node of nodes) forms.of(node);
    return forms;
  };
  for (let round = 0; round < limits.normalMemoryRounds && known.size > 0; round += 1) {
    const forms = formsWith(known);
    const after = new Map(memory.map(({ name, node }) => [name, forms.of(node)]));
    known = new Map([...known].map(([name, form]) => [name, digest(`${form} ${after.get(name) ?? ''}`)]));
  }
  const forms = formsWith(known);
  return digest(
    [
      program.entry,
      sorted(components.map(({ node }) => forms.of(node))),
      ownTotal ? forms.of(total) : 'summed',
      sorted([...known.values()]),
    ].join(' / '),
  );
}

/** The normal forms of a program's nodes, its params and memory known by name: what one component shares with another. */
export function formsByName(roots: readonly Node[], paramName: (name: string) => string): (node: Node) => string {
  const forms = new Forms(({ op, name }) => `${op} ${op === 'param' ? paramName(name) : name}`);
  for (const node of reachable(roots)) forms.of(node);
  return (node) => forms.of(node);
}
