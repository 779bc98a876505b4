import type { CallNode, Node } from '../../../ir/node.ts';
import { neverNegative } from '../facts.ts';
import { level, primary, type Text, wrap } from '../syntax.ts';
import { torchNames } from './torch-runtime.ts';
import { TorchValues } from './torch-values.ts';
import type { Kind } from './writer.ts';

/** Functions of Python's `math` that TorchScript knows and that take every number. */
const numberFunctions: ReadonlySet<string> = new Set(
  ['sqrt', 'exp', 'log', 'sin', 'cos', 'tan', 'tanh', 'asin', 'acos', 'atan'].map((name) => `Math.${name}`),
);

/** What the operations of a program are called in PyTorch, so that TorchScript takes them. */
export abstract class TorchExpressions extends TorchValues {
  protected where(test: Node, yes: Node, no: Node, node: Node): Text {
    const number = (each: Node): boolean => this.kind(each) === 'number';
    const [a, b, c] = [this.operand(test, node), this.arm(yes, node), this.arm(no, node)];
    if (number(test)) {
      const arm = (each: Node, text: Text): Text =>
        number(each) && this.kind(node) !== 'number' ? primary(this.full(text.text)) : text;
      const text = `${wrap(arm(yes, b), level.ternary + 1)} if ${wrap(a, level.ternary + 1)} else ${wrap(arm(no, c), level.ternary)}`;
      return { text, level: level.ternary };
    }
    if (number(yes) && number(no)) {
      const dtype = this.elementType(node);
      return primary(`${this.helper('choose')}(${a.text}, ${b.text}, ${c.text}, ${dtype})`);
    }
    return primary(`torch.where(${a.text}, ${b.text}, ${c.text})`);
  }

  /** A number over a tensor is its reciprocal times the number to PyTorch, which rounds twice. */
  protected divided(a: Node, b: Node, node: Node): Text | null {
    if (this.kind(a) !== 'number' || this.default(a) === 1) return null;
    if (this.kind(b) !== 'number') {
      return primary(`${this.helper('divide')}(${this.use(a).text}, ${this.operand(b, node).text})`);
    }
    if (this.kind(node) === 'number') return null;
    return {
      text: `${this.full(this.use(a).text)} / ${wrap(this.use(b), level.product + 0.1)}`,
      level: level.product,
    };
  }

  protected remainder(a: Node, b: Node, node: Node): Text {
    const isNumber = this.kind(node) === 'number';
    const divisor = this.operand(b, node).text;
    if (isNumber) return primary(`math.fmod(${this.operand(a, node).text}, ${divisor})`);
    return primary(`torch.fmod(${this.tensor(a, node)}, ${divisor})`);
  }

  protected power(a: Node, b: Node, node: Node): Text {
    const base = this.operand(a, node).text;
    const exponent = this.operand(b, node).text;
    if (this.kind(node) === 'number') return primary(`math.pow(${base}, ${exponent})`);
    const constant = b.op === 'constant' ? b.value : null;
    if (constant === 2) return primary(`torch.square(${this.tensor(a, node)})`);
    if (constant === 0.5 && !neverNegative(a)) {
      return primary(`${this.helper('half_power')}(${this.tensor(a, node)})`);
    }
    if (constant === 0.5) return primary(`torch.sqrt(${base})`);
    if (Number.isFinite(this.default(b))) return primary(`torch.pow(${this.tensor(a, node)}, ${exponent})`);
    return primary(`${this.helper('power')}(${this.tensor(a, node)}, ${this.tensor(b, node)})`);
  }

  protected call(node: CallNode): Text {
    const { callee } = node;
    const signed = this.signed.has(node);
    const text = node.args.map((arg) => this.operand(arg, node).text);
    if (this.kind(node) === 'number') return primary(`math.${callee.slice(5)}(${text.join(', ')})`);
    if (callee === 'Math.max' || callee === 'Math.min') return this.#extreme(callee === 'Math.max', node, signed);
    if (callee === 'Math.pow') {
      const [a, b] = node.args;
      return a && b ? this.power(a, b, node) : primary('');
    }
    if (callee === 'clamp') return this.#clamp(node, signed);
    const args = node.args.map((arg) => this.tensor(arg, node));
    if (callee === 'tolerance') {
      return this.#tolerance(node, args[0] ?? '', text.slice(1));
    }
    if (callee === 'Math.fround') return primary(`${args[0]}.to(torch.float32).to(dtype)`);
    if (callee === 'Math.hypot') {
      if (args.length === 0) return primary(this.full('0.0'));
      if (args.length === 1) return primary(`torch.abs(${args[0]})`);
      if (args.length === 2) return primary(`${this.helper('hypot')}(${args.join(', ')})`);
      return primary(`${this.helper('hypot_of')}([${args.join(', ')}])`);
    }
    const name = torchNames.get(callee) ?? callee.replace('Math.', 'torch.');
    return primary(`${name.startsWith('torch.') ? name : this.helper(name)}(${args.join(', ')})`);
  }

  #tolerance(node: CallNode, x: string, numbers: readonly string[]): Text {
    const name = `tolerance_${node.option ?? 'gaussian'}`;
    const [, ...given] = node.args.slice(0, -1);
    if (given.every((arg) => this.kind(arg) === 'number')) {
      return primary(`${this.helper(name)}(${[x, ...numbers].join(', ')})`);
    }
    const bounds = given.map((arg, place) => {
      const text = numbers[place] ?? '';
      return this.kind(arg) === 'number' ? `torch.full([], ${text}, dtype=dtype, device=terminated.device)` : text;
    });
    return primary(`${this.helper(`${name}_within`)}(${[x, ...bounds, numbers.at(-1)].join(', ')})`);
  }

  /** Numbers bound a tensor by `clamp`, tensors one another by `maximum` and `minimum`. */
  #extreme(largest: boolean, node: CallNode, signed: boolean): Text {
    const name = largest ? 'maximum' : 'minimum';
    if (signed) {
      const called = this.helper(name);
      const args = node.args.map((arg) => this.tensor(arg, node));
      return primary(args.reduce((text, arg) => `${called}(${text}, ${arg})`));
    }
    const numbers = node.args.filter((arg) => this.kind(arg) === 'number');
    const tensors = node.args.filter((arg) => this.kind(arg) !== 'number');
    if (tensors.length === 0) {
      const all = node.args.map((arg) => this.full(this.use(arg).text));
      return primary(
        all.reduce(
          (text, arg) => `torch.${name}(${text}, ${arg})`,
          all.shift() ?? this.full(largest ? '-math.inf' : 'math.inf'),
        ),
      );
    }
    const joined = tensors
      .map((arg) => this.operand(arg, node).text)
      .reduce((text, arg) => `torch.${name}(${text}, ${arg})`);
    if (numbers.length === 0) return primary(joined);
    const bounds = numbers.map((arg) => this.use(arg).text);
    const bound = bounds.length === 1 ? bounds[0] : `${largest ? 'max' : 'min'}(${bounds.join(', ')})`;
    return primary(`torch.clamp(${joined}, ${largest ? 'min' : 'max'}=${bound})`);
  }

  #clamp(node: CallNode, signed: boolean): Text {
    const [x, low, high] = node.args;
    if (x === undefined || low === undefined || high === undefined) return primary('');
    const numbers = this.kind(low) === 'number' && this.kind(high) === 'number';
    if (numbers && !signed) {
      return primary(`torch.clamp(${this.tensor(x, node)}, ${this.use(low).text}, ${this.use(high).text})`);
    }
    const [a, b, c] = [x, low, high].map((arg) => this.tensor(arg, node));
    const [least, most] = signed
      ? [this.helper('minimum'), this.helper('maximum')]
      : ['torch.minimum', 'torch.maximum'];
    return primary(`${least}(${most}(${a}, ${b}), ${c})`);
  }

  protected pack(node: Node): Text {
    const numbers = node.args.every((arg) => this.kind(arg) === 'number');
    if (numbers) {
      const items = node.args.map((arg) => this.use(arg).text);
      return this.vector(items, node, false);
    }
    const items = node.args.map((arg) => {
      const { text } = this.use(arg);
      if (this.kind(arg) === 'number') return this.among(text, node, this.elementType(node));
      const grows = this.kind(arg) === 'fixed' && this.kind(node) === 'batch';
      return grows ? `${wrap(this.use(arg), level.primary)}.expand_as(terminated)` : text;
    });
    return primary(`torch.stack([${items.join(', ')}], dim=-1)`);
  }

  protected gather(vector: string, indices: readonly number[]): Text {
    return primary(`torch.stack([${indices.map((index) => `${vector}[..., ${index}]`).join(', ')}], dim=-1)`);
  }

  protected folded(node: Node & { op: 'fold' }, vector: Node, start: Node | null): Text {
    const { operator } = node;
    const signed = this.signed.has(node);
    const text = this.use(vector).text;
    const from = start === null ? null : this.use(start);
    const startTensor = start === null ? '' : this.tensor(start, node);
    if (operator === '&&' || operator === '||') {
      const all = `torch.${operator === '&&' ? 'all' : 'any'}(${text}, dim=-1)`;
      if (from === null) return primary(all);
      const at = operator === '&&' ? level.bitAnd : level.bitOr;
      return { text: `${wrap(from, at)} ${operator === '&&' ? '&' : '|'} ${all}`, level: at };
    }
    if (operator === 'max' || operator === 'min') {
      const isMax = operator === 'max';
      const reduced = signed
        ? `${this.helper(isMax ? 'largest_signed' : 'smallest_signed')}(${text})`
        : `torch.${isMax ? 'amax' : 'amin'}(${text}, dim=-1)`;
      if (start === null) return primary(reduced);
      if (signed) return primary(`${this.helper(isMax ? 'maximum' : 'minimum')}(${startTensor}, ${reduced})`);
      if (this.kind(start) === 'number') {
        return primary(`torch.clamp(${reduced}, ${isMax ? 'min' : 'max'}=${from?.text})`);
      }
      return primary(`torch.${isMax ? 'maximum' : 'minimum'}(${startTensor}, ${reduced})`);
    }
    if (operator === '*') {
      if (start === null) return primary(`${this.helper('multiply_up')}(${text})`);
      return primary(`${this.helper('multiply_from')}(${startTensor}, ${text})`);
    }
    const [mask] = vector.args;
    const counts = vector.op === 'unary' && vector.operator === 'number' && !this.lines.has(vector);
    if (counts && mask !== undefined && !signed && start === null) {
      return primary(`torch.sum(${this.use(mask).text}, dim=-1, dtype=dtype)`);
    }
    if (start === null && (!signed || neverNegative(vector))) {
      return primary(`${this.helper('add_up')}(${text})`);
    }
    return primary(`${this.helper('add_from')}(${start === null ? this.full('-0.0') : startTensor}, ${text})`);
  }

  protected numberKind(node: Node): Kind {
    if (node.op === 'call') {
      const value = this.default(node);
      return numberFunctions.has(node.callee) && Number.isFinite(value) ? 'number' : 'batch';
    }
    if (node.op === 'binary' && ['/', '%', '**'].includes(node.operator)) {
      return Number.isFinite(this.default(node)) ? 'number' : 'batch';
    }
    return 'number';
  }
}
