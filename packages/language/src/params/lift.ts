import type { Environment } from '@rewardsmith/contracts';
import { Parser } from 'acorn';
import { compile } from '../compile.ts';
import type { RewardProgram } from '../ir/program.ts';
import { rootsOf } from '../ir/program.ts';
import { reachable } from '../ir/reachable.ts';
import { type Literal, literals } from './literals.ts';
import { type Edit, edited, type Fields, isSyntax, paramsLiteral, spelled } from './syntax.ts';

export interface Lifted {
  /** The program with its numbers in `params`; as it was where there is nothing to lift. */
  readonly source: string;
  readonly params: readonly {
    readonly name: string;
    readonly value: number;
    readonly line: number;
    readonly column: number;
  }[];
}

/**
 * Moves the numbers that a program holds inside into its `params`, where a tuner finds them. The meaning stays: with the
 * new params at their values every component is the same, bit for bit. Places of the lifted numbers are those in the
 * program's own text. Left alone are 0 and 1, indices, bounds of loops, exponents, codes that are compared by `===`,
 * guards against division by zero, conversions by pi, tables, and whatever the language has to know beforehand. At most
 * `most` numbers are looked at, in the order of the text: each costs a compilation.
 */
export function liftLiterals(program: RewardProgram, most = Number.POSITIVE_INFINITY): Lifted {
  const nothing: Lifted = { source: program.module, params: [] };
  const found = named(candidates(program.module).slice(0, most), program);
  const kept = found.filter((literal) => isTunable(applied(program.module, [literal]), program, [literal]));
  // Together they may still stand in each other's way: numbers are left out from the end until all others fit.
  for (let count = kept.length; count > 0; count--) {
    const some = kept.slice(0, count);
    const source = applied(program.module, some);
    if (isTunable(source, program, some)) {
      return { source, params: some.map(({ name, value, line, column }) => ({ name, value, line, column })) };
    }
  }
  return nothing;
}

function tree(source: string): Fields | null {
  const program = Parser.parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  return isSyntax(program) ? program : null;
}

function candidates(source: string): readonly Literal[] {
  const program = tree(source);
  return program === null ? [] : literals(program, paramsLiteral(program));
}

/** Every number under a name of its own. */
function named(found: readonly Literal[], program: RewardProgram): readonly Literal[] {
  const taken = new Set([...program.params.keys()].map((name) => name.split('.')[0] ?? name));
  const counts = new Map<string, number>();
  return found.map((literal) => {
    let name = literal.name;
    let count = counts.get(name) ?? 2;
    for (; taken.has(name); count++) name = `${literal.name}${count}`;
    counts.set(literal.name, count);
    taken.add(name);
    return { ...literal, name };
  });
}

function applied(source: string, chosen: readonly Literal[]): string {
  const uses = chosen.flatMap(({ name, places }): Edit[] =>
    places.map(({ start, end, shorthand }) => ({
      start,
      end,
      text: shorthand === null ? `params.${name}` : `${shorthand}: params.${name}`,
    })),
  );
  return edited(source, [...uses, declaration(source, chosen)]);
}

/** The new entries at the end of the `params` literal, laid out as the others are; or a literal of their own. */
function declaration(source: string, chosen: readonly Literal[]): Edit {
  const program = tree(source);
  const literal = program === null ? null : paramsLiteral(program);
  const entries = chosen.map(({ name, value }) => `${name}: ${spelled(value)}`);
  if (literal === null) {
    const body = program?.['body'];
    const start = Array.isArray(body) && isSyntax(body[0]) ? body[0].start : 0;
    return { start, end: start, text: `export const params = { ${entries.join(', ')} };\n\n` };
  }
  const text = source.slice(literal.start, literal.end);
  const properties = literal['properties'];
  const last: unknown = Array.isArray(properties) ? properties.at(-1) : undefined;
  if (!isSyntax(last)) return { start: literal.start, end: literal.end, text: `{ ${entries.join(', ')} }` };
  const lineStart = source.lastIndexOf('\n', last.start) + 1;
  const indent = /^\s*/.exec(source.slice(lineStart))?.[0] ?? '';
  const separator = text.includes('\n') ? `,\n${indent}` : ', ';
  return { start: last.end, end: last.end, text: `${separator}${entries.join(separator)}` };
}

/** Whether the rewritten program compiles, reads every new param and has the same components. */
function isTunable(source: string, before: RewardProgram, chosen: readonly Literal[]): boolean {
  const compilation = compile(source, before.environment as Environment, { entry: before.entry });
  if (!compilation.ok) return false;
  const { program } = compilation;
  const read = new Set(reachable(rootsOf(program)).flatMap((node) => (node.op === 'param' ? [node.name] : [])));
  return (
    chosen.every(({ name, value }) => read.has(name) && program.params.get(name) === value) &&
    program.components.join() === before.components.join()
  );
}
