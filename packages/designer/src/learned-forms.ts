import type { Environment } from '@rewardsmith/contracts';
import { type Aim, grammarFor } from './grammar/grammar.ts';

/** A candidate of a finished task: the forms of its terms, and the share of that task's candidates that it is at least as good as. */
export interface Experience {
  readonly forms: readonly string[];
  readonly gain: number;
}

/** Candidates with a form before their mean gain is believed as much as what is usual. */
const DOUBT = 10;
/** How strongly a gain tells: a form whose candidates beat all others is drawn this many times as often, or as seldom. */
const MOST = 3;

/** The forms of a program's components, each once; components of another program's make have none. */
export function formsOf(components: readonly string[], environment: Environment, aim: Aim): readonly string[] {
  const byName = new Map(grammarFor(environment, aim).terms.map(({ name, form }) => [name, form]));
  return [...new Set(components.flatMap((name) => byName.get(name) ?? []))];
}

/**
 * How much likelier than usual each form should be drawn, from what came of it in earlier tasks: the mean gain of the candidates
 * that had it, shrunk towards that of all where they were few.
 */
export function learnedForms(experiences: readonly Experience[]): Record<string, number> {
  const all = experiences.reduce((sum, { gain }) => sum + gain, 0) / experiences.length;
  const names = new Set(experiences.flatMap(({ forms }) => forms));
  return Object.fromEntries(
    [...names].toSorted().map((name) => {
      const own = experiences.filter(({ forms }) => forms.includes(name));
      const excess = own.reduce((sum, { gain }) => sum + gain - all, 0) / (own.length + DOUBT);
      return [name, Number((MOST ** (2 * excess)).toPrecision(3))];
    }),
  );
}
