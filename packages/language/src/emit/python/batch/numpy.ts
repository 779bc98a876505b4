import type { CallNode, ConstantNode, Node } from '../../../ir/node.ts';
import type { RewardProgram } from '../../../ir/program.ts';
import { checkNames, numpyCheck } from '../check-text.ts';
import { docstring } from '../docstring.ts';
import { neverNegative } from '../facts.ts';
import { moduleText } from '../module.ts';
import { recordText } from '../record.ts';
import { level, numberText, primary, quoted, type Text, wrap } from '../syntax.ts';
import { numpyNames, numpyRuntime } from './numpy-runtime.ts';
import { BatchWriter, type Kind } from './writer.ts';

/** The program over NumPy arrays: a batch of environments on the leading axes, vectors on the last one. */
export function emitNumpy(program: RewardProgram): string {
  return new NumpyWriter(program).write();
}

class NumpyWriter extends BatchWriter {
  protected readonly module = 'np';

  constructor(program: RewardProgram) {
    super(program, [...numpyRuntime.keys(), 'PARAMS', 'MEMORY', 'initial_memory', 'reset_memory', ...checkNames]);
  }

  write(): string {
    const { program } = this;
    const { components, total, memory, ownTotal } = program.graph;
    const keeps = program.memory.size > 0;
    const body = this.body();
    const entries = components.flatMap(({ name, node, comment }) => [
      ...comment.map((line) => `        # ${line}`),
      ...this.comments(node).map((line) => `    ${line}`),
      `        ${quoted(name)}: ${this.#result(node)},`,
    ]);
    const sum = components.map(({ name }) => `components[${quoted(name)}]`).join(' + ');
    const after = memory.map(({ name, node }) => `        ${quoted(name)}: ${this.#result(node)},`);
    const lines = [
      '@np.errstate(all="ignore")',
      `def ${program.entry}(obs, action, next_obs, terminated, truncated, ${keeps ? 'memory, ' : ''}params=PARAMS):`,
      ...body,
      '    components = {',
      ...entries,
      '    }',
      `    total = ${ownTotal ? this.#result(total) : sum}`,
      ...(keeps ? ['    memory = {', ...after, '    }'] : []),
      `    return total, components${keeps ? ', memory' : ''}`,
    ];
    return moduleText({
      docstring: docstring(program, this.nodes, this.#usage(), true),
      imports: ['import numpy as np'],
      constants: [
        recordText('PARAMS', program.params, 'np'),
        ...(keeps ? [recordText('MEMORY', program.memory, 'np')] : []),
        ...this.#constants(),
      ],
      functions: [...(keeps ? memoryFunctions : []), lines],
      runtime: numpyRuntime,
      used: this.used,
      selfCheck: numpyCheck(program),
    });
  }

  #usage(): string[] {
    const { entry, memory } = this.program;
    if (memory.size === 0) {
      return [
        'Call once per step of all environments:',
        '',
        `    total, components = ${entry}(obs, action, next_obs, terminated, truncated)`,
      ];
    }
    return [
      'Call once per step of all environments, with the memory that the step before returned:',
      '',
      '    memory = initial_memory(num_envs)',
      `    total, components, memory = ${entry}(obs, action, next_obs, terminated, truncated, memory)`,
      '    memory = reset_memory(memory, terminated | truncated)',
    ];
  }

  #constants(): string[] {
    return this.names.constants.flatMap(({ name, node }) => {
      const comment = this.program.labels.get(node.label ?? '') ?? this.program.annotations.get(node)?.comment ?? [];
      return [
        ...comment.map((line) => `# ${line}`),
        `${name} = ${this.names.formula(node, 'np')?.text ?? this.#literal(node)}`,
      ];
    });
  }

  #literal({ value }: ConstantNode): string {
    if (typeof value === 'number') return numberText(value, 'np').text;
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    const items = value.map((each) =>
      typeof each === 'number' ? numberText(each, 'np').text : each ? 'True' : 'False',
    );
    return `np.array([${items.join(', ')}])`;
  }

  /** A component, total or entry of the memory: always one number an environment. */
  #result(node: Node): string {
    const { text } = this.use(node);
    return this.kind(node) === 'batch' ? text : `np.full(np.shape(terminated), ${text})`;
  }

  protected override expression(node: Node): Text {
    if (node.op === 'constant' && node.type.length === null) {
      const name = this.names.constant(node);
      if (name !== null) return primary(name);
    }
    return super.expression(node);
  }

  protected input({ role, field, type }: Node & { op: 'input' }): string {
    if (field === '' && role === 'action') return 'action';
    if (field === '') return `np.asarray(${role}, dtype=bool)`;
    const source = `${role === 'next' ? 'next_obs' : role}[${quoted(field)}]`;
    return type.element === 'boolean' ? `np.asarray(${source}, dtype=bool)` : source;
  }

  protected param(name: string): string {
    return `params[${quoted(name)}]`;
  }

  protected vectorConstant(node: ConstantNode): Text {
    return primary(this.names.constant(node) ?? this.#literal(node));
  }

  protected asNumber(mask: string): Text {
    return primary(`np.where(${mask}, 1.0, 0.0)`);
  }

  protected where(test: Node, yes: Node, no: Node, node: Node): Text {
    const [a, b, c] = [this.operand(test, node), this.arm(yes, node), this.arm(no, node)];
    if (this.kind(test) !== 'number') return primary(`np.where(${a.text}, ${b.text}, ${c.text})`);
    const text = `${wrap(b, level.ternary + 1)} if ${wrap(a, level.ternary + 1)} else ${wrap(c, level.ternary)}`;
    return { text, level: level.ternary };
  }

  /** Python's own numbers refuse to be divided by zero. */
  protected divided(a: Node, b: Node): Text | null {
    const numbers = this.kind(a) === 'number' && this.kind(b) === 'number';
    return numbers && !this.default(b) ? primary(`np.divide(${this.use(a).text}, ${this.use(b).text})`) : null;
  }

  protected remainder(a: Node, b: Node, node: Node): Text {
    return primary(`np.fmod(${this.operand(a, node).text}, ${this.operand(b, node).text})`);
  }

  protected power(a: Node, b: Node, node: Node): Text {
    const base = this.operand(a, node).text;
    if (b.op === 'constant' && b.value === 2) return primary(`np.square(${base})`);
    if (b.op === 'constant' && b.value === 0.5) {
      return primary(`${neverNegative(a) ? 'np.sqrt' : this.helper('half_power')}(${base})`);
    }
    const name = Number.isFinite(this.default(b)) ? 'np.power' : this.helper('power');
    return primary(`${name}(${base}, ${this.operand(b, node).text})`);
  }

  protected call(node: CallNode): Text {
    const args = node.args.map((arg) => this.operand(arg, node).text);
    const { callee } = node;
    const signed = this.signed.has(node);
    if (callee === 'Math.max' || callee === 'Math.min') return this.#extreme(callee === 'Math.max', args, signed);
    if (callee === 'Math.pow') {
      const [a, b] = node.args;
      return a && b ? this.power(a, b, node) : primary('');
    }
    if (callee === 'clamp') {
      const [x = '', low = '', high = ''] = args;
      if (!signed) return primary(`np.clip(${x}, ${low}, ${high})`);
      return this.#extreme(false, [this.#extreme(true, [x, low], true).text, high], true);
    }
    if (callee === 'tolerance') {
      return primary(`${this.helper(`tolerance_${node.option ?? 'gaussian'}`)}(${args.join(', ')})`);
    }
    if (callee === 'Math.sign' && signed) return primary(`${this.helper('sign')}(${args.join(', ')})`);
    if (callee === 'Math.hypot') {
      if (args.length === 0) return primary('0.0');
      if (args.length === 1) return primary(`np.abs(${args[0]})`);
      return primary(`${this.helper(args.length === 2 ? 'hypot' : 'hypot_of')}(${args.join(', ')})`);
    }
    const name = numpyNames.get(callee) ?? callee.replace('Math.', 'np.');
    return primary(`${name.startsWith('np.') ? name : this.helper(name)}(${args.join(', ')})`);
  }

  #extreme(largest: boolean, args: readonly string[], signed: boolean): Text {
    const name = largest ? 'maximum' : 'minimum';
    const called = signed ? this.helper(name) : `np.${name}`;
    const [first = largest ? '-np.inf' : 'np.inf', ...rest] = args;
    return primary(rest.reduce((text, arg) => `${called}(${text}, ${arg})`, first));
  }

  protected pack(node: Node): Text {
    const items = node.args.map((arg) => this.use(arg).text).join(', ');
    const kinds = node.args.map((arg) => this.kind(arg));
    if (kinds.every((kind) => kind === 'number')) return primary(`np.array([${items}])`);
    if (kinds.every((kind) => kind === 'batch')) return primary(`np.stack([${items}], axis=-1)`);
    return primary(`${this.helper('stack')}(${items})`);
  }

  protected gather(vector: string, indices: readonly number[]): Text {
    return primary(`${vector}[..., [${indices.join(', ')}]]`);
  }

  protected folded(node: Node & { op: 'fold' }, vector: Node, start: Node | null): Text {
    const { operator } = node;
    const signed = this.signed.has(node);
    const from = start === null ? null : this.use(start);
    const text = this.use(vector).text;
    if (operator === '&&' || operator === '||') {
      const all = `np.${operator === '&&' ? 'all' : 'any'}(${text}, axis=-1)`;
      if (from === null) return primary(all);
      const at = operator === '&&' ? level.bitAnd : level.bitOr;
      return { text: `${wrap(from, at)} ${operator === '&&' ? '&' : '|'} ${all}`, level: at };
    }
    if (operator === 'max' || operator === 'min') {
      const isMax = operator === 'max';
      const reduced = `${this.helper(`${isMax ? 'largest' : 'smallest'}${signed ? '_signed' : ''}`)}(${text})`;
      return from === null ? primary(reduced) : this.#extreme(isMax, [from.text, reduced], signed);
    }
    if (operator === '*') {
      const product = `${this.helper('multiply_up')}(${text})`;
      return primary(from === null ? product : `${this.helper('multiply_from')}(${from.text}, ${text})`);
    }
    const [mask] = vector.args;
    const counts = vector.op === 'unary' && vector.operator === 'number' && !this.lines.has(vector);
    if (counts && mask !== undefined && !signed && from === null) {
      return primary(`np.sum(${this.use(mask).text}, axis=-1, dtype=np.float64)`);
    }
    if (from === null) return primary(`${this.helper('add_up')}(${text})`);
    return primary(`${this.helper('add_from')}(${from.text}, ${text})`);
  }

  protected numberKind(_node: Node): Kind {
    return 'number';
  }
}

const memoryFunctions: readonly (readonly string[])[] = [
  [
    'def initial_memory(num_envs):',
    '    """The memory at the start of episodes; num_envs is a number or a shape."""',
    '    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}',
  ],
  [
    'def reset_memory(memory, done):',
    '    """The memory, started anew wherever an episode has ended."""',
    '    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}',
  ],
];
