import type { Node, SelectNode } from '../../ir/node.ts';
import type { RewardProgram } from '../../ir/program.ts';
import { type Item, type Region, schedule } from '../schedule.ts';
import { stepCheck } from './check-text.ts';
import { deepParts } from './deep-parts.ts';
import { docstring } from './docstring.ts';
import { moduleText } from './module.ts';
import { recordText } from './record.ts';
import { pythonRuntime } from './runtime.ts';
import { StepExpressions } from './step-expressions.ts';
import { quoted } from './syntax.ts';

/** The program in plain Python: one step at a time, standard library only. */
export function emitPython(program: RewardProgram): string {
  return new StepWriter(program).write();
}

const isLeaf = (node: Node): boolean => node.op === 'constant' || node.op === 'param' || node.op === 'memory';

/** A number of the program with another sign is as short as its name. */
const isSigned = (node: Node): boolean =>
  node.op === 'unary' && node.operator === '-' && node.args[0] !== undefined && isLeaf(node.args[0]);

class StepWriter extends StepExpressions {
  write(): string {
    const program = this.program;
    const { components, total, memory, ownTotal } = program.graph;
    const roots = [...components, ...memory].map(({ node }) => node);
    if (ownTotal) roots.push(total);
    const named = (node: Node, uses: number): boolean => {
      if (isLeaf(node) || (node.op === 'input' && node.role.endsWith('ed'))) return false;
      if (node.op === 'input' || program.annotations.get(node)?.declared === true) return true;
      return uses > 1 && !isSigned(node);
    };
    const deep = new Set(deepParts(this.nodes, schedule(roots, { named }).lines, true));
    const { region, lines, uses } = schedule([...roots, ...deep], {
      named: (node, uses) => deep.has(node) || named(node, uses),
    });
    this.lines = lines;
    this.uses = uses;
    const body = this.#region(region, '    ');
    const entries = components.flatMap(({ name, node, comment }) => [
      ...comment.map((line) => `        # ${line}`),
      `        ${quoted(name)}: ${this.use(node).text},`,
    ]);
    const sum = components.map(({ name }) => `components[${quoted(name)}]`).join(' + ');
    const keeps = program.memory.size > 0;
    const after = memory.map(({ name, node }) => `        ${quoted(name)}: ${this.use(node).text},`);
    const text = [
      `def ${program.entry}(obs, action, next_obs, terminated, truncated, params=PARAMS${keeps ? ', memory=MEMORY' : ''}):`,
      ...body,
      '    components = {',
      ...entries,
      '    }',
      `    total = ${ownTotal ? this.use(total).text : sum}`,
      ...(keeps ? ['    memory = {', ...after, '    }'] : []),
      `    return total, components${keeps ? ', memory' : ''}`,
    ];
    return moduleText({
      docstring: docstring(program, this.nodes, this.#usage(), false),
      imports: [],
      constants: [
        recordText('PARAMS', program.params, 'math'),
        ...(keeps ? [recordText('MEMORY', program.memory, 'math')] : []),
        ...this.#constants(),
      ],
      functions: [text],
      runtime: pythonRuntime,
      used: this.used,
      selfCheck: stepCheck(program),
    });
  }

  #usage(): string[] {
    const { entry, memory } = this.program;
    const call = `${entry}(obs, action, next_obs, terminated, truncated`;
    if (memory.size === 0) return ['Call once per step:', '', `    total, components = ${call})`];
    return [
      'Call once per step, with the memory that the step before returned; begin with MEMORY:',
      '',
      `    total, components, memory = ${call}, memory=memory)`,
    ];
  }

  #constants(): string[] {
    return this.names.constants.flatMap(({ name, node }) => {
      const comment = this.program.labels.get(node.label ?? '') ?? this.program.annotations.get(node)?.comment ?? [];
      return [
        ...comment.map((line) => `# ${line}`),
        `${name} = ${this.names.formula(node, 'math')?.text ?? this.literal(node.value)}`,
      ];
    });
  }

  #region(region: Region, indent: string): string[] {
    return region.items.flatMap((item) => {
      if (item.kind === 'define') {
        const { node } = item;
        const comment = this.program.annotations.get(node)?.comment ?? [];
        const text = this.expression(node).text;
        return [...comment.map((line) => `${indent}# ${line}`.trimEnd()), `${indent}${this.names.of(node)} = ${text}`];
      }
      return this.#fork(item, indent, 'if');
    });
  }

  #fork(item: Item & { kind: 'fork' }, indent: string, word: 'if' | 'elif'): string[] {
    const comment = this.program.testComments.get(item.test) ?? [];
    for (const select of item.selects) this.#passOn(select, item);
    const arm = (inner: Region, index: number): string[] => [
      ...this.#region(inner, `${indent}    `),
      ...item.selects.flatMap((select) => {
        const value = select.args[index];
        const text = value ? this.armOf(select, value) : 'math.nan';
        return text === this.names.of(select) ? [] : [`${indent}    ${this.names.of(select)} = ${text}`];
      }),
    ];
    const [next] = item.no.items;
    const chained = item.no.items.length === 1 && next?.kind === 'fork' && this.#fillsOnly(item, next);
    const otherwise = chained ? this.#fork(next, indent, 'elif') : [`${indent}else:`, ...arm(item.no, 2)];
    return [
      ...comment.map((line) => `${indent}# ${line}`.trimEnd()),
      `${indent}${word} ${this.use(item.test).text}:`,
      ...arm(item.yes, 1),
      ...otherwise,
    ];
  }

  /** A selection that only hands its value on to this one takes its name. */
  #passOn(select: SelectNode, item: Item & { kind: 'fork' }): void {
    for (const [index, region] of [
      [1, item.yes],
      [2, item.no],
    ] as const) {
      const value = select.args[index];
      const inside = region.items.some((each) => each.kind === 'fork' && each.selects.some((other) => other === value));
      if (value !== undefined && inside && this.uses.get(value) === 1) this.names.alias(value, this.names.of(select));
    }
  }

  /** Whether the next condition does nothing but go on choosing the same values. */
  #fillsOnly(item: Item & { kind: 'fork' }, next: Item & { kind: 'fork' }): boolean {
    const comment = this.program.testComments.get(next.test) ?? [];
    const values = item.selects.map((select) => select.args[2]);
    return (
      comment.length === 0 &&
      values.length === next.selects.length &&
      next.selects.every((select, index) => values[index] === select && this.uses.get(select) === 1)
    );
  }
}
