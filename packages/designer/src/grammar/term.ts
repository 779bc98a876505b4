/** A number that a term carries from step to step. */
export interface Carried {
  readonly name: string;
  readonly initial: number;
  /** Its value after the step, over the same names as the term's expression. */
  readonly update: string;
}

/** What kind of term it is, whatever field it is made from: what can be learnt of from one task for another. */
export const forms = [
  // From what the task is judged by.
  'fitness',
  // From the success condition.
  'goal',
  'together',
  'progress',
  'nearness',
  'remoteness',
  'shortfall',
  // From scalar fields; `direction` is bounded to the sign, `record` pays for what was never reached before in the episode.
  'direction',
  'record',
  'rise',
  'fall',
  'high',
  'low',
  'growth',
  'calm',
  'cosine',
  // From flags; `stage` is a way that counts while a flag holds, or until it does.
  'reach',
  'gain',
  'avoid',
  'stage',
  // From vectors.
  'approach',
  'leave',
  'explore',
  // From the action and the episode's end.
  'effort',
  'time',
  'survival',
  'alive',
] as const;
export type Form = (typeof forms)[number];

/** How much likelier than usual terms of a form are drawn; 1 where it is absent. */
export type FormWeights = Readonly<Partial<Record<string, number>>>;

/** One weighted component that the grammar can put into a program. */
export interface Term {
  /** The component's and its weight's name; two terms of one name are the same term. */
  readonly name: string;
  readonly form: Form;
  /** What is multiplied by the weight, over `obs`, `action`, `next`, `terminated`, `env`, `memory` and helper calls. */
  readonly expression: string;
  /** A weight at which the term is of the order of 0.1 to 1 a step; 1 for the fitness, whose scale is the task's own. */
  readonly weight: number;
  /** What the term pays for. */
  readonly comment: string;
  /** What the term is made from: the success condition or the fitness, an observation field, or the action and the episode's end. */
  readonly group: 'goal' | 'field' | 'cost';
  /** How likely it is drawn within its group, beside the others. */
  readonly prior: number;
  /** Few good rewards lack it: every other new program begins with it. */
  readonly usual?: boolean;
  /** What it remembers, if anything; entries of one name are the same entry in every term. */
  readonly memory?: readonly Carried[];
}

/** A term that no group has been given yet. */
export type Unplaced = Omit<Term, 'group'>;

/** A function that terms call, with its name. */
export interface TermFunction {
  readonly name: string;
  readonly text: string;
}

/** Says whether this is the first step, which has no past to compare with. */
export const started: Carried = { name: 'started', initial: 0, update: '1' };
