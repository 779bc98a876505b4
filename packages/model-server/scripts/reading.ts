import { type ChatRequest, promptText } from '../src/request.ts';

/** What a prompt asks for, read from its words as a model would. */
export interface Reading {
  readonly role: 'designer' | 'critic' | 'analyzer';
  readonly environment: string;
  readonly purpose: 'initial' | 'refine' | 'rewrite' | 'crossover' | 'repair' | 'review' | 'summarise';
  /** The part of the prompt that changes from call to call. */
  readonly text: string;
  /** A word that tells the brief. */
  readonly brief: string;
  /** Blocks of code of that part. */
  readonly blocks: readonly string[];
}

const purposes: readonly (readonly [RegExp, Reading['purpose']])[] = [
  [/This is repair/, 'repair'],
  [/Review this reward/, 'review'],
  [/For each finding that matters/, 'summarise'],
  [/Write one reward that joins/, 'crossover'],
  [/Do not polish it/, 'rewrite'],
  [/Write a better version/, 'refine'],
];

const briefs: readonly (readonly [RegExp, string])[] = [
  [/as few components as will do/, 'terse'],
  [/stages that come one after another/, 'staged'],
  [/Choose one potential/, 'potential'],
  [/Let every component stay between/, 'bounded'],
  [/one main term for progress/, 'multiplicative'],
  [/of which only the sign counts/, 'sign-bounded'],
  [/two or three programs/, 'curriculum'],
];

export function read(request: ChatRequest): Reading {
  const whole = promptText(request);
  const text = String(request.messages.at(-1)?.content ?? '');
  const role = whole.includes('You review') ? 'critic' : whole.includes('You explain') ? 'analyzer' : 'designer';
  return {
    role,
    environment: /# The environment\s+`([\w-]+)`/.exec(whole)?.[1] ?? '',
    purpose: purposes.find(([sign]) => sign.test(text))?.[1] ?? 'initial',
    text,
    brief: briefs.find(([sign]) => sign.test(text))?.[1] ?? 'free',
    blocks: [...text.matchAll(/```(?:js)?\n([\s\S]*?)\n```/g)].map(([, block = '']) => block),
  };
}

/** Codes of the findings that a prompt's evidence names, in its order. */
export function codes(text: string): readonly string[] {
  return [...text.matchAll(/^- (?:error |warning |F\d+ )?([a-z]+(?:-[a-z]+)+)(?: \[|:| \()/gm)].map(
    ([, code = '']) => code,
  );
}
