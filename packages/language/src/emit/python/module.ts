import { fit } from './fit.ts';
import { type RuntimeText, runtimeTexts } from './runtime.ts';

/** The parts of an exported Python module, in their order. */
export interface ModuleParts {
  readonly docstring: readonly string[];
  /** Names of modules, or whole lines for other forms. */
  readonly imports: readonly string[];
  /** Blocks of lines: module-level names first, then functions. */
  readonly constants: readonly string[];
  readonly functions: readonly (readonly string[])[];
  readonly runtime: ReadonlyMap<string, RuntimeText>;
  readonly used: Iterable<string>;
  readonly selfCheck: string;
}

const standard: readonly string[] = ['json', 'math', 'struct', 'sys'];

/** Standard modules first, each sorted; names that are used nowhere are left out. */
function importLines(text: string, imports: readonly string[]): string {
  const uses = (name: string): boolean => new RegExp(`(?<![\\w.])${name}\\.`).test(text);
  const plain = standard.filter(uses).map((name) => `import ${name}`);
  const typing = ['Dict', 'List', 'Tuple'].filter((name) => new RegExp(`\\b${name}\\[`).test(text));
  const from = typing.length === 0 ? [] : [`from typing import ${typing.join(', ')}`];
  return [[...plain, ...from].join('\n'), imports.join('\n')].filter((block) => block !== '').join('\n\n');
}

export function moduleText(parts: ModuleParts): string {
  const functions = parts.functions.map((lines) => lines.flatMap(fit).join('\n'));
  const library = runtimeTexts(parts.runtime, parts.used).map((text) => text.split('\n').flatMap(fit).join('\n'));
  const check = parts.selfCheck.split('\n').flatMap(fit).join('\n');
  const code = [...functions, ...library, check];
  const constants = parts.constants.flatMap(fit).join('\n');
  const head = [parts.docstring.join('\n'), importLines([constants, ...code].join('\n'), parts.imports)];
  const opening = [...head, ...(constants === '' ? [] : [constants])].join('\n\n');
  return `${[opening, ...code].join('\n\n\n')}\n`;
}
