import { rounded } from './grammar/field.ts';
import type { Term } from './grammar/term.ts';
import { limits } from './limits.ts';
import { choose, chooseWeighted, integer, type Random } from './random.ts';
import { type Lessons, noLessons } from './reflection.ts';
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

/** How often a lesson is followed where there is one; else the operator draws as if there were none. */
const heeds = (random: Random): boolean => integer(random, 1, 3) > 1;

/** One of the components, of those that a lesson names where it is heeded. */
function pick(sketch: Sketch, named: ReadonlySet<string>, random: Random): SketchComponent | undefined {
  const meant = sketch.components.filter(({ name }) => named.has(name));
  return choose(random, meant.length > 0 && heeds(random) ? meant : sketch.components);
}

/** Terms to draw from: those that answer what went wrong, where they are heeded. */
function offered(terms: readonly Term[], { wanted }: Lessons, random: Random): readonly Term[] {
  return wanted.length > 0 && heeds(random) ? wanted : terms;
}

/** A program of a few terms drawn anew, those that few good rewards lack more often than not among them. */
export function start(terms: readonly Term[], random: Random): Variation {
  const usual = terms.filter((term) => term.usual && integer(random, 0, 1) === 1);
  const components = usual.map((term) => enter(term, choose(random, limits.entryFactors) ?? 1));
  const count = integer(random, limits.initialTerms.least, limits.initialTerms.most);
  while (components.length < count) {
    const component = newComponent(terms, names({ components, functions: [] }), random);
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

/** A program of these terms at their base weights. */
export function open(terms: readonly Term[]): Variation {
  return begun(terms.map((term) => enter(term, 1)));
}

function begun(components: readonly SketchComponent[]): Variation {
  if (components.length === 0) return undefined;
  const list = components.map(({ name }) => name).join(', ');
  return { sketch: { components, functions: [] }, thought: `A new combination of terms: ${list}.` };
}

export function add(parent: Sketch, terms: readonly Term[], random: Random, lessons = noLessons): Variation {
  if (parent.components.length >= limits.terms) return swap(parent, terms, random, lessons);
  const component = newComponent(offered(terms, lessons, random), names(parent), random);
  return component === undefined
    ? undefined
    : {
        sketch: { ...parent, components: [...parent.components, component] },
        thought: `Adds ${component.name} at weight ${component.weight}.`,
      };
}

export function drop(parent: Sketch, random: Random, lessons = noLessons): Variation {
  if (parent.components.length < 2) return undefined;
  const gone = pick(parent, lessons.suspects, random);
  return {
    sketch: { ...parent, components: parent.components.filter((component) => component !== gone) },
    thought: `Drops ${gone?.name}.`,
  };
}

export function rescale(parent: Sketch, random: Random, lessons = noLessons): Variation {
  // Policies are ranked by their returns: one weight alone changes nothing.
  if (parent.components.length < 2) return undefined;
  const chosen = pick(parent, lessons.heavy, random);
  const down = limits.factors.filter((factor) => factor < 1);
  const drowns = chosen !== undefined && lessons.heavy.has(chosen.name);
  const factor = choose(random, drowns ? down : limits.factors);
  if (chosen === undefined || factor === undefined) return undefined;
  const weight = rounded(chosen.weight * factor);
  return {
    sketch: {
      ...parent,
      components: parent.components.map((component) => (component === chosen ? { ...component, weight } : component)),
    },
    thought: `Rescales ${chosen.name} from ${chosen.weight} to ${weight}.`,
  };
}

export function swap(parent: Sketch, terms: readonly Term[], random: Random, lessons = noLessons): Variation {
  const gone = pick(parent, lessons.suspects, random);
  const component = newComponent(offered(terms, lessons, random), names(parent), random);
  if (gone === undefined || component === undefined) return undefined;
  return {
    sketch: { ...parent, components: parent.components.map((entry) => (entry === gone ? component : entry)) },
    thought: `Replaces ${gone.name} with ${component.name} at weight ${component.weight}.`,
  };
}

/** Each component of either parent is inherited with probability one half, the first parent's on a tie of names. */
export function crossover(first: Sketch, second: Sketch, random: Random): Variation {
  const taken = names(first);
  const functions = new Map(first.functions.map((each) => [each.name, each]));
  // Two functions of one name cannot stand in one program.
  if (second.functions.some(({ name, text }) => functions.has(name) && functions.get(name)?.text !== text))
    return undefined;
  for (const each of second.functions) functions.set(each.name, each);
  const both = [...first.components, ...second.components.filter(({ name }) => !taken.has(name))];
  const inherited = both.filter(() => integer(random, 0, 1) === 1).slice(0, limits.terms);
  const components = inherited.length > 0 ? inherited : both.slice(0, 1);
  const list = components.map(({ name }) => name).join(', ');
  return { sketch: { components, functions: [...functions.values()] }, thought: `Inherits ${list} from two parents.` };
}
