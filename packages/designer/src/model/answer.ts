import { z } from 'zod';
import { limits } from '../limits.ts';
import { type Brief, isCurriculum } from './brief.ts';

/** What a model answers a designer's prompt with. */
export const DesignAnswer = z.strictObject({
  thought: z.string().describe('One paragraph: why this reward.'),
  programs: z
    .array(z.string())
    .describe(
      'Complete programs of the reward language, as plain text. One, unless several are asked for, easiest first.',
    ),
});
export type DesignAnswer = z.infer<typeof DesignAnswer>;

const fence = /```[A-Za-z]*[ \t]*\r?\n([\s\S]*?)```/g;

/** Reads the fenced form: a paragraph, then each program in a block of its own. Throws when there is no block. */
function readDesign(text: string): DesignAnswer {
  const blocks = [...text.matchAll(fence)];
  const [first] = blocks;
  if (first === undefined) throw new Error('there is no program between lines of ```');
  const thought = text
    .slice(0, first.index)
    .replace(/^\s*(?:#+\s*)?(?:\*\*)?Thought(?:\*\*)?:?(?:\*\*)?\s*/i, '')
    .trim();
  return { thought, programs: blocks.map(([, block = '']) => block) };
}

/** The form of a design, with a schema or in words. */
export const designForm = {
  name: 'reward_design',
  schema: DesignAnswer,
  instructions: [
    'Answer in exactly this form: the paragraph, after `Thought:`; then each program in a fenced block of its own;',
    'nothing after the last block, and no other fenced block.',
    '',
    'Thought: …',
    '',
    '```js',
    'export function reward({ obs, action, next, env, params }) { … }',
    '```',
  ].join('\n'),
  read: readDesign,
} as const;

/** The programs of an answer that are taken up: those that hold any text, one unless a curriculum was asked for, and at most `most`. */
export function programsOf(answer: DesignAnswer, brief: Brief, most: number): readonly string[] {
  return answer.programs
    .map((program) => program.trim())
    .filter((program) => program !== '')
    .slice(0, Math.min(most, isCurriculum(brief) ? limits.curriculum : 1))
    .map((program) => `${program.slice(0, limits.programLength)}\n`);
}

/** A thought as it is kept: one paragraph of bounded length. */
export function paragraph(thought: string): string {
  const flat = thought.replace(/\s+/g, ' ').trim();
  return flat.length > limits.thoughtLength ? `${flat.slice(0, limits.thoughtLength)}…` : flat;
}
