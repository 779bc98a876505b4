import type { TrainingRun } from '@rewardsmith/contracts';
import { pooledSpread, probabilityBest } from '@rewardsmith/evolution';
import { limits } from '../limits.ts';
import { mean } from './mean.ts';

interface Standing {
  readonly fitness: number | null;
  readonly values: readonly number[];
  readonly flagged: boolean;
}

/**
 * The fitness that a candidate is ranked by: its own, less some standard errors of a difference when it is flagged, so that it
 * goes behind every unflagged candidate of comparable fitness and stays before what is clearly worse. A flag may be wrong.
 */
export function handicap(candidates: readonly Standing[]): (candidate: Standing) => number {
  const measured = candidates.filter(({ fitness }) => fitness !== null);
  // Before any has been trained twice, what lies between candidates bounds the noise of one.
  const spread =
    pooledSpread(measured.map(({ values }) => values)) ?? pooledSpread([measured.flatMap(({ values }) => values)]);
  return ({ fitness, values, flagged }) => {
    const error = (spread?.deviation ?? 0) * Math.sqrt(2 / Math.max(1, values.length));
    return (fitness ?? Number.NEGATIVE_INFINITY) - (flagged ? limits.flagErrors * error : 0);
  };
}

export interface Shaken {
  readonly subject: string;
  readonly runs: readonly TrainingRun[];
}

/**
 * Of several rewards, the one that `own` is no worse than on the published dynamics and very probably worse than on varied
 * ones: it has won on what it was trained for, and on nothing else.
 */
export function losesOnVaried(own: Shaken, others: readonly Shaken[]): Shaken | undefined {
  const values = ({ runs }: Shaken) => runs.map(({ fitness }) => fitness);
  const varied = ({ runs }: Shaken) => runs.flatMap((run) => run.varied?.fitness ?? []);
  const pool = [own, ...others].map(varied);
  if (varied(own).length === 0) return undefined;
  return (
    others
      // One training of another says too little of it to speak against anybody.
      .filter((other) => varied(other).length > 1 && mean(values(own)) >= mean(values(other)))
      .find((other) => (probabilityBest(varied(other), [varied(own)], pool) ?? 0) > limits.sure)
  );
}
