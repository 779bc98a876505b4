import { readFile } from 'node:fs/promises';
import { PromptError } from './prompt.ts';

const core = /<!-- core -->\r?\n([\s\S]*?)<!-- \/core -->/;

/** A table without the blanks and lines that only align its source. */
function narrow(text: string): string {
  return text.replace(/^\|.*\|$/gm, (row) => row.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---'));
}

/** The part of the reward language's reference that prompts carry: what stands between `<!-- core -->` and `<!-- /core -->`. */
export async function coreReference(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PromptError(`the reward language's reference ${path} cannot be read`, { cause: error });
  });
  const [, part] = core.exec(text) ?? [];
  if (part === undefined) throw new PromptError(`${path} marks no core part`);
  return narrow(part.trim());
}
