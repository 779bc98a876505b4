import type { Environment, Fitness, ObservationField } from '@rewardsmith/contracts';
import { outcomePerStep } from '../outcome.ts';
import { isCount, isDistance, isHazard, related } from './field.ts';
import { type GoalTerms, goalTerms } from './goal-terms.ts';
import { scalarTerms } from './scalar-terms.ts';
import { stagedTerms } from './staged-terms.ts';
import type { FormWeights, Term, TermFunction, Unplaced } from './term.ts';
import { vectorTerms } from './vector-terms.ts';

/** What a task is judged by. */
export interface Aim {
  /** Reward-language source of its success condition. */
  readonly success: string;
  readonly fitness: Fitness;
}

/** Every term that the grammar knows for one task, and the functions they call. */
export interface Grammar {
  readonly terms: readonly Term[];
  readonly functions: readonly TermFunction[];
}

/** How much likelier terms over a field are that speaks of what the success condition speaks of. */
const RELEVANCE = 2;

/** Terms over the action and the end of the episode, which is a failure where the goal is not met by it. */
function costTerms(environment: Environment, met: string | undefined): readonly Unplaced[] {
  const failed = met === undefined ? 'terminated' : `terminated && !(${met})`;
  const effort: readonly Unplaced[] =
    environment.action.kind === 'continuous'
      ? [
          {
            name: 'effort',
            form: 'effort',
            expression: '-dot(action, action)',
            weight: 0.01,
            comment: 'Costs the squared action.',
            prior: 1,
          },
        ]
      : [];
  return [
    ...effort,
    { name: 'time', form: 'time', expression: '-1', weight: 0.1, comment: 'Costs every step.', prior: 2 },
    {
      name: 'survival',
      form: 'survival',
      expression: `(${failed} ? -1 : 0)`,
      weight: 10,
      comment: 'Costs the end of the episode by failure.',
      prior: 1,
    },
    {
      name: 'alive',
      form: 'alive',
      expression: '(terminated ? 0 : 1)',
      weight: 0.1,
      comment: 'Pays every step survived.',
      prior: 1,
    },
  ];
}

/** What the task is judged by, where a step's part in it can be read. */
function fitnessTerms(environment: Environment, fitness: Fitness): readonly Unplaced[] {
  const expression = outcomePerStep(fitness, environment);
  return expression === undefined
    ? []
    : [
        {
          name: 'fitness',
          form: 'fitness',
          expression,
          weight: 1,
          comment: 'Pays what the step adds to what the task is judged by.',
          prior: 4,
        },
      ];
}

/**
 * The terms of one field, likelier where the success condition speaks of the same thing; none that pays for the opposite of
 * what the condition asks of this field, or for what the goal's own term pays for already.
 */
function fieldTerms(field: ObservationField, goal: GoalTerms): readonly Unplaced[] {
  const towards = goal.fields.get(field.name);
  if (towards === 'event') return [];
  const terms = field.shape.length === 0 ? scalarTerms(field, towards) : vectorTerms(field);
  if (isHazard(field)) return terms;
  const relevant = [...goal.fields.keys()].some((name) => name !== field.name && related(name, field.name));
  // Where the goal says nothing of its distance, new ground and what has the goal's name lead there.
  const leads = ({ form }: Unplaced) =>
    !goal.gradual && ((form === 'rise' && isCount(field)) || (form === 'fall' && isDistance(field) && relevant));
  return terms.map((term) => ({
    ...term,
    prior: relevant ? RELEVANCE * term.prior : term.prior,
    usual: term.usual === true || leads(term),
  }));
}

/**
 * The grammar of a task: from its typed fields, units and bounds, from its success condition, and from its fitness. `weights` says how much likelier
 * than usual terms of a form are drawn.
 */
export function grammarFor(environment: Environment, { success, fitness }: Aim, weights: FormWeights = {}): Grammar {
  const goal = goalTerms(environment, success);
  const fields = environment.observation.flatMap((field) => fieldTerms(field, goal));
  const staged = stagedTerms(environment.observation);
  const grouped = (group: Term['group'], terms: readonly Unplaced[]) =>
    terms.map((term): Term => ({ ...term, group, prior: term.prior * (weights[term.form] ?? 1) }));
  return {
    terms: [
      ...grouped('goal', [...goal.terms, ...fitnessTerms(environment, fitness)]),
      ...grouped('field', [...fields, ...staged]),
      ...grouped('cost', costTerms(environment, goal.met)),
    ],
    functions: goal.functions,
  };
}
