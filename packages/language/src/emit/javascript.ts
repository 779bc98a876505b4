import type { RewardProgram } from '../ir/program.ts';
import { javascriptLibrary } from '../library/javascript.ts';

/**
 * The program itself as an ES module, for a trainer in JavaScript: its own text, and what it uses of the standard
 * library in front of it.
 */
export function emitJavaScript(program: RewardProgram): string {
  const used = new Set<string>();
  const add = (name: string): void => {
    for (const need of javascriptLibrary.get(name)?.needs ?? []) add(need);
    used.add(name);
  };
  for (const [word] of program.module.matchAll(/[A-Za-z_$][\w$]*/g)) if (javascriptLibrary.has(word)) add(word);
  const declared = (name: string): boolean => new RegExp(`(function|const|let)\\s+${name}\\b`).test(program.module);
  const texts = [...used].filter((name) => !declared(name)).map((name) => javascriptLibrary.get(name)?.text ?? '');
  const library =
    texts.length === 0
      ? []
      : ['// The standard library of the reward language, as far as this program uses it.', ...texts, ''];
  return [...library, `${program.module.trim()}\n`].join('\n');
}
