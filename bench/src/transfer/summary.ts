import { asGoodAsEqual, deviation } from '../evolution/summary.ts';
import { mean } from '../mean.ts';
import { kendall } from '../rank-agreement.ts';

/** One training: CMA-ES in our dynamics (`here`), or PPO in Gymnasium's (`there`). */
export interface Training {
  readonly where: 'here' | 'there';
  readonly environment: string;
  readonly reward: string;
  readonly seed: number;
  /** The task's own, on held-out episodes. */
  readonly fitness: number;
}

export interface Side {
  /** Mean over seeds, and the standard deviation between them. */
  readonly fitness: number;
  readonly deviation: number;
  readonly seeds: number;
  /** (F − F_sparse) / |F_human − F_sparse| (Eureka, arXiv 2310.12931), of the means; null where these two are as good as equal. */
  readonly score: number | null;
}

export interface TransferRow {
  readonly environment: string;
  readonly reward: string;
  readonly here: Side;
  readonly there: Side;
}

const REFERENCES = ['sparse', 'human'];

/** One row for every reward that was trained in both places, where the sparse and the human reward were, too. */
export function transferRows(trainings: readonly Training[]): readonly TransferRow[] {
  const values = (where: Training['where'], environment: string, reward: string) =>
    trainings
      .filter((each) => each.where === where && each.environment === environment && each.reward === reward)
      .map(({ fitness }) => fitness);
  const side = (where: Training['where'], environment: string, reward: string): Side | undefined => {
    const own = values(where, environment, reward);
    const [sparse, human] = REFERENCES.map((name) => values(where, environment, name));
    if (own.length === 0 || !sparse?.length || !human?.length) return undefined;
    const [least, usual] = [mean(sparse), mean(human)];
    const fitness = mean(own);
    return {
      fitness,
      deviation: deviation(own),
      seeds: own.length,
      score: asGoodAsEqual(usual, least) ? null : (fitness - least) / Math.abs(usual - least),
    };
  };
  const pairs = new Map(
    trainings.map(({ environment, reward }) => [`${environment}/${reward}`, { environment, reward }]),
  );
  return [...pairs.values()].flatMap(({ environment, reward }): readonly TransferRow[] => {
    const [here, there] = [side('here', environment, reward), side('there', environment, reward)];
    return here === undefined || there === undefined ? [] : [{ environment, reward, here, there }];
  });
}

export interface Standing {
  readonly tasks: number;
  /** Tasks with a found reward. */
  readonly searched: number;
  /** Share of those on which the mean of what was found is no worse than the human reward, by more than a hundredth; null without any. */
  readonly noWorseThanHuman: { readonly here: number; readonly there: number; readonly both: number } | null;
  /** Kendall's tau-b between the orders that both places give the rewards of a task; null where one of them ties all. */
  readonly agreement: Readonly<Record<string, number | null>>;
  /** Mean of those that are known; null where none is. */
  readonly meanAgreement: number | null;
}

const isFound = (row: TransferRow) => row.reward.startsWith('found');

export function standingOf(rows: readonly TransferRow[]): Standing {
  const tasks = [...Map.groupBy(rows, ({ environment }) => environment)];
  const verdicts = tasks.flatMap(([, own]) => {
    const human = own.find(({ reward }) => reward === 'human');
    const found = own.filter(isFound);
    if (human === undefined || found.length === 0) return [];
    const holds = (where: Training['where']) => {
      const fitness = mean(found.map((row) => row[where].fitness));
      return fitness >= human[where].fitness || asGoodAsEqual(fitness, human[where].fitness);
    };
    return [{ here: holds('here'), there: holds('there') }];
  });
  const share = (holds: (verdict: { here: boolean; there: boolean }) => boolean) =>
    verdicts.filter(holds).length / verdicts.length;
  const agreement = tasks.map(([environment, own]) => [environment, agreementOf(own)] as const);
  const known = agreement.flatMap(([, tau]) => tau ?? []);
  return {
    tasks: tasks.length,
    searched: verdicts.length,
    noWorseThanHuman:
      verdicts.length === 0
        ? null
        : {
            here: share(({ here }) => here),
            there: share(({ there }) => there),
            both: share(({ here, there }) => here && there),
          },
    agreement: Object.fromEntries(agreement),
    meanAgreement: known.length === 0 ? null : mean(known),
  };
}

function agreementOf(rows: readonly TransferRow[]): number | null {
  const points = rows.map(({ here, there }) => [here.fitness, there.fitness] as const);
  const varies = (side: 0 | 1) => new Set(points.map((point) => point[side])).size > 1;
  return varies(0) && varies(1) ? kendall(points) : null;
}
