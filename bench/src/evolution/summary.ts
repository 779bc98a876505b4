import { studentCdf } from '@rewardsmith/evolution';
import { mean } from '../mean.ts';
import type { Measured, Point } from './measured.ts';

function median(values: readonly number[]): number {
  const order = values.toSorted((a, b) => a - b);
  const middle = Math.floor(order.length / 2);
  const upper = order[middle] ?? Number.NaN;
  return order.length % 2 === 1 ? upper : ((order[middle - 1] ?? upper) + upper) / 2;
}

export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** One method on one environment, over its seeds. */
export interface Row {
  readonly environment: string;
  readonly method: string;
  readonly seeds: number;
  /** The budget of each search, in trainings of usual length. */
  readonly trainings: number;
  /** Held-out fitness: mean over seeds, and the standard deviation between them. */
  readonly fitness: number;
  readonly deviation: number;
  readonly sparse: number;
  readonly human: number;
  /** (F − F_sparse) / |F_human − F_sparse| (Eureka, arXiv 2310.12931), of the means; null where these two are as good as equal. */
  readonly humanScore: number | null;
  /** By how much it is better than the human reward on the same held-out seeds, and the standard error of that over its searches; null for one search. */
  readonly overHuman: { readonly mean: number; readonly error: number } | null;
  readonly environmentSteps: number;
  readonly evaluationSteps: number;
  readonly proposals: number;
  readonly designed: number;
  readonly modelCalls: number;
  readonly trainingSeconds: number;
  /**
   * Environment steps that the reference took to its last fitness or as good as it, over those that this method took to the same, of
   * curves averaged over seeds; the same for what a designer wrote. 0 where this method did not reach it, null without the reference.
   */
  readonly stepsRatio: number | null;
  readonly designedRatio: number | null;
}

/** Below this share of the larger, a difference is no measure for others, and says nothing between methods. */
const LEAST_DIFFERENCE = 0.01;

export const asGoodAsEqual = (a: number, b: number): boolean =>
  Math.abs(a - b) <= LEAST_DIFFERENCE * Math.max(Math.abs(a), Math.abs(b));

type Cost = 'environmentSteps' | 'designed';

/** Fitness of the best after `cost`; nothing before there is one. */
function at(curve: readonly Point[], cost: Cost, spent: number): number | undefined {
  return curve.findLast((point) => point[cost] <= spent)?.fitness;
}

/** The least cost from which on the curves' mean stays at `wanted` or above: a search cannot know that it has been better before. */
export function costTo(curves: readonly (readonly Point[])[], cost: Cost, wanted: number): number | undefined {
  const costs = curves.flatMap((curve) => curve.map((point) => point[cost])).toSorted((a, b) => a - b);
  const reached = costs.map((spent) => {
    const values = curves.flatMap((curve) => at(curve, cost, spent) ?? []);
    return values.length === curves.length && mean(values) >= wanted;
  });
  return costs[reached.lastIndexOf(false) + 1];
}

const last = (curve: readonly Point[]): number => curve.at(-1)?.fitness ?? Number.NEGATIVE_INFINITY;

function ratio(own: readonly Measured[], reference: readonly Measured[], cost: Cost): number | null {
  if (reference.length === 0) return null;
  const reached = mean(reference.map(({ curve }) => last(curve)));
  const wanted = reached - LEAST_DIFFERENCE * Math.abs(reached);
  const theirs = costTo(
    reference.map(({ curve }) => curve),
    cost,
    wanted,
  );
  const ours = costTo(
    own.map(({ curve }) => curve),
    cost,
    wanted,
  );
  return theirs === undefined || ours === undefined ? 0 : theirs / ours;
}

/** What chance leaves on each side of 95%. */
const TAIL = 0.025;

function differenceOf(differences: readonly number[]): Row['overHuman'] {
  if (differences.length < 2) return null;
  return { mean: mean(differences), error: deviation(differences) / Math.sqrt(differences.length) };
}

/** One row an environment and method; ratios are against the method of the name `reference`. */
export function rowsOf(all: readonly Measured[], reference: string): readonly Row[] {
  const groups = Map.groupBy(all, ({ environment, method }) => `${environment}/${method}`);
  return [...groups.values()].flatMap((own): readonly Row[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { environment, method } = first;
    const theirs = all.filter((each) => each.environment === environment && each.method === reference);
    const of = (part: keyof Omit<Measured, 'environment' | 'method' | 'version' | 'curve' | 'source'>) =>
      own.map((each) => each[part]);
    const [fitness, sparse, human] = [mean(of('fitness')), mean(of('sparse')), mean(of('human'))];
    return [
      {
        environment,
        method,
        seeds: own.length,
        trainings: mean(of('trainings')),
        fitness,
        deviation: deviation(of('fitness')),
        sparse,
        human,
        humanScore: asGoodAsEqual(human, sparse) ? null : (fitness - sparse) / Math.abs(human - sparse),
        overHuman: differenceOf(own.map((each) => each.fitness - each.human)),
        environmentSteps: mean(of('environmentSteps')),
        evaluationSteps: mean(of('evaluationSteps')),
        proposals: mean(of('proposals')),
        designed: mean(of('designed')),
        modelCalls: mean(of('modelCalls')),
        trainingSeconds: mean(of('trainingSeconds')),
        stepsRatio: ratio(own, theirs, 'environmentSteps'),
        designedRatio: ratio(own, theirs, 'designed'),
      },
    ];
  });
}

/** What a method comes to over all environments. */
export interface Standing {
  readonly method: string;
  readonly environments: number;
  /** Share of the environments on which it is better than the human reward, and on which it is that or as good as equal. */
  readonly betterThanHuman: number;
  readonly asGoodAsHuman: number;
  /** Environments where it is better, and worse, than the human reward beyond what chance makes of so few searches (95%, paired); null where none was repeated. */
  readonly surelyBetter: readonly string[] | null;
  readonly surelyWorse: readonly string[] | null;
  /** Median over environments of the human score, each held to [-1, 3] so that none speaks for all. */
  readonly medianHumanScore: number;
  readonly meanHumanScore: number;
  /** Medians over environments, against the reference; null without it. */
  readonly stepsRatio: number | null;
  readonly designedRatio: number | null;
  /** Environments where it is worse than `independent` by more than a standard error of their difference; null where that is not known. */
  readonly worseThanIndependent: readonly string[] | null;
}

const known = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values));

/** Where rows are worse than others of the same environment; one seed has no spread to hold a difference against. */
function worse(own: readonly Row[], others: ReadonlyMap<string, Row>): readonly string[] | null {
  if (others.size === 0 || own.some(({ seeds }) => seeds < 2)) return null;
  return own.flatMap((row) => {
    const other = others.get(row.environment);
    if (other === undefined) return [];
    const error = Math.sqrt(row.deviation ** 2 / row.seeds + other.deviation ** 2 / other.seeds);
    return row.fitness < other.fitness - error ? [row.environment] : [];
  });
}

/** Where a method differs from the human reward in the direction of `sign`, by Student's t over its searches. */
function surely(own: readonly Row[], sign: 1 | -1): readonly string[] | null {
  const measured = own.filter(({ overHuman }) => overHuman !== null);
  if (measured.length === 0) return null;
  return measured.flatMap(({ environment, seeds, overHuman }) => {
    const t = (sign * (overHuman?.mean ?? 0)) / (overHuman?.error ?? 0);
    return 1 - studentCdf(t, seeds - 1) < TAIL ? [environment] : [];
  });
}

export function standingsOf(rows: readonly Row[]): readonly Standing[] {
  const byMethod = Map.groupBy(rows, ({ method }) => method);
  const independent = new Map((byMethod.get('independent') ?? []).map((row) => [row.environment, row]));
  return [...byMethod].map(([method, own]) => {
    const scores = own.flatMap(({ humanScore }) => (humanScore === null ? [] : Math.min(3, Math.max(-1, humanScore))));
    return {
      method,
      environments: own.length,
      betterThanHuman: own.filter(({ fitness, human }) => fitness > human).length / own.length,
      asGoodAsHuman:
        own.filter(({ fitness, human }) => fitness > human || asGoodAsEqual(fitness, human)).length / own.length,
      surelyBetter: surely(own, 1),
      surelyWorse: surely(own, -1),
      medianHumanScore: median(scores),
      meanHumanScore: mean(scores),
      stepsRatio: known(own.flatMap(({ stepsRatio }) => stepsRatio ?? [])),
      designedRatio: known(own.flatMap(({ designedRatio }) => designedRatio ?? [])),
      worseThanIndependent: worse(own, independent),
    };
  });
}
