import type { Node } from '../ir/node.ts';
import { formsByName } from '../ir/normal-form.ts';
import { type RewardProgram, rootsOf } from '../ir/program.ts';
import { formula } from './formula.ts';
import { partings } from './places.ts';

interface Rewording {
  readonly before: string;
  readonly after: string;
}

/** One difference between two rewards; formulas are expressions of the reward language. */
export type RewardChange =
  | { readonly kind: 'component-added'; readonly component: string; readonly formula: string }
  | { readonly kind: 'component-removed'; readonly component: string; readonly formula: string }
  | { readonly kind: 'component-renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'component-changed'; readonly component: string; readonly changes: readonly Rewording[] }
  | { readonly kind: 'param-added'; readonly param: string; readonly value: number }
  | { readonly kind: 'param-removed'; readonly param: string; readonly value: number }
  | { readonly kind: 'param-renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'param-changed'; readonly param: string; readonly from: number; readonly to: number }
  | { readonly kind: 'memory-added'; readonly entry: string; readonly formula: string }
  | { readonly kind: 'memory-removed'; readonly entry: string }
  | { readonly kind: 'memory-changed'; readonly entry: string; readonly changes: readonly Rewording[] }
  | { readonly kind: 'total-changed'; readonly changes: readonly Rewording[] };

/** Rewordings told for one component. */
const most = 6;

/**
 * How one reward became another, component by component; empty when they differ in names of values, layout and the order
 * of commuting terms alone. Renamed components and params are told as such, not as removed and added.
 */
export function diffRewards(before: RewardProgram, after: RewardProgram): readonly RewardChange[] {
  const renames = renamedParams(before, after);
  const forms = { before: formsUnder(before, renames), after: formsUnder(after, new Map()) };
  const names = { before: namesOf(before), after: namesOf(after) };
  const told = (a: Node, b: Node): readonly Rewording[] =>
    partings(a, b, forms, most).map((parting) => ({
      before: formula(parting.before, names.before),
      after: formula(parting.after, names.after),
    }));

  const matched = matchComponents(before, after, forms);
  const components = matched.map(({ from, to }): RewardChange | null => {
    if (from === null)
      return to && { kind: 'component-added', component: to.name, formula: formula(to.node, names.after) };
    if (to === null)
      return { kind: 'component-removed', component: from.name, formula: formula(from.node, names.before) };
    if (forms.before(from.node) !== forms.after(to.node)) {
      return { kind: 'component-changed', component: to.name, changes: told(from.node, to.node) };
    }
    return from.name === to.name ? null : { kind: 'component-renamed', from: from.name, to: to.name };
  });
  const total: RewardChange[] =
    (before.graph.ownTotal || after.graph.ownTotal) &&
    forms.before(before.graph.total) !== forms.after(after.graph.total)
      ? [{ kind: 'total-changed', changes: told(before.graph.total, after.graph.total) }]
      : [];
  const isOnlySum = components.some((change) => change !== null) && !before.graph.ownTotal && !after.graph.ownTotal;
  return [
    ...components.filter((change) => change !== null),
    ...(isOnlySum ? [] : total),
    ...paramChanges(before, after, renames),
    ...memoryChanges(before, after, forms, told, names.after),
  ];
}

type Form = (node: Node) => string;
type Component = RewardProgram['graph']['components'][number];

function namesOf(program: RewardProgram): (node: Node) => string | undefined {
  return (node) => program.annotations.get(node)?.name;
}

/** Forms in which a renamed param goes by its new name. */
function formsUnder(program: RewardProgram, renames: ReadonlyMap<string, string>): Form {
  return formsByName(rootsOf(program), (name) => renames.get(name) ?? name);
}

interface Match {
  readonly from: Component | null;
  readonly to: Component | null;
}

/** Components of one name; then those that compute the same under another. */
function matchComponents(
  before: RewardProgram,
  after: RewardProgram,
  forms: { readonly before: Form; readonly after: Form },
): readonly Match[] {
  const old = before.graph.components;
  const now = after.graph.components;
  const gone = old.filter(({ name }) => now.every((other) => other.name !== name));
  const pairs = now.map((to): Match => {
    const same = old.find(({ name }) => name === to.name);
    if (same !== undefined) return { from: same, to };
    const at = gone.findIndex(({ node }) => forms.before(node) === forms.after(to.node));
    return { from: at === -1 ? null : (gone.splice(at, 1)[0] ?? null), to };
  });
  return [...pairs, ...gone.map((from): Match => ({ from, to: null }))];
}

/** A param that is gone and one that is new, of one value, that stand in the same places. */
function renamedParams(before: RewardProgram, after: RewardProgram): ReadonlyMap<string, string> {
  const forms = { before: formsUnder(before, new Map()), after: formsUnder(after, new Map()) };
  const renames = new Map<string, string>();
  for (const { name, node } of after.graph.components) {
    const old = before.graph.components.find((each) => each.name === name);
    if (old === undefined) continue;
    for (const { before: a, after: b } of partings(old.node, node, forms, most)) {
      const isGone = a.op === 'param' && !after.params.has(a.name);
      const isNew = b.op === 'param' && !before.params.has(b.name);
      if (isGone && isNew && before.params.get(a.name) === after.params.get(b.name)) renames.set(a.name, b.name);
    }
  }
  return renames;
}

function paramChanges(
  before: RewardProgram,
  after: RewardProgram,
  renames: ReadonlyMap<string, string>,
): readonly RewardChange[] {
  const renamed = new Set(renames.values());
  const old = [...before.params].flatMap(([param, from]): RewardChange[] => {
    const name = renames.get(param);
    if (name !== undefined) return [{ kind: 'param-renamed', from: param, to: name }];
    const to = after.params.get(param);
    if (to === undefined) return [{ kind: 'param-removed', param, value: from }];
    return Object.is(from, to) ? [] : [{ kind: 'param-changed', param, from, to }];
  });
  const added = [...after.params].flatMap(([param, value]): RewardChange[] =>
    before.params.has(param) || renamed.has(param) ? [] : [{ kind: 'param-added', param, value }],
  );
  return [...old, ...added];
}

function memoryChanges(
  before: RewardProgram,
  after: RewardProgram,
  forms: { readonly before: Form; readonly after: Form },
  told: (a: Node, b: Node) => readonly Rewording[],
  nameOf: (node: Node) => string | undefined,
): readonly RewardChange[] {
  const old = new Map(before.graph.memory.map(({ name, node }) => [name, node]));
  const now = new Map(after.graph.memory.map(({ name, node }) => [name, node]));
  const removed = [...old.keys()].flatMap((entry): RewardChange[] =>
    now.has(entry) ? [] : [{ kind: 'memory-removed', entry }],
  );
  const rest = [...now].flatMap(([entry, node]): RewardChange[] => {
    const was = old.get(entry);
    if (was === undefined) return [{ kind: 'memory-added', entry, formula: formula(node, nameOf) }];
    const first = [before.memory.get(entry), after.memory.get(entry)].map(String);
    const started = first[0] === first[1] ? [] : [{ before: first[0] ?? '', after: first[1] ?? '' }];
    const changes = [...started, ...(forms.before(was) === forms.after(node) ? [] : told(was, node))];
    return changes.length === 0 ? [] : [{ kind: 'memory-changed', entry, changes }];
  });
  return [...removed, ...rest];
}
