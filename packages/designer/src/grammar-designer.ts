import type { Operator } from '@rewardsmith/contracts';
import type { Designer, Proposal, ProposalRequest } from './designer.ts';
import { type Grammar, grammarFor } from './grammar/grammar.ts';
import { openings } from './grammar/openings.ts';
import { add, crossover, drop, open, rescale, start, startFlat, swap, type Variation } from './operators.ts';
import { type Random, seededRandom } from './random.ts';
import { lessonsOf } from './reflection.ts';
import { readSketch, type Sketch, writeSketch } from './sketch.ts';

function applied(operator: Operator, request: ProposalRequest, grammar: Grammar, random: Random): Variation {
  const [first, second] = request.parents.map((parent): Sketch | undefined => readSketch(parent.source, grammar));
  if (first === undefined) return undefined;
  const [{ findings = [] } = {}] = request.parents;
  const lessons = lessonsOf(findings, request.reflection, first, grammar.terms);
  switch (operator) {
    case 'initial':
    case 'given':
    case 'refine':
    case 'rewrite':
    case 'tune':
      return undefined;
    case 'add':
      return add(first, grammar.terms, random, lessons);
    case 'drop':
      return drop(first, random, lessons);
    case 'rescale':
      return rescale(first, random, lessons);
    case 'swap':
      return swap(first, grammar.terms, random, lessons);
    case 'crossover':
      return second === undefined ? undefined : crossover(first, second, random);
  }
}

interface Varied {
  readonly operator: Operator;
  readonly variation: NonNullable<Variation>;
}

/** What an operator makes of its parents; of one in which nothing can be dropped or rescaled, what adding makes. */
function vary(request: ProposalRequest, grammar: Grammar, random: Random): Varied | undefined {
  const { operator } = request;
  const variation = applied(operator, request, grammar, random);
  if (variation !== undefined) return { operator, variation };
  if (operator !== 'drop' && operator !== 'rescale') return undefined;
  const added = applied('add', request, grammar, random);
  return added === undefined ? undefined : { operator: 'add', variation: added };
}

/** A program that is varied from nothing: one of those that a search begins with, or one that is drawn. */
function begin(request: ProposalRequest, grammar: Grammar, random: Random): Variation {
  if (request.flat) return startFlat(grammar.terms, random);
  const opening = request.opening === undefined ? undefined : openings(request.environment, grammar)[request.opening];
  return opening === undefined ? start(grammar.terms, random) : open(opening);
}

function propose(request: ProposalRequest): Proposal {
  const grammar = grammarFor(request.environment, request, request.forms);
  const random = seededRandom(request.seed);
  const varied = vary(request, grammar, random);
  const variation = varied?.variation ?? begin(request, grammar, random);
  if (variation === undefined) throw new Error(`no term fits environment "${request.environment.name}"`);
  const { sketch, thought } = variation;
  const done =
    varied === undefined
      ? { operator: 'initial' as const, parents: [] }
      : { operator: varied.operator, parents: request.parents.map(({ id }) => id) };
  return { source: writeSketch(sketch, grammar, thought), thought, ...done };
}

/**
 * The designer that needs no model: it composes terms from the environment's fields, the task's success condition and its fitness, and varies
 * them. An operator that does not apply to its parents is a new start instead, or adds where one component leaves nothing to drop or rescale.
 */
export function createGrammarDesigner(): Designer {
  return { propose: async (request) => propose(request) };
}
