import { shortened } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';
import { cut } from './cut.ts';

/** A reward that the task has tried already, in short. */
export interface Tried {
  readonly thought: string;
  /** Its components' names; of a refused program those are unknown. */
  readonly components: readonly string[];
  /** Mean fitness of the search, or nothing when it was never evaluated. */
  readonly fitness: number | undefined;
  /** Of a short training alone, beside which the fitness of a whole one says little. */
  readonly short: boolean;
  /** What went wrong, as `code: message`, gravest first. */
  readonly problems: readonly string[];
  readonly source: string;
}

function line({ thought, components, fitness, short, problems }: Tried): string {
  const outcome =
    fitness === undefined
      ? 'not evaluated'
      : `fitness ${Number(fitness.toPrecision(4))}${short ? ' after a short training' : ''}`;
  const parts = components.length === 0 ? '' : ` (${cut(components.join(', '), limits.triedPartLength)})`;
  const idea = shortened(thought, limits.triedThoughtLength);
  const told = problems.slice(0, limits.triedProblems).map((problem) => cut(problem, limits.triedPartLength));
  const faults = told.length === 0 ? '' : ` Problems: ${told.join('; ')}`;
  return `- ${outcome}${parts}.${idea === '' ? '' : ` ${idea}`}${faults}`;
}

/** A block whose fence no text can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}js\n${text}\n${fence}`;
}

/**
 * What was tried, best first; the refused ones after, since a generation in which all fail teaches the next one too. The text
 * of the best follows where its fitness is above `than`: that of the rewards which the prompt shows in full.
 */
export function triedText(tried: readonly Tried[], than = Number.POSITIVE_INFINITY): string {
  const rank = ({ fitness }: Tried) => fitness ?? Number.NEGATIVE_INFINITY;
  const order = tried.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  const evaluated = order.filter(({ fitness }) => fitness !== undefined).slice(0, limits.triedEvaluated);
  const refused = order.filter(({ fitness }) => fitness === undefined).slice(-limits.triedRefused);
  const lines = [...evaluated, ...refused].map(line).join('\n');
  const [best] = evaluated;
  if (best?.fitness === undefined || best.fitness <= than) return lines;
  return `${lines}\n\nThe first of these is the best so far:\n\n${fenced(cut(best.source.trim(), limits.triedSourceLength))}`;
}
