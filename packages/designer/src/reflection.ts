import type { Finding, Reflection } from '@rewardsmith/contracts';
import type { Form, Term } from './grammar/term.ts';
import type { Sketch } from './sketch.ts';

/** What a parent's findings say of how to vary it; empty where they say nothing. */
export interface Lessons {
  /** Components that gave no signal, or that were farmed: to be dropped or replaced. */
  readonly suspects: ReadonlySet<string>;
  /** Components that drown the others: to be scaled down. */
  readonly heavy: ReadonlySet<string>;
  /** Terms that answer what went wrong in its episodes: to be added. */
  readonly wanted: readonly Term[];
}

export const noLessons: Lessons = { suspects: new Set(), heavy: new Set(), wanted: [] };

/** The forms of terms that answer a failure mode. */
const answers: Readonly<Record<string, readonly Form[]>> = {
  'never-reached': ['progress', 'nearness', 'remoteness', 'shortfall', 'together', 'record', 'stage', 'gain'],
  'never-approached': [
    'progress',
    'nearness',
    'remoteness',
    'shortfall',
    'together',
    'record',
    'stage',
    'fall',
    'approach',
    'explore',
  ],
  'approached-and-lost': ['nearness', 'together', 'shortfall', 'calm'],
  'reached-and-lost': ['goal', 'nearness', 'together', 'calm', 'reach'],
  'ended-early': ['survival', 'avoid'],
  idle: ['time', 'progress', 'rise', 'growth', 'explore', 'record'],
  stuck: ['time', 'explore', 'record', 'rise', 'gain'],
  oscillating: ['record', 'explore', 'calm', 'effort', 'gain'],
  drifted: ['calm', 'nearness', 'shortfall'],
  'saturated-action': ['effort'],
};

const farmed = new Set(['reward-hacking', 'reward-without-fitness']);

/**
 * Reads a parent's findings, as reward reflection does for a model (Eureka, arXiv 2310.12931): the published failure modes of
 * `docs/failure-taxonomy.md` point at components and at terms that answer them. A component that pays for the goal itself is
 * never suspect: it is silent until the goal is met for the first time.
 * Without the taxonomy, only what statistics tell of components is left.
 */
export function lessonsOf(
  findings: readonly Finding[],
  reflection: Reflection,
  sketch: Sketch,
  terms: readonly Term[],
): Lessons {
  if (reflection === 'none') return noLessons;
  const sparse = new Set(terms.filter(({ usual, form }) => usual || form === 'fitness').map(({ name }) => name));
  const named = (wanted: (code: string) => boolean) =>
    new Set(findings.flatMap(({ code, component }) => (component !== undefined && wanted(code) ? [component] : [])));
  const present = new Set(sketch.components.map(({ name }) => name));
  const wanted = new Set(reflection === 'metrics' ? [] : findings.flatMap(({ code }) => answers[code] ?? []));
  return {
    suspects: named((code) => code === 'component-flat' || (reflection === 'taxonomy' && farmed.has(code))).difference(
      sparse,
    ),
    heavy: named((code) => code === 'component-dominating').difference(sparse),
    wanted: terms.filter(({ name, form }) => !present.has(name) && wanted.has(form)),
  };
}
