import type { Environment } from '@rewardsmith/contracts';
import { type Predicate, successCondition } from '../predicates.ts';
import { rounded, width } from './field.ts';
import { started, type TermFunction, type Unplaced } from './term.ts';

interface GoalPart {
  readonly predicate: Predicate;
  readonly name: string;
  readonly called: TermFunction;
  readonly terms: readonly Unplaced[];
  /** The nearness of this condition, where it says how far away the goal is. */
  readonly nearness: string | undefined;
}

/**
 * Where the goal lies for a field that it speaks of: up, down, met or not without anything between, or not to be told from this
 * field alone.
 */
export type Towards = 'up' | 'down' | 'event' | 'unknown';

/** What the success condition gives. */
export interface GoalTerms {
  readonly terms: readonly Unplaced[];
  readonly functions: readonly TermFunction[];
  /** An expression that says whether the goal is met after the step; nothing where the condition is of another form. */
  readonly met: string | undefined;
  /** The fields that it speaks of, and where the goal lies for each. */
  readonly fields: ReadonlyMap<string, Towards>;
  /** Whether it says how far away the goal is; else the way to it has to be paid for by other fields. */
  readonly gradual: boolean;
}

/** Where a margin that is plain in its field wants the field to go. */
function direction({ margin, fields: [field, ...others] }: Predicate, gradual: boolean): Towards {
  if (!gradual) return 'event';
  if (field === undefined || others.length > 0) return 'unknown';
  if (margin.startsWith(`state.${field} - `)) return 'up';
  return margin.endsWith(` - state.${field}`) ? 'down' : 'unknown';
}

/** Terms from one comparison of the success condition: progress towards it, records, and nearness to it. */
function partTerms(predicate: Predicate, environment: Environment, index: number | undefined): GoalPart {
  const label = index === undefined ? '' : `${index + 1}`;
  const name = `margin${label}`;
  const named = environment.observation.find((field) => field.name === predicate.fields[0]);
  const only = predicate.fields.length === 1 ? named : undefined;
  const scale = only === undefined ? 1 : width(only);
  // A margin that is never negative says when the goal is met, as the goal's own term does, but not how far away it is.
  const gradual =
    only === undefined ||
    predicate.threshold === null ||
    typeof only.low !== 'number' ||
    only.low < predicate.threshold;
  const [before, after] = [`${name}(obs, env)`, `${name}(next, env)`];
  const most = `(memory.started > 0 ? memory.most${label} : ${before})`;
  const nearness = `Math.exp(Math.min(${after}, 0) / ${rounded(scale / 4)})`;
  const progress: readonly Unplaced[] = [
    {
      name: `progress${label}`,
      form: 'progress',
      expression: `(${after} - ${before})`,
      weight: rounded(10 / scale),
      comment: 'Pays for coming nearer to the goal in this step.',
      prior: 4,
    },
  ];
  const distance: readonly Unplaced[] = [
    {
      name: `nearness${label}`,
      form: 'nearness',
      expression: nearness,
      weight: 1,
      comment: 'Pays up to 1 a step, the more the nearer the goal.',
      prior: 1.5,
    },
    // What is paid for nearness is lost with the steps that are left when the goal ends the episode; what is not charged is not.
    {
      name: `remoteness${label}`,
      form: 'remoteness',
      expression: `(${nearness} - 1)`,
      weight: 1,
      comment: 'Costs up to 1 a step, the less the nearer the goal.',
      prior: 3,
    },
    {
      name: `shortfall${label}`,
      form: 'shortfall',
      expression: `Math.min(${after}, 0)`,
      weight: rounded(1 / scale),
      comment: 'Costs what is missing to the goal.',
      prior: 3,
    },
    {
      name: `nearer${label}`,
      form: 'direction',
      expression: `Math.sign(${after} - ${before})`,
      weight: 0.1,
      comment: 'Pays the direction of this step, by its sign alone.',
      prior: 1,
    },
    {
      name: `record${label}`,
      form: 'record',
      expression: `Math.max(0, ${after} - ${most})`,
      weight: rounded(10 / scale),
      comment: 'Pays for being nearer to the goal than ever before in the episode.',
      prior: 1.5,
      memory: [started, { name: `most${label}`, initial: 0, update: `Math.max(${after}, ${most})` }],
    },
  ];
  const called = {
    name,
    text: [
      '/** How clearly the goal is met: positive when it is (quantitative robustness). */',
      `function ${name}(state, env) {`,
      `  return ${predicate.margin};`,
      '}',
    ].join('\n'),
  };
  return {
    predicate,
    name,
    called,
    terms: gradual ? [...progress, ...distance] : [],
    nearness: gradual ? nearness : undefined,
  };
}

/** Terms from the success condition: progress towards it, nearness to it, and the outcome itself. */
export function goalTerms(environment: Environment, success: string): GoalTerms {
  const { predicates, complete } = successCondition(success);
  const parts = predicates.map((predicate, index) =>
    partTerms(predicate, environment, predicates.length === 1 ? undefined : index),
  );
  if (parts.length === 0) return { terms: [], functions: [], met: undefined, fields: new Map(), gradual: false };
  const met = parts.map(({ name, predicate }) => `${name}(next, env) ${predicate.strict ? '>' : '>='} 0`).join(' && ');
  const goal: Unplaced = {
    name: 'goal',
    form: 'goal',
    expression: `(${met} ? 1 : 0)`,
    weight: 10,
    comment: complete ? 'Pays when the goal is met.' : 'Pays while the goal is met, as far as the state tells.',
    prior: 5,
    usual: true,
  };
  const nearnesses = parts.flatMap(({ nearness }) => nearness ?? []);
  // Conditions that must hold together multiply: being near in one respect is worth nothing without the others.
  const together: readonly Unplaced[] =
    nearnesses.length < 2
      ? []
      : [
          {
            name: 'together',
            form: 'together',
            expression: nearnesses.join(' * '),
            weight: 1,
            comment: 'Pays up to 1 a step, the more the nearer all conditions of the goal are together.',
            prior: 1.5,
          },
          {
            name: 'apart',
            form: 'remoteness',
            expression: `(${nearnesses.join(' * ')} - 1)`,
            weight: 1,
            comment: 'Costs up to 1 a step, the less the nearer all conditions of the goal are together.',
            prior: 3,
          },
        ];
  return {
    terms: [goal, ...together, ...parts.flatMap(({ terms }) => terms)],
    functions: parts.map(({ called }) => called),
    met: complete ? met : undefined,
    fields: new Map(
      parts.flatMap(({ predicate, nearness }) =>
        predicate.fields.map((field) => [field, direction(predicate, nearness !== undefined)] as const),
      ),
    ),
    gradual: nearnesses.length > 0,
  };
}
