import type { Environment, Finding, Fitness, Operator, Reflection } from '@rewardsmith/contracts';
import type { FormWeights } from './grammar/term.ts';

/** An evaluated candidate that a proposal varies. */
export interface Parent {
  readonly id: string;
  readonly source: string;
  readonly fitness: number;
  readonly findings: readonly Finding[];
}

export interface ProposalRequest {
  readonly environment: Environment;
  /** Reward-language source of the task's success condition. */
  readonly success: string;
  readonly fitness: Fitness;
  /** The task in words. */
  readonly description: string;
  readonly operator: Operator;
  /** As many as the operator takes: none for `initial`, two for `crossover`, else one. */
  readonly parents: readonly Parent[];
  /** Decides every choice: the same request gives the same proposal. */
  readonly seed: number;
  readonly generation: number;
  readonly index: number;
  /** How much likelier than usual terms of a form are proposed. */
  readonly forms: FormWeights;
  /** How much of the parents' findings has a say in how they are varied. */
  readonly reflection: Reflection;
  /** Its place among the first programs of a search, of which some are written by rule; absent for what is drawn anew. */
  readonly opening?: number | undefined;
  /** Without any preference among what can be proposed: a baseline to hold designers against. */
  readonly flat: boolean;
}

export interface Proposal {
  /** A program in the reward language. */
  readonly source: string;
  /** Why it was proposed, in a sentence or a paragraph. */
  readonly thought: string;
  /** What was really done, and from which parents: an operator that does not apply is a new start, without parents. */
  readonly operator: Operator;
  readonly parents: readonly string[];
}

/** Proposes reward programs. It never sees held-out results or the human reward. */
export interface Designer {
  propose(request: ProposalRequest): Promise<Proposal>;
}
