import type { InputNode, Node } from '../../../ir/node.ts';
import type { RewardProgram } from '../../../ir/program.ts';
import { torchCheck } from '../check-text.ts';
import { docstring } from '../docstring.ts';
import { moduleText } from '../module.ts';
import { recordText } from '../record.ts';
import { level, numberText, quoted, wrap } from '../syntax.ts';
import { TorchExpressions } from './torch-expressions.ts';
import { torchRuntime } from './torch-runtime.ts';

/**
 * The program over PyTorch tensors, for `torch.jit.script` and `torch.compile`: a batch of environments on the leading
 * axes, vectors on the last one, device and dtype those of the fields.
 */
export function emitTorch(program: RewardProgram): string {
  return new TorchWriter(program).write();
}

class TorchWriter extends TorchExpressions {
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
    const totalText = ownTotal ? this.#result(total) : sum;
    const after = memory.map(({ name, node }) => `        ${quoted(name)}: ${this.#result(node)},`);
    const source = this.#dtype();
    const readsDtype = [...body, ...entries, totalText, ...after].some((line) => /[( ]dtype[,)]|=dtype\b/.test(line));
    const record = 'Dict[str, torch.Tensor]';
    const params = [...program.params].map(
      ([name, value]) => `    ${this.params.get(name)}: float = ${numberText(value, 'math').text},`,
    );
    const lines = [
      `def ${program.entry}(`,
      `    obs: ${record},`,
      '    action: torch.Tensor,',
      `    next_obs: ${record},`,
      '    terminated: torch.Tensor,',
      '    truncated: torch.Tensor,',
      ...(keeps ? [`    memory: ${record},`] : []),
      ...params,
      ...(readsDtype && source === null ? ['    dtype: torch.dtype = torch.float32,'] : []),
      `) -> Tuple[torch.Tensor, ${record}${keeps ? `, ${record}` : ''}]:`,
      ...(readsDtype && source !== null ? [`    dtype = ${source}`] : []),
      ...withoutUnused(body, [...entries, totalText, ...after]),
      '    components = {',
      ...entries,
      '    }',
      `    total = ${totalText}`,
      ...(keeps ? ['    memory = {', ...after, '    }'] : []),
      `    return total, components${keeps ? ', memory' : ''}`,
    ];
    return moduleText({
      docstring: docstring(program, this.nodes, this.#usage(), true),
      imports: ['import torch'],
      constants: keeps ? [recordText('MEMORY', program.memory, 'math')] : [],
      functions: [...(keeps ? memoryFunctions : []), lines],
      runtime: torchRuntime,
      used: this.used,
      selfCheck: torchCheck(program, readsDtype && source === null),
    });
  }

  #usage(): string[] {
    const { entry, memory } = this.program;
    const tunable = ['Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:', ''];
    const script = `    ${entry} = torch.jit.script(${entry})  # or torch.compile(${entry})`;
    if (memory.size === 0) {
      return [
        'Call once per step of all environments, on any device and in any floating dtype:',
        '',
        `    total, components = ${entry}(obs, action, next_obs, terminated, truncated)`,
        '',
        ...tunable,
        script,
      ];
    }
    return [
      'Call once per step of all environments, with the memory that the step before returned, on any',
      'device and in any floating dtype:',
      '',
      '    memory = initial_memory(like)  # a floating tensor with one entry an environment',
      `    total, components, memory = ${entry}(obs, action, next_obs, terminated, truncated, memory)`,
      '    memory = reset_memory(memory, terminated | truncated)',
      '',
      ...tunable,
      script,
    ];
  }

  /** The dtype that all results have: that of the fields and of the action; null where none is read that has to be floating. */
  #dtype(): string | null {
    const read = this.nodes.filter((node): node is InputNode => node.op === 'input' && this.isFloating(node));
    if (read.length === 0 && this.program.memory.size === 0) return null;
    const [kept] = this.program.memory.keys();
    const sources = read.length === 0 ? [`memory[${quoted(kept ?? '')}]`] : read.map((node) => this.source(node));
    return `${this.helper('float_dtype')}([${sources.join(', ')}])`;
  }

  #result(node: Node): string {
    const { text } = this.use(node);
    const kind = this.kind(node);
    if (kind === 'batch') return text;
    return kind === 'number' ? this.full(text) : `${wrap(this.use(node), level.primary)}.expand_as(terminated)`;
  }
}

/** The lines whose names the lines after them use: a number may have a function of its own where it stands, such as `sqrt`. */
function withoutUnused(body: readonly string[], rest: readonly string[]): readonly string[] {
  const wordsOf = (line: string): readonly string[] => line.match(/\w+/g) ?? [];
  const used = new Set(rest.flatMap(wordsOf));
  const kept: string[] = [];
  let isDropped = false;
  for (const line of body.toReversed()) {
    const isComment = /^ +#/.test(line);
    const name = /^ {4}(\w+) = /.exec(line)?.[1];
    // A comment goes with the line below it.
    if (!isComment) isDropped = name !== undefined && !used.has(name);
    if (isDropped) continue;
    kept.push(line);
    if (!isComment) for (const word of wordsOf(line)) used.add(word);
  }
  return kept.toReversed();
}

const memoryFunctions: readonly (readonly string[])[] = [
  [
    'def initial_memory(like: torch.Tensor) -> Dict[str, torch.Tensor]:',
    '    """The memory at the start of episodes, in the shape, dtype and device of a tensor."""',
    '    return {name: torch.full_like(like, value) for name, value in MEMORY.items()}',
  ],
  [
    'def reset_memory(memory: Dict[str, torch.Tensor], done: torch.Tensor) -> Dict[str, torch.Tensor]:',
    '    """The memory, started anew wherever an episode has ended."""',
    '    return {name: torch.where(done, value, memory[name]) for name, value in MEMORY.items()}',
  ],
];
