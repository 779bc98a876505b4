import type { CallNode, Node } from '../../ir/node.ts';
import { type RewardProgram, rootsOf } from '../../ir/program.ts';
import { reachable } from '../../ir/reachable.ts';
import { askedOf } from './asked.ts';
import { checkNames } from './check-text.ts';
import { neverZero } from './facts.ts';
import { lower } from './lower.ts';
import { ModuleNames } from './module-names.ts';
import { pythonNames, pythonRuntime } from './runtime.ts';
import { binaryLevel, formulaText, level, numberText, primary, quoted, type Text, wrap } from './syntax.ts';

/** What the values of a program are called in plain Python, one step at a time. */
export abstract class StepExpressions {
  protected readonly program: RewardProgram;
  protected readonly nodes: readonly Node[];
  protected readonly names: ModuleNames;
  protected readonly used = new Set<string>();
  protected lines: ReadonlySet<Node> = new Set();
  protected uses: ReadonlyMap<Node, number> = new Map();
  /** What stands inside other texts: an operand may be asked for twice, which would double at each level. */
  readonly #texts = new Map<Node, Text>();

  constructor(program: RewardProgram) {
    this.program = lower(program);
    this.nodes = reachable(rootsOf(this.program));
    this.names = new ModuleNames(this.program, this.nodes, [
      ...pythonRuntime.keys(),
      ...['PARAMS', 'MEMORY', ...checkNames],
    ]);
  }

  protected literal(value: number | boolean | readonly (number | boolean)[]): string {
    if (typeof value === 'number') return numberText(value, 'math').text;
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    return `[${value.map((each) => this.literal(each)).join(', ')}]`;
  }

  protected use(node: Node): Text {
    if (this.lines.has(node)) return primary(this.names.of(node));
    const text = this.#texts.get(node) ?? this.expression(node);
    this.#texts.set(node, text);
    return text;
  }

  protected helper(name: string): string {
    this.used.add(name);
    return name;
  }

  protected expression(node: Node): Text {
    if (node.type.length !== null) return this.#vector(node);
    switch (node.op) {
      case 'input':
        return this.#input(node.role, node.field, node.type.element);
      case 'param':
        return primary(`params[${quoted(node.name)}]`);
      case 'memory':
        return primary(`memory[${quoted(node.name)}]`);
      case 'fold':
        return this.#fold(node);
      case 'take': {
        const [vector] = node.args;
        return primary(`${vector ? wrap(this.use(vector), level.primary) : ''}[${node.indices[0]}]`);
      }
      default:
        return this.#scalar(node, (arg) => this.use(arg));
    }
  }

  #input(role: string, field: string, element: string): Text {
    if (field === '') return role === 'action' ? primary('float(action)') : primary(role);
    const record = role === 'next' ? 'next_obs' : role;
    return primary(`${element === 'boolean' ? 'bool' : 'float'}(${record}[${quoted(field)}])`);
  }

  /** Arithmetic on scalars, or on one entry of each vector. */
  #scalar(node: Node, use: (arg: Node) => Text): Text {
    const [first, second, third] = node.args;
    const a = first ? use(first) : primary('math.nan');
    switch (node.op) {
      case 'constant': {
        const name = this.names.constant(node);
        if (name !== null) return primary(name);
        if (node.label === 'Math.PI') return primary('math.pi');
        if (node.operator !== null) return formulaText(node.operator, node.args.map(use), 'math');
        if (typeof node.value === 'boolean') return primary(node.value ? 'True' : 'False');
        return typeof node.value === 'number' ? numberText(node.value, 'math') : primary(this.literal(node.value));
      }
      case 'unary':
        if (node.operator === 'number') return primary(`float(${a.text})`);
        if (node.operator === 'truth') return this.#truth(a);
        if (node.operator === '!') return { text: `not ${wrap(a, level.not)}`, level: level.not };
        return { text: `-${wrap(a, level.negative)}`, level: level.negative };
      case 'binary':
        return this.#binary(node, first, second, use);
      case 'select': {
        const text = `${wrap(second ? use(second) : a, level.ternary + 1)} if ${wrap(a, level.ternary + 1)} else ${wrap(third ? use(third) : a, level.ternary)}`;
        return { text, level: level.ternary };
      }
      case 'call':
        return this.#call(
          node,
          node.args.map((arg) => use(arg).text),
        );
      default:
        return a;
    }
  }

  /** NaN counts as false, as in JavaScript. */
  #truth(a: Text): Text {
    return { text: `abs(${a.text}) > 0.0`, level: level.compare };
  }

  #binary(
    node: Node & { op: 'binary' },
    first: Node | undefined,
    second: Node | undefined,
    use: (arg: Node) => Text,
  ): Text {
    if (first === undefined || second === undefined) return primary('math.nan');
    const { operator } = node;
    const asked = askedOf(node, this.lines);
    if (asked !== null) {
      const text = `math.${asked.test}(${use(asked.of).text})`;
      return asked.holds ? primary(text) : { text: `not ${text}`, level: level.not };
    }
    const a = use(first);
    const b = use(second);
    if (operator === '/' && !neverZero(second)) return primary(`${this.helper('divide')}(${a.text}, ${b.text})`);
    if (operator === '%') return primary(`${this.helper('remainder')}(${a.text}, ${b.text})`);
    if (operator === '**') {
      const square = second.op === 'constant' && second.value === 2;
      if (square && /^[A-Za-z_]\w*$/.test(a.text)) return { text: `${a.text} * ${a.text}`, level: level.product };
      if (square) return primary(`${this.helper('square')}(${a.text})`);
      return primary(`${this.helper('power')}(${a.text}, ${b.text})`);
    }
    const spelled = { '&&': 'and', '||': 'or', '===': '==', '!==': '!=' } as const;
    const word = operator in spelled ? spelled[operator as keyof typeof spelled] : operator;
    const at = binaryLevel[operator];
    const left = at === level.compare ? at + 1 : at;
    return { text: `${wrap(a, left)} ${word} ${wrap(b, at <= level.and ? at : at + 1)}`, level: at };
  }

  #call(node: CallNode, args: readonly string[]): Text {
    if (node.callee === 'tolerance') {
      const [x, lower, upper, margin, atMargin] = args;
      return primary(
        `${this.helper('tolerance')}(${x}, (${lower}, ${upper}), ${margin}, ${quoted(node.option ?? 'gaussian')}, ${atMargin})`,
      );
    }
    const name = pythonNames.get(node.callee) ?? node.callee.replace('Math.', '');
    if (pythonRuntime.has(name)) this.helper(name);
    return primary(`${name}(${args.join(', ')})`);
  }

  #fold(node: Node & { op: 'fold' }): Text {
    const [vector, start] = node.args;
    if (vector === undefined) return primary('math.nan');
    const from = start === undefined ? null : this.use(start).text;
    if (node.operator === 'max' || node.operator === 'min') {
      const name = this.helper(node.operator === 'max' ? 'maximum' : 'minimum');
      return primary(`${name}(${from === null ? '' : `${from}, `}*${this.#items(vector, 'list')})`);
    }
    if (node.operator === '&&' || node.operator === '||') {
      const all = `${node.operator === '&&' ? 'all' : 'any'}(${this.#items(vector, 'argument')})`;
      if (from === null) return primary(all);
      return { text: `${from} ${node.operator === '&&' ? 'and' : 'or'} ${all}`, level: level.or };
    }
    if (node.operator === '*') return primary(`math.prod(${this.#items(vector, 'list')}, start=${from ?? '1.0'})`);
    const values = this.#items(vector, from === null ? 'argument' : 'generator');
    return primary(`${this.helper('add_up')}(${values}${from === null ? '' : `, ${from}`})`);
  }

  /** An arm of a choice between vectors: one number there stands for all entries. */
  protected armOf({ type }: Node, value: Node): string {
    const { text } = this.use(value);
    return type.length !== null && value.type.length === null ? `[${text}] * ${type.length}` : text;
  }

  /** The entries of a vector, as something to go through. */
  #items(node: Node, as: 'list' | 'argument' | 'generator'): string {
    if (this.lines.has(node)) return this.names.of(node);
    const text = this.#vector(node).text;
    const inner = /^\[(.* for .* in .*)\]$/.exec(text)?.[1];
    if (as === 'list' || inner === undefined || /\] \+ \[/.test(text)) return text;
    return as === 'argument' ? inner : `(${inner})`;
  }

  /** A vector as a list: one comprehension for all arithmetic on entries that has no name of its own. */
  #vector(node: Node): Text {
    switch (node.op) {
      case 'input': {
        const source =
          node.field === '' ? 'action' : `${node.role === 'next' ? 'next_obs' : node.role}[${quoted(node.field)}]`;
        const convert = node.type.element === 'boolean' ? 'bool' : 'float';
        return primary(`[${convert}(x) for x in ${source}]`);
      }
      case 'constant': {
        const name = this.names.constant(node);
        return primary(name ?? this.literal(node.value));
      }
      case 'pack':
        return primary(`[${node.args.map((arg) => this.use(arg).text).join(', ')}]`);
      case 'take':
        return this.#slice(node);
      case 'call':
        if (
          !node.callee.startsWith('Math.') &&
          node.args.some((arg) => arg.type.length !== null) &&
          !['clamp', 'tolerance', 'wrapAngle', 'potential'].includes(node.callee)
        ) {
          return this.#call(
            node,
            node.args.map((arg) => this.use(arg).text),
          );
        }
        return this.#comprehension(node);
      case 'select':
        // An arm that is one number for all entries makes it a choice entry by entry.
        if (node.args.every(({ type }, place) => (type.length === null) === (place === 0))) {
          return this.#scalar(node, (arg) => this.use(arg));
        }
        return this.#comprehension(node);
      default:
        return this.#comprehension(node);
    }
  }

  #slice(node: Node & { op: 'take' }): Text {
    const [vector] = node.args;
    const source = vector ? wrap(this.use(vector), level.primary) : '';
    const first = node.indices[0] ?? 0;
    const run = node.indices.every((index, place) => index === first + place);
    if (run) return primary(`${source}[${first === 0 ? '' : first}:${first + node.indices.length}]`);
    return primary(`[${source}[i] for i in (${node.indices.join(', ')})]`);
  }

  #comprehension(node: Node): Text {
    const over = new Map<Node, string>();
    const known = new Map<Node, Text>();
    const use = (arg: Node): Text => {
      if (arg.type.length === null) return this.use(arg);
      const text = known.get(arg) ?? entry(arg);
      known.set(arg, text);
      return text;
    };
    const entry = (arg: Node): Text => {
      const plain =
        arg.op === 'unary' ||
        arg.op === 'binary' ||
        (arg.op === 'call' && this.#isElementwise(arg)) ||
        (arg.op === 'select' && arg.args.some(({ type }, place) => (type.length === null) !== (place === 0)));
      if (plain && !this.lines.has(arg)) return this.#scalar(arg, use);
      const name = over.get(arg) ?? this.names.entryOf(arg);
      over.set(arg, name);
      return primary(name);
    };
    const text = this.#scalar(node, use).text;
    const names = [...over.values()];
    const sources = [...over.keys()].map((each) => wrap(this.use(each), level.ternary + 1));
    const from = sources.length === 1 ? sources[0] : `zip(${sources.join(', ')})`;
    return primary(`[${text} for ${names.join(', ')} in ${from}]`);
  }

  #isElementwise(node: CallNode): boolean {
    return node.callee.startsWith('Math.') || ['clamp', 'tolerance', 'wrapAngle', 'potential'].includes(node.callee);
  }
}
