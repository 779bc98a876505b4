import type { ModelRole } from '@rewardsmith/contracts';
import { type FormWords, Prompt, PromptError, type PromptInputs, type RenderedPrompt } from './prompt.ts';

/** Every purpose that there is a prompt for. */
export const purposes = [
  'designer.initial',
  'designer.refine',
  'designer.rewrite',
  'designer.crossover',
  'designer.repair',
  'critic.review',
  'analyzer.summarise',
] as const;
export type Purpose = (typeof purposes)[number];

/** All prompts of a directory, read once. */
export interface Prompts {
  render(purpose: Purpose, inputs: PromptInputs): RenderedPrompt;
  /** The words that ask for the form of a role's answers. */
  words(role: ModelRole): FormWords;
}

/** Reads every prompt below a directory; throws a `PromptError` that names the first that is not sound. */
export async function readPrompts(directory: string): Promise<Prompts> {
  const read = await Promise.all(
    purposes.map(async (purpose) => {
      const [role = '', kind = ''] = purpose.split('.');
      return [purpose, await Prompt.read(directory, role, kind)] as const;
    }),
  );
  const prompts = new Map(read);
  const found = (purpose: Purpose) => {
    const prompt = prompts.get(purpose);
    if (prompt === undefined) throw new PromptError(`there is no prompt ${purpose}`);
    return prompt;
  };
  const of = { designer: 'designer.initial', critic: 'critic.review', analyzer: 'analyzer.summarise' } as const;
  return {
    render: (purpose, inputs) => found(purpose).render(inputs),
    words: (role) => found(of[role]).words,
  };
}
