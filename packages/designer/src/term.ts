/** One weighted component that the grammar can put into a program. */
export interface Term {
  /** The component's and its weight's name; two terms of one name are the same term. */
  readonly name: string;
  /** What is multiplied by the weight, over `obs`, `action`, `next`, `terminated`, `env` and helper calls. */
  readonly expression: string;
  /** A weight at which the term is of the order of 0.1 to 1 a step. */
  readonly weight: number;
  /** What the term pays for. */
  readonly comment: string;
  /** What the term is made from: the success condition, an observation field, or the action and the episode's end. */
  readonly group: 'goal' | 'field' | 'cost';
  /** How likely it is drawn within its group, beside the others. */
  readonly prior: number;
}

/** A function that terms call, with its name. */
export interface HelperFunction {
  readonly name: string;
  readonly text: string;
}
