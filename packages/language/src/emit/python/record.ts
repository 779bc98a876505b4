import { numberText, quoted } from './syntax.ts';

/** Named numbers as a module-level dictionary. */
export function recordText(name: string, values: ReadonlyMap<string, number>, module: 'math' | 'np'): string {
  const entries = [...values].map(([key, value]) => `    ${quoted(key)}: ${numberText(value, module).text},`);
  return entries.length === 0 ? `${name} = {}` : [`${name} = {`, ...entries, '}'].join('\n');
}
