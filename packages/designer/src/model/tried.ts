import { limits } from '../limits.ts';
import { cut } from './cut.ts';

/** A reward that the task has tried already, in short. */
export interface Tried {
  readonly thought: string;
  /** Its components' names; of a refused program those are unknown. */
  readonly components: readonly string[];
  /** Mean fitness of the search, or nothing when it was never evaluated. */
  readonly fitness: number | undefined;
  /** What went wrong, as `code: message`, gravest first. */
  readonly problems: readonly string[];
}

function line({ thought, components, fitness, problems }: Tried): string {
  const outcome = fitness === undefined ? 'not evaluated' : `fitness ${Number(fitness.toPrecision(4))}`;
  const parts = components.length === 0 ? '' : ` (${cut(components.join(', '), limits.triedPartLength)})`;
  const idea = thought.length > limits.triedThoughtLength ? `${thought.slice(0, limits.triedThoughtLength)}…` : thought;
  const told = problems.slice(0, limits.triedProblems).map((problem) => cut(problem, limits.triedPartLength));
  const faults = told.length === 0 ? '' : ` Problems: ${told.join('; ')}`;
  return `- ${outcome}${parts}. ${idea}${faults}`;
}

/** What was tried, best first; the refused ones after, since a generation in which all fail teaches the next one too. */
export function triedText(tried: readonly Tried[]): string {
  const rank = ({ fitness }: Tried) => fitness ?? Number.NEGATIVE_INFINITY;
  const order = tried.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  const evaluated = order.filter(({ fitness }) => fitness !== undefined).slice(0, limits.triedEvaluated);
  const refused = order.filter(({ fitness }) => fitness === undefined).slice(-limits.triedRefused);
  return [...evaluated, ...refused].map(line).join('\n');
}
