import { rounded } from './grammar/field.ts';
import type { Term } from './grammar/term.ts';
import { limits } from './limits.ts';
import { choose, chooseWeighted, integer, type Random } from './random.ts';
import { enter, type Sketch, type SketchComponent } from './sketch.ts';

/** A varied sketch with a sentence that says what was done; nothing when the operator does not apply. */
export type Variation = { readonly sketch: Sketch; readonly thought: string } | undefined;

/** Draws a term that `taken` does not hold: its group first, by its share, then a term of the group by its prior. */
function drawTerm(terms: readonly Term[], taken: ReadonlySet<string>, random: Random): Term | undefined {
  const free = terms.filter((term) => !taken.has(term.name));
  const groups = (['goal', 'field', 'cost'] as const).filter((group) => free.some((term) => term.group === group));
  const group = chooseWeighted(random, groups, (name) => limits.groupShares[name]);
  return chooseWeighted(
    random,
    free.filter((term) => term.group === group),
    (term) => term.prior,
  );
}

function names(sketch: Sketch): Set<string> {
  return new Set(sketch.components.map(({ name }) => name));
}

function newComponent(terms: readonly Term[], taken: ReadonlySet<string>, random: Random): SketchComponent | undefined {
  const term = drawTerm(terms, taken, random);
  return term === undefined ? undefined : enter(term, choose(random, limits.entryFactors) ?? 1);
}

/** A program of a few terms drawn anew, those that few good rewards lack more often than not among them. */
export function start(terms: readonly Term[], random: Random): Variation {
  const usual = terms.filter((term) => term.usual && integer(random, 0, 1) === 1);
  const components = usual.map((term) => enter(term, choose(random, limits.entryFactors) ?? 1));
  const count = integer(random, limits.initialTerms.least, limits.initialTerms.most);
  while (components.length < count) {
    const component = newComponent(terms, names({ components }), random);
    if (component === undefined) break;
    components.push(component);
  }
  return begun(components);
}

/** A program of a few terms, each as likely as any other: what the grammar can say, without what it knows. */
export function startFlat(terms: readonly Term[], random: Random): Variation {
  const count = Math.min(terms.length, integer(random, limits.initialTerms.least, limits.initialTerms.most));
  const components: SketchComponent[] = [];
  while (components.length < count) {
    const free = terms.filter(({ name }) => components.every((component) => component.name !== name));
    const term = choose(random, free);
    if (term === undefined) break;
    components.push(enter(term, choose(random, limits.entryFactors) ?? 1));
  }
  return begun(components);
}

function begun(components: readonly SketchComponent[]): Variation {
  if (components.length === 0) return undefined;
  const list = components.map(({ name }) => name).join(', ');
  return { sketch: { components }, thought: `A new combination of terms: ${list}.` };
}

export function add(parent: Sketch, terms: readonly Term[], random: Random): Variation {
  if (parent.components.length >= limits.terms) return swap(parent, terms, random);
  const component = newComponent(terms, names(parent), random);
  return component === undefined
    ? undefined
    : {
        sketch: { components: [...parent.components, component] },
        thought: `Adds ${component.name} at weight ${component.weight}.`,
      };
}

export function drop(parent: Sketch, random: Random): Variation {
  if (parent.components.length < 2) return undefined;
  const gone = choose(random, parent.components);
  return {
    sketch: { components: parent.components.filter((component) => component !== gone) },
    thought: `Drops ${gone?.name}.`,
  };
}

export function rescale(parent: Sketch, random: Random): Variation {
  const chosen = choose(random, parent.components);
  const factor = choose(random, limits.factors);
  if (chosen === undefined || factor === undefined) return undefined;
  const weight = rounded(chosen.weight * factor);
  return {
    sketch: {
      components: parent.components.map((component) => (component === chosen ? { ...component, weight } : component)),
    },
    thought: `Rescales ${chosen.name} from ${chosen.weight} to ${weight}.`,
  };
}

export function swap(parent: Sketch, terms: readonly Term[], random: Random): Variation {
  const gone = choose(random, parent.components);
  const component = newComponent(terms, names(parent), random);
  if (gone === undefined || component === undefined) return undefined;
  return {
    sketch: { components: parent.components.map((entry) => (entry === gone ? component : entry)) },
    thought: `Replaces ${gone.name} with ${component.name} at weight ${component.weight}.`,
  };
}

/** Each component of either parent is inherited with probability one half, the first parent's on a tie of names. */
export function crossover(first: Sketch, second: Sketch, random: Random): Variation {
  const taken = names(first);
  const both = [...first.components, ...second.components.filter(({ name }) => !taken.has(name))];
  const inherited = both.filter(() => integer(random, 0, 1) === 1).slice(0, limits.terms);
  const components = inherited.length > 0 ? inherited : both.slice(0, 1);
  const list = components.map(({ name }) => name).join(', ');
  return { sketch: { components }, thought: `Inherits ${list} from two parents.` };
}
