import type { CallNode, ConstantNode, Node } from '../../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../../ir/program.ts';
import { reachable } from '../../../ir/reachable.ts';
import { type Asked, askedOf } from '../asked.ts';
import { deepParts } from '../deep-parts.ts';
import { lower } from '../lower.ts';
import { ModuleNames } from '../module-names.ts';
import { binaryLevel, formulaText, level, numberText, primary, type Text, wrap } from '../syntax.ts';
import { signedZeros } from '../zero-sign.ts';
import { defaultValues } from './defaults.ts';

/** What a value is while the batch runs: a Python number, an array without the batch axes, or one with them. */
export type Kind = 'number' | 'fixed' | 'batch';

const isLeaf = (node: Node): boolean => node.op === 'constant' || node.op === 'param' || node.op === 'memory';

/**
 * A program over a batch of environments: vectors are the last axis, conditions are masks, and every value that is used
 * twice has a line. What the array libraries share; `numpy.ts` and `torch.ts` add what they do not.
 */
export abstract class BatchWriter {
  protected readonly program: RewardProgram;
  protected readonly nodes: readonly Node[];
  protected readonly names: ModuleNames;
  protected readonly used = new Set<string>();
  protected readonly signed: ReadonlySet<Node>;
  protected lines: ReadonlySet<Node> = new Set();
  readonly #kinds = new Map<Node, Kind>();
  /** What stands inside other texts: some ask for an operand twice, which would double at each level. */
  readonly #texts = new Map<Node, Text>();
  readonly #commented = new Set<Node>();

  constructor(program: RewardProgram, reserved: Iterable<string>) {
    this.program = lower(program);
    this.nodes = reachable(rootsOf(this.program));
    this.names = new ModuleNames(this.program, this.nodes, reserved);
    this.signed = signedZeros(this.program);
    this.default = defaultValues(this.program.params);
  }

  protected abstract readonly module: 'np' | 'torch';
  protected abstract input(node: Node & { op: 'input' }): string;
  protected abstract param(name: string): string;
  protected abstract vectorConstant(node: ConstantNode): Text;
  protected abstract asNumber(mask: string): Text;
  protected abstract where(test: Node, yes: Node, no: Node, node: Node): Text;
  /** A quotient that needs more than an operator; null where it does not. */
  protected abstract divided(a: Node, b: Node, node: Node): Text | null;
  protected abstract remainder(a: Node, b: Node, node: Node): Text;
  protected abstract power(a: Node, b: Node, node: Node): Text;
  protected abstract call(node: CallNode): Text;
  protected abstract pack(node: Node): Text;
  protected abstract gather(vector: string, indices: readonly number[]): Text;
  protected abstract folded(node: Node & { op: 'fold' }, vector: Node, start: Node | null): Text;
  /** The kind of an operation whose operands are all Python numbers. */
  protected abstract numberKind(node: Node): Kind;

  /** The lines of the function's body, in the program's order. */
  protected body(): string[] {
    const { components, total, memory, ownTotal } = this.program.graph;
    const roots = [...components, ...memory].map(({ node }) => node);
    if (ownTotal) roots.push(total);
    const nodes = reachable(roots);
    const uses = new Map<Node, number>();
    for (const node of [...roots, ...nodes.flatMap(({ args }) => args)]) uses.set(node, (uses.get(node) ?? 0) + 1);
    const lines = new Set(nodes.filter((node) => this.#hasLine(node, uses.get(node) ?? 0)));
    this.lines = new Set([...lines, ...deepParts(nodes, lines, false)]);
    return nodes
      .filter((node) => this.lines.has(node))
      .filter((node) => this.expression(node).text !== this.names.of(node))
      .flatMap((node) => {
        const text = this.expression(node).text;
        return [...this.comments(node), `    ${this.names.of(node)} = ${text}`];
      });
  }

  #hasLine(node: Node, uses: number): boolean {
    if (isLeaf(node)) return node.op === 'constant' && this.namesConstant(node);
    if (node.op === 'input' || this.program.annotations.get(node)?.declared === true) return true;
    // A number of the program with another sign is as short as its name; a mask of one is not.
    const [a] = node.args;
    return uses > 1 && !(node.op === 'unary' && node.operator !== 'truth' && a !== undefined && isLeaf(a));
  }

  /** Whether a constant gets a line in the function. */
  protected namesConstant(_node: ConstantNode): boolean {
    return false;
  }

  /** What the program says of a line and of the conditions that are written inside it, once. */
  protected comments(root: Node): string[] {
    const found: string[] = [];
    const visit = (node: Node): void => {
      if (this.#commented.has(node)) return;
      if (node !== root && this.lines.has(node)) return;
      this.#commented.add(node);
      node.args.forEach(visit);
      found.push(...(this.program.testComments.get(node) ?? []));
    };
    visit(root);
    const label = root.op === 'constant' ? this.program.labels.get(root.label ?? '') : undefined;
    found.push(...(label ?? this.program.annotations.get(root)?.comment ?? []));
    return found.map((line) => `    # ${line}`.trimEnd());
  }

  kind(node: Node): Kind {
    const known = this.#kinds.get(node);
    if (known !== undefined) return known;
    const made = this.#kindOf(node);
    this.#kinds.set(node, made);
    return made;
  }

  #kindOf(node: Node): Kind {
    if (node.op === 'input' || node.op === 'memory') return 'batch';
    if (node.op === 'constant' || node.op === 'param') return node.type.length === null ? 'number' : 'fixed';
    const kinds = node.args.map((arg) => this.kind(arg));
    if (kinds.includes('batch')) return 'batch';
    if (kinds.includes('fixed') || node.type.length !== null) return 'fixed';
    return this.numberKind(node);
  }

  protected readonly default: (node: Node) => number | boolean | null;

  /** A node where it is used: its name when it has a line. */
  protected use(node: Node): Text {
    if (this.lines.has(node)) return primary(this.names.of(node));
    const text = this.#texts.get(node) ?? this.expression(node);
    this.#texts.set(node, text);
    return text;
  }

  /** An operand of an operation on entries: a scalar of the batch gets the last axis where the result is a vector. */
  protected operand(arg: Node, within: Node): Text {
    const text = this.use(arg);
    if (within.type.length === null || arg.type.length !== null || this.kind(arg) !== 'batch') return text;
    return primary(`${wrap(text, level.primary)}[..., None]`);
  }

  /** An operand of a logical operation on masks. */
  protected mask(arg: Node, within: Node): Text {
    return this.operand(arg, within);
  }

  protected helper(name: string): string {
    this.used.add(name);
    return name;
  }

  protected expression(node: Node): Text {
    const [a, b, c] = node.args;
    switch (node.op) {
      case 'constant':
        return this.#constant(node);
      case 'input':
        return primary(this.input(node));
      case 'param':
        return primary(this.param(node.name));
      case 'memory':
        return primary(`memory["${node.name}"]`);
      case 'unary':
        return a === undefined ? primary('') : this.#unary(node, a);
      case 'binary':
        return a === undefined || b === undefined ? primary('') : this.#binary(node, a, b);
      case 'select':
        return a && b && c ? this.where(a, b, c, node) : primary('');
      case 'call':
        return this.call(node);
      case 'pack':
        return this.pack(node);
      case 'take':
        return a === undefined ? primary('') : this.#take(a, node);
      case 'fold':
        return a === undefined ? primary('') : this.folded(node, a, b ?? null);
      case 'hole':
        return primary(`${this.module === 'np' ? 'np' : 'math'}.nan`);
    }
  }

  #constant(node: ConstantNode): Text {
    if (Array.isArray(node.value)) return this.vectorConstant(node);
    const { value } = node;
    if (typeof value === 'boolean') return primary(value ? 'True' : 'False');
    const module = this.module === 'np' ? 'np' : 'math';
    if (node.label === 'Math.PI') return primary(`${module}.pi`);
    if (node.operator !== null) {
      return formulaText(
        node.operator,
        node.args.map((arg) => this.use(arg)),
        module,
      );
    }
    if (typeof value !== 'number') return primary(`${module}.nan`);
    return numberText(value, module);
  }

  #unary(node: Node & { op: 'unary' }, a: Node): Text {
    const text = this.use(a);
    const isNumber = this.kind(a) === 'number';
    switch (node.operator) {
      case '-':
        return { text: `-${wrap(text, level.negative)}`, level: level.negative };
      case '!':
        if (isNumber) return { text: `not ${wrap(text, level.not)}`, level: level.not };
        return { text: `~${wrap(text, level.invert)}`, level: level.invert };
      case 'number':
        return isNumber ? primary(`float(${text.text})`) : this.asNumber(text.text);
      case 'truth':
        // Not so for NaN, which counts as false.
        return { text: `${isNumber ? '' : `${this.module}.`}abs(${text.text}) > 0.0`, level: level.compare };
    }
  }

  /** `isnan(x)`, `isfinite(x)`. */
  #numeric({ test, of, holds }: Asked): Text {
    const isNumber = this.kind(of) === 'number';
    const text = `${isNumber ? 'math' : this.module}.${test}(${this.use(of).text})`;
    if (holds) return primary(text);
    return isNumber ? { text: `not ${text}`, level: level.not } : { text: `~${text}`, level: level.invert };
  }

  #binary(node: Node & { op: 'binary' }, first: Node, second: Node): Text {
    const { operator } = node;
    const asked = askedOf(node, this.lines);
    if (asked !== null) return this.#numeric(asked);
    if (operator === '%') return this.remainder(first, second, node);
    if (operator === '**') return this.power(first, second, node);
    const a = this.operand(first, node);
    const b = this.operand(second, node);
    const isNumber = this.kind(first) === 'number' && this.kind(second) === 'number';
    if (operator === '/') {
      const divided = this.divided(first, second, node);
      if (divided !== null) return divided;
    }
    if ((operator === '&&' || operator === '||') && !isNumber) {
      const at = operator === '&&' ? level.bitAnd : level.bitOr;
      const [left, right] = [this.mask(first, node), this.mask(second, node)];
      return { text: `${wrap(left, at)} ${operator === '&&' ? '&' : '|'} ${wrap(right, at)}`, level: at };
    }
    const spelled = { '&&': 'and', '||': 'or', '===': '==', '!==': '!=' } as const;
    const word = operator in spelled ? spelled[operator as keyof typeof spelled] : operator;
    const at = binaryLevel[operator];
    const left = at === level.compare ? at + 0.1 : at;
    const right = at <= level.and ? at : at + 0.1;
    return { text: `${wrap(a, left)} ${word} ${wrap(b, right)}`, level: at };
  }

  /** An arm of a selection; a vector of one number repeated is that number. */
  protected arm(arg: Node, within: Node): Text {
    const repeated = arg.op === 'constant' && arg.type.element === 'number' && this.#repeated(arg);
    const other = within.args.slice(1).some((each) => each.op !== 'constant' && each.type.length !== null);
    if (repeated === false || repeated === null || !other) return this.operand(arg, within);
    return numberText(repeated, this.module === 'np' ? 'np' : 'math');
  }

  #repeated({ value }: ConstantNode): number | null {
    if (!Array.isArray(value)) return null;
    const [first]: readonly (number | boolean)[] = value;
    const same = typeof first === 'number' && value.every((each: number | boolean) => Object.is(each, first));
    return same ? first : null;
  }

  #take(vector: Node, node: Node & { op: 'take' }): Text {
    const source = wrap(this.use(vector), level.primary);
    const { indices } = node;
    const [first = 0, second = 0] = indices;
    if (node.type.length === null) return primary(`${source}[..., ${first}]`);
    const stride = indices.length === 1 ? 1 : second - first;
    if (stride < 1 || !indices.every((index, place) => index === first + place * stride)) {
      return this.gather(source, indices);
    }
    const end = (indices.at(-1) ?? 0) + 1;
    const from = first === 0 ? '' : String(first);
    const to = end === vector.type.length ? '' : String(end);
    return primary(`${source}[..., ${from}:${to}${stride === 1 ? '' : `:${stride}`}]`);
  }
}
