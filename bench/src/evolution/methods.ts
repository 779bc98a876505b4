import type { SearchSettings } from '@rewardsmith/contracts';

/** A way to search that is measured: this project's, a baseline, or this project's with a part switched off or exchanged. */
export interface Method {
  readonly name: string;
  readonly kind: 'own' | 'baseline' | 'ablation';
  readonly search: Partial<SearchSettings>;
  /** Training seeds of a candidate; the environment's own when absent. */
  readonly seeds?: number;
  readonly critic?: { readonly duplicates?: boolean; readonly gate?: boolean };
}

/** A baseline looks at each candidate once, on one seed, as the published schemes do, and keeps the best it saw. */
const baseline = (name: string, search: Method['search']): Method => ({
  name,
  kind: 'baseline',
  search: { race: false, finalists: 1, ...search },
  seeds: 1,
});

const without = (name: string, search: Method['search'], critic: Method['critic'] = {}): Method => ({
  name,
  kind: 'ablation',
  search,
  critic,
});

export const methods: readonly Method[] = [
  { name: 'evolution', kind: 'own', search: {} },
  // Eureka (arXiv 2310.12931): K samples a round, each made from the best of the round before; K is 8 as everywhere here, 16 in the paper.
  baseline('greedy', { scheme: 'greedy' }),
  // Independent sampling of Gideoni et al. (arXiv 2602.16805); their sequential sampling shows some earlier successes, ours the latest candidate.
  baseline('independent', { scheme: 'independent' }),
  baseline('sequential', { scheme: 'sequential', population: 1 }),
  baseline('random', { scheme: 'random' }),
  without('no-race', { race: false }),
  without('race-half', { raceShare: 0.5 }),
  { name: 'one-seed', kind: 'ablation', search: { race: false }, seeds: 1 },
  without('no-reflection', { reflection: 'none' }),
  without('no-taxonomy', { reflection: 'metrics' }),
  without('no-crossover', { crossover: false }),
  without('no-tuner', { tuner: 0 }),
  // The first generation is written, all others are tuned from it.
  without('tuner-whole', { tuner: 1 }),
  without('no-duplicates', {}, { duplicates: false }),
  without('gate', {}, { gate: true }),
  without('archive', { archive: true }),
  without('islands', { islands: 2 }),
  without('parents-greedy', { parents: 'greedy' }),
  without('parents-rank', { parents: 'rank' }),
  without('parents-weighted', { parents: 'weighted' }),
  without('parents-pareto', { parents: 'pareto' }),
  without('acceptance-best', { acceptance: 'best' }),
];

/** The methods of these names, in the order given; throws for a name that is none's. */
export function methodsNamed(names: readonly string[]): readonly Method[] {
  return names.map((name) => {
    const found = methods.find((method) => method.name === name);
    if (found === undefined) {
      throw new Error(`no method "${name}"; there are ${methods.map((method) => method.name).join(', ')}`);
    }
    return found;
  });
}
