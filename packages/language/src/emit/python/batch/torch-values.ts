import type { ConstantNode, Node } from '../../../ir/node.ts';
import type { RewardProgram } from '../../../ir/program.ts';
import { checkNames } from '../check-text.ts';
import { numberText, primary, quoted, type Text } from '../syntax.ts';
import { torchRuntime } from './torch-runtime.ts';
import { BatchWriter } from './writer.ts';

/** Inputs, parameters and constants in PyTorch, and how a number becomes a tensor where TorchScript takes no other. */
export abstract class TorchValues extends BatchWriter {
  protected readonly module = 'torch';
  protected readonly params = new Map<string, string>();

  constructor(program: RewardProgram) {
    super(program, [
      ...torchRuntime.keys(),
      ...['MEMORY', 'initial_memory', 'reset_memory', ...checkNames, 'dtype', 'Dict', 'List', 'Tuple'],
    ]);
    for (const name of program.params.keys()) this.params.set(name, this.names.fresh(name.replaceAll('.', '_')));
  }

  protected source({ role, field }: Node & { op: 'input' }): string {
    if (field === '') return role;
    return `${role === 'next' ? 'next_obs' : role}[${quoted(field)}]`;
  }

  protected full(text: string): string {
    return `torch.full_like(terminated, ${text}, dtype=dtype)`;
  }

  /** An operand of a function that takes tensors only. */
  protected tensor(arg: Node, within: Node): string {
    const text = this.operand(arg, within).text;
    return this.kind(arg) === 'number' ? this.among(text, within) : text;
  }

  protected elementType(node: Node): string {
    return node.type.element === 'boolean' ? 'torch.bool' : 'dtype';
  }

  /** A number as a tensor for an operation: with the batch's axes only where the result has them. */
  protected among(text: string, within: Node, dtype = 'dtype'): string {
    if (this.kind(within) === 'fixed') return `torch.full([], ${text}, dtype=${dtype}, device=terminated.device)`;
    return `torch.full_like(terminated, ${text}, dtype=${dtype})`;
  }

  /** What a program names stands in the function: TorchScript does not see a module's own numbers. */
  protected override namesConstant(node: ConstantNode): boolean {
    return node.type.length !== null || this.#constantName(node) !== null;
  }

  #constantName(node: ConstantNode): string | null {
    return node.label === null || node.label.includes('.') ? null : node.label;
  }

  /** Whether an input has to come as a floating tensor; a choice is often a whole number, and a flag a boolean. */
  protected isFloating({ field: name, type }: Node & { op: 'input' }): boolean {
    const field = this.program.environment.observation.find((each) => each.name === name);
    return type.element === 'number' && (name === '' ? type.length !== null : field?.unit !== 'flag');
  }

  protected input(node: Node & { op: 'input' }): string {
    const source = this.source(node);
    if (node.type.element === 'boolean') return `${source}.to(torch.bool)`;
    return this.isFloating(node) ? source : `${source}.to(dtype)`;
  }

  protected param(name: string): string {
    return this.params.get(name) ?? 'math.nan';
  }

  protected vectorConstant(node: ConstantNode): Text {
    const { value } = node;
    const items = (Array.isArray(value) ? value : [value]).map((each: number | boolean) =>
      typeof each === 'number' ? numberText(each, 'math').text : each ? 'True' : 'False',
    );
    const values: readonly (number | boolean)[] = Array.isArray(value) ? value : [value];
    return this.vector(
      items,
      node,
      values.every((each) => Math.fround(Number(each)) === Number(each)),
    );
  }

  /** TorchScript rounds the numbers of `torch.tensor` to single precision: those that this would change go another way. */
  protected vector(items: readonly string[], node: Node, isExact: boolean): Text {
    const dtype = this.elementType(node);
    const list = `[${items.join(', ')}]`;
    if (isExact || node.type.element === 'boolean') {
      return primary(`torch.tensor(${list}, dtype=${dtype}, device=terminated.device)`);
    }
    return primary(`${this.helper('vector')}(${list}, ${dtype}, terminated.device)`);
  }

  /** TorchScript makes whole numbers of a mask that meets a truth value, so that becomes a mask as well. */
  protected override mask(arg: Node, within: Node): Text {
    const text = this.operand(arg, within);
    if (this.kind(arg) !== 'number') return text;
    return primary(this.among(text.text, within, 'torch.bool'));
  }

  protected asNumber(mask: string): Text {
    return primary(`${/^[\w.]+$/.test(mask) ? mask : `(${mask})`}.to(dtype)`);
  }
}
