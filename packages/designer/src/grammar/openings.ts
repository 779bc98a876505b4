import type { Environment } from '@rewardsmith/contracts';
import { capital, isDistance, isHazard } from './field.ts';
import type { Grammar } from './grammar.ts';
import type { Form, Term } from './term.ts';

/** The terms of the named forms from one group, each group's own meaning of a form aside. */
const of = ({ terms }: Grammar, group: Term['group'], ...forms: readonly Form[]): readonly Term[] =>
  terms.filter((term) => term.group === group && forms.includes(term.form));

/** Distances that are to be made small, as the level of each. */
function distances(environment: Environment, grammar: Grammar): readonly Term[] {
  const names = new Set(
    environment.observation
      .filter((field) => isDistance(field) && !isHazard(field))
      .map(({ name }) => `low${capital(name)}`),
  );
  return of(grammar, 'field', 'low').filter(({ name }) => names.has(name));
}

/**
 * What an engineer tries first, as sets of terms at their base weights: what the task is judged by; how near its conditions are,
 * together; the goal with a price of time, of distance, or of effort, or with progress too; what few good rewards lack; every distance. Each that
 * the task has terms for, once, in the order in which a search begins with them. `bench grammar` trains on each of them.
 */
export function openings(environment: Environment, grammar: Grammar): readonly (readonly Term[])[] {
  const goal = of(grammar, 'goal', 'goal');
  const together = of(grammar, 'goal', 'together');
  const nearness = together.length > 0 ? together : of(grammar, 'goal', 'nearness');
  const shortfall = of(grammar, 'goal', 'shortfall');
  const effort = of(grammar, 'cost', 'effort');
  const time = of(grammar, 'cost', 'time');
  const usual = grammar.terms.filter((term) => term.usual);
  const all: readonly (readonly (readonly Term[])[])[] = [
    [of(grammar, 'goal', 'fitness')],
    [nearness],
    [goal, time],
    [goal, shortfall],
    [goal, nearness, effort],
    [goal, effort],
    [goal, of(grammar, 'goal', 'progress'), shortfall, effort],
    [usual, time],
    [shortfall, distances(environment, grammar), effort],
  ];
  const whole = all
    .filter((parts) => parts.every((part) => part.length > 0))
    .map((parts) => [...new Set(parts.flat())]);
  return [
    ...new Map(
      whole.map((terms) => [
        terms
          .map(({ name }) => name)
          .toSorted()
          .join(),
        terms,
      ]),
    ).values(),
  ];
}
