import { isRecord, shortened, shortenedLine, textOr } from '@rewardsmith/contracts';
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
/** The head of a reward function, in the languages in which models write it. */
const head = /\b(?:export\s+(?:default\s+)?)?(?:function|def)\s+\w*reward|\breward\s*=\s*(?:\(|function)/i;

function withoutLabel(text: string): string {
  return text.replace(/^\s*(?:#+\s*)?(?:\*\*)?Thought(?:\*\*)?:?(?:\*\*)?\s*/i, '').trim();
}

/**
 * Reads the fenced form: a paragraph, then each program in a block of its own. Blocks that hold no reward are passed over where
 * others do, and a program without a fence is taken from its head on. Throws when there is no program.
 */
function readDesign(text: string): DesignAnswer {
  const blocks = [...text.matchAll(fence)];
  const rewards = blocks.filter(([, block = '']) => head.test(block));
  const [first] = blocks;
  if (first !== undefined) {
    const programs = (rewards.length > 0 ? rewards : blocks).map(([, block = '']) => block);
    return { thought: withoutLabel(text.slice(0, first.index)), programs };
  }
  const start =
    /^[ \t]*(?:export|const|function|def|\/\/|(?:from[ \t]+\w+[ \t]+)?import[ \t]+\w+(?:[ \t]+as[ \t]+\w+)?[ \t]*$)/m.exec(
      text,
    );
  if (start === null || !head.test(text)) throw new Error('there is no program between lines of ```');
  return { thought: withoutLabel(text.slice(0, start.index)), programs: [text.slice(start.index)] };
}

const thoughtNames = ['thought', 'thoughts', 'reasoning', 'explanation', 'rationale', 'analysis'];
const programNames = [
  'programs',
  'program',
  'code',
  'source',
  'reward',
  'rewards',
  'reward_function',
  'rewardFunction',
];

/** Programs of a value that holds them as texts, as lists of lines, or in records of their own. */
function programTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) {
    const lines = value.every((entry) => typeof entry === 'string');
    const heads = value.filter((entry) => typeof entry === 'string' && head.test(entry)).length;
    return lines && value.length > 1 && heads <= 1 ? [value.join('\n')] : value.flatMap(programTexts);
  }
  return isRecord(value) ? named(value, programNames).flatMap(programTexts) : [];
}

/** The first of some properties that a record has. */
function named(record: Readonly<Record<string, unknown>>, names: readonly string[]): readonly unknown[] {
  const name = names.find((candidate) => Object.hasOwn(record, candidate) && record[candidate] != null);
  return name === undefined ? [] : [record[name]];
}

/** A design of another shape: other names, a single text, lines of text, things besides. What was not asked for is dropped. */
function adaptDesign(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const thought = textOr(named(value, thoughtNames)[0]);
  const programs = named(value, programNames).flatMap(programTexts);
  if (programs.length === 0 && head.test(thought)) return { thought: '', programs: [thought] };
  return named(value, programNames).length === 0 ? value : { thought, programs };
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
  adapt: adaptDesign,
} as const;

/** The programs of an answer that are taken up, and how many others it held. */
export interface TakenUp {
  readonly programs: readonly string[];
  readonly dropped: number;
}

/** Takes up the programs that hold any text, of more than `most` the last: a correction follows its draft, and the task itself its first stages. */
export function programsOf(answer: DesignAnswer, most: number): TakenUp {
  const given = answer.programs.map((program) => program.trim()).filter((program) => program !== '');
  // Some models write their program where the paragraph should be.
  const held = given.length === 0 && head.test(answer.thought) ? [answer.thought.trim()] : given;
  const programs = held.slice(-most).map((program) => `${shortened(program, limits.programLength, '')}\n`);
  return { programs, dropped: held.length - programs.length };
}

/** How many programs an answer to a brief may hold. */
export function programsAsked(brief: Brief): number {
  return isCurriculum(brief) ? limits.curriculum : 1;
}

/** A thought as it is kept: one paragraph of bounded length. */
export function paragraph(thought: string): string {
  return shortenedLine(thought, limits.thoughtLength);
}
