import { type ColumnReference, columnLayout, type Kernel } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';
import type { RewardProgram } from '../ir/program.ts';
import { reachable } from '../ir/reachable.ts';
import { type ScalarProgram, scalarise } from '../ir/scalarise.ts';
import { javascriptLibrary } from '../library/javascript.ts';
import { javascriptText, nameText, precedence, primary, type Text } from './javascript-expression.ts';
import { javascriptReserved, Names } from './names.ts';
import { type Item, type Region, schedule } from './schedule.ts';

/** Operators whose operands an expression may hold before it gets a line of its own. */
const longestExpression = 24;

/**
 * Steps that one turn of a small program's loop takes, and the operators a step beyond which that saves nothing: `docs/benchmarks.md`, under Sandbox, has
 * the figures.
 */
const wideSteps = 2;
const mostWideOperators = 32;

/**
 * The program as one pass over columns, in plain JavaScript: `contracts/src/kernel.ts` has the calling convention.
 * Results equal those of the program itself, bit for bit; a column that the program does not read is not touched.
 */
export function emitKernel(program: RewardProgram): Kernel {
  const scalar = scalarise(program);
  const outputs = [...scalar.components, { name: 'total', node: scalar.total }];
  const roots = [...outputs.map(({ node }) => node), ...scalar.memory.map(({ node }) => node)];
  const nodes = reachable(roots);
  const writer = new KernelWriter(program, scalar, nodes);
  const paramNames = [...program.params.keys()];
  return {
    source: writer.write(roots, outputs),
    columns: writer.columns,
    params: paramNames.map((name) => ({ name, value: program.params.get(name) ?? 0 })),
    outputs: outputs.map(({ name }) => name),
  };
}

class KernelWriter {
  readonly columns: ColumnReference[] = [];
  readonly #program: RewardProgram;
  readonly #scalar: ScalarProgram;
  readonly #names = new Names(javascriptReserved);
  /** What reads a column: its name, and what follows the step in brackets. */
  readonly #leaves = new Map<Node, { readonly column: string; readonly ending: string }>();
  /** Names of values, for each step of a turn: a wide turn holds the values of several at once. */
  readonly #named = Array.from({ length: wideSteps }, () => new Map<Node, string>());
  /** What each step of a turn is called. */
  readonly #steps: readonly string[];
  readonly #sizes = new Map<Node, number>();
  readonly #functions = new Set<string>();
  readonly #operators: number;
  readonly #loads: string[] = [];
  #lines: ReadonlySet<Node> = new Set();
  /** The step of a turn whose lines are being written: an index into `#steps` and `#named`. */
  #at = 0;

  constructor(program: RewardProgram, scalar: ScalarProgram, nodes: readonly Node[]) {
    this.#program = program;
    this.#scalar = scalar;
    for (const name of ['start', ...javascriptLibrary.keys()]) this.#names.take(name);
    this.#steps = Array.from({ length: wideSteps }, (_, at) => (at === 0 ? 'step' : this.#names.take(`step_${at}`)));
    this.#nameColumns(nodes);
    this.#operators = nodes.filter((node) => node.args.length > 0 && !this.#leaves.has(node)).length;
    for (const node of nodes) {
      const size = node.args.reduce((total, arg) => total + (this.#sizes.get(arg) ?? 1), 1);
      this.#sizes.set(node, size > longestExpression ? 1 : size);
    }
  }

  /** Every column that is read, in the layout's order, with the node that reads it. */
  #nameColumns(nodes: readonly Node[]): void {
    const readers = new Map<string, Node>();
    const key = (role: string, field: string, index: number): string => `${role} ${field} ${index}`;
    for (const node of nodes) {
      if (node.op === 'input' && node.type.length === null) readers.set(key(node.role, node.field, 0), node);
      const [source] = node.args;
      if (node.op === 'take' && source?.op === 'input')
        readers.set(key(source.role, source.field, node.indices[0] ?? 0), node);
    }
    for (const column of columnLayout(this.#program.environment)) {
      const node = readers.get(key(column.role, column.field, column.index));
      if (node === undefined) continue;
      const label = [column.role, column.field, node.op === 'take' ? column.index : '']
        .filter((part) => part !== '')
        .join('_');
      const name = this.#names.take(`${label}_column`);
      this.#loads.push(`  const ${name} = columns[${this.columns.length}];`);
      this.#leaves.set(node, { column: name, ending: node.type.element === 'boolean' ? ' !== 0' : '' });
      this.columns.push(column);
    }
  }

  write(roots: readonly Node[], outputs: readonly { readonly name: string; readonly node: Node }[]): string {
    const { region, lines } = schedule(roots, {
      named: (node, uses) => {
        if (node.type.length !== null) return false;
        if (node.op === 'constant' || node.op === 'param' || node.op === 'memory') return false;
        return uses > 1 || (node.args.length > 0 && this.#isLong(node));
      },
    });
    this.#lines = lines;
    const params = [...this.#program.params.keys()].map((name, index) => {
      const local = this.#names.take(`params_${name}`);
      this.#params.set(name, local);
      return `  const ${local} = params[${index}];`;
    });
    const memory = [...this.#program.memory].map(([name, value]) => {
      const local = this.#names.take(`memory_${name}`);
      this.#memory.set(name, local);
      return { name, local, value };
    });
    const outs = outputs.map(({ name }, index) => {
      const local = this.#names.take(`out_${name}`);
      return { local, load: `  const ${local} = outputs[${index}];` };
    });
    const values = outputs.map(({ node }, index) => ({ node, out: outs[index]?.local ?? '' }));
    // What a step remembers, the next one needs.
    const steps = memory.length === 0 && this.#operators <= mostWideOperators ? wideSteps : 1;
    const changed = this.#scalar.memory.filter(({ name, node }) => !(node.op === 'memory' && node.name === name));
    const body = this.#body(region, values, steps);
    const carried = changed.map(({ name, node }) => ({
      local: this.#memory.get(name) ?? name,
      next: this.#names.take(`memory_${name}_next`),
      text: this.#use(node).text,
    }));
    const staged = carried.map(({ next, text }) => `    const ${next} = ${text};`);
    const moved = carried.map(({ local, next }) => `    ${local} = ${next};`);
    // One loop, not one in another: V8 leaves the code that it has optimised for an inner loop at the end of each episode.
    const remembered = memory.map(({ local }) => `  let ${local} = 0;`);
    const starts = memory.map(({ local, value }) => `      ${local} = ${value};`);
    const renewal = [
      '    if (step === start) {',
      ...starts,
      '      while (step === start) start = episodeOffsets[++episode];',
      '    }',
    ];
    return [
      '(function (columns, episodeOffsets, episodes, params, outputs) {',
      "  'use strict';",
      ...this.#library(),
      ...this.#loads,
      ...params,
      ...outs.map(({ load }) => load),
      '  const end = episodeOffsets[episodes];',
      ...(memory.length > 0 ? ['  let episode = 0;', '  let start = episodeOffsets[0];', ...remembered] : []),
      `  for (let step = episodeOffsets[0]; step < end; step += ${steps}) {`,
      ...(memory.length > 0 ? renewal : []),
      ...this.#others(steps),
      ...body,
      ...staged,
      ...moved,
      '  }',
      '})',
    ].join('\n');
  }

  readonly #params = new Map<string, string>();
  readonly #memory = new Map<string, string>();

  #isLong(node: Node): boolean {
    return node.args.reduce((total, arg) => total + (this.#sizes.get(arg) ?? 1), 1) > longestExpression;
  }

  #library(): string[] {
    const all = new Set<string>();
    const add = (name: string): void => {
      for (const need of javascriptLibrary.get(name)?.needs ?? []) add(need);
      all.add(name);
    };
    this.#functions.forEach(add);
    return [...all].flatMap((name) => (javascriptLibrary.get(name)?.text ?? '').split('\n').map((line) => `  ${line}`));
  }

  /** The lines of one turn over so many steps, each line once for every step before the next one. */
  #body(region: Region, outputs: readonly { readonly node: Node; readonly out: string }[], steps: number): string[] {
    const sideBySide = (lines: () => readonly string[]): string[] =>
      this.#steps.slice(0, steps).flatMap((_, at) => {
        this.#at = at;
        return lines();
      });
    const lines = [
      ...region.items.flatMap((item) => sideBySide(() => this.#item(item, '    '))),
      ...outputs.flatMap(({ node, out }) =>
        sideBySide(() => [`    ${out}[${this.#steps[this.#at]}] = ${this.#use(node).text};`]),
      ),
    ];
    this.#at = 0;
    return lines;
  }

  /** The other steps of a turn: of the last one, where the rollout has no more, the same again. */
  #others(steps: number): string[] {
    return this.#steps
      .slice(1, steps)
      .map((name, index) => `    const ${name} = step + ${index + 1} < end ? step + ${index + 1} : step;`);
  }

  #region(region: Region, indent: string): string[] {
    return region.items.flatMap((item) => this.#item(item, indent));
  }

  #item(item: Item, indent: string): string[] {
    if (item.kind === 'define') {
      const text = this.#expression(item.node).text;
      const name = this.#name(item.node);
      return [`${indent}const ${name} = ${text};`];
    }
    const test = this.#use(item.test).text;
    const names = item.selects.map((select) => this.#name(select));
    const arm = (inner: Region, index: number): string[] => [
      ...this.#region(inner, `${indent}  `),
      ...item.selects.map((select, at) => {
        const value = select.args[index];
        return `${indent}  ${names[at]} = ${value ? this.#use(value).text : 'NaN'};`;
      }),
    ];
    return [
      `${indent}let ${names.join(', ')};`,
      `${indent}if (${test}) {`,
      ...arm(item.yes, 1),
      `${indent}} else {`,
      ...arm(item.no, 2),
      `${indent}}`,
    ];
  }

  #name(node: Node): string {
    const known = this.#named[this.#at]?.get(node);
    if (known !== undefined) return known;
    const component = this.#scalar.components.find((each) => each.node === node)?.name;
    const name = this.#names.take(
      this.#scalar.names.get(node) ?? component ?? (node === this.#scalar.total ? 'total' : `t${node.id}`),
    );
    this.#named[this.#at]?.set(node, name);
    return name;
  }

  /** A node where it is used: its name when it has a line of its own. */
  #use(node: Node): Text {
    return this.#lines.has(node) ? nameText(this.#name(node)) : this.#expression(node);
  }

  #expression(node: Node): Text {
    const leaf = this.#leaves.get(node);
    if (leaf !== undefined) {
      const { column, ending } = leaf;
      return {
        text: `${column}[${this.#steps[this.#at]}]${ending}`,
        level: ending === '' ? primary : precedence['!=='],
      };
    }
    if (node.op === 'param') return nameText(this.#params.get(node.name) ?? 'NaN');
    if (node.op === 'memory') return nameText(this.#memory.get(node.name) ?? 'NaN');
    const args = node.args.map((arg) => this.#use(arg));
    return javascriptText(node, args, (called, texts) => this.#call(called, texts)) ?? nameText('NaN');
  }

  #call(node: Node, args: readonly string[]): string {
    if (node.op !== 'call') return 'NaN';
    const { callee } = node;
    if (callee.startsWith('Math.')) return `${callee}(${args.join(', ')})`;
    if (callee === 'tolerance') {
      this.#functions.add('toleranceKernel').add('toleranceShapes');
      return `toleranceKernel(toleranceShapes.${node.option}, ${args.join(', ')})`;
    }
    this.#functions.add(callee.split('.')[0] ?? callee);
    return `${callee}(${args.join(', ')})`;
  }
}
