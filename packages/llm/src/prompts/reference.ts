import { readFile } from 'node:fs/promises';
import { PromptError } from './prompt.ts';

const core = /<!-- core -->\r?\n([\s\S]*?)<!-- \/core -->/;

/** The part of the reward language's reference that prompts carry: what stands between `<!-- core -->` and `<!-- /core -->`. */
export async function coreReference(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PromptError(`the reward language's reference ${path} cannot be read`, { cause: error });
  });
  const [, part] = core.exec(text) ?? [];
  if (part === undefined) throw new PromptError(`${path} marks no core part`);
  return part.trim();
}
