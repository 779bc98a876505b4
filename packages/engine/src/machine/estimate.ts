import type { FinalMeasurement, Finding, FitnessEstimate, HeldOutFitness, TrainingRun } from '@rewardsmith/contracts';
import { probabilityBest } from '@rewardsmith/evolution';
import { mean } from './mean.ts';

type Measured = Pick<TrainingRun, 'fitness' | 'episodes' | 'successRate'>;

/** Fitness over training seeds, with the sample standard deviation between them. `runs` holds at least one run. */
export function estimateFitness(runs: readonly Measured[]): FitnessEstimate {
  const values = runs.map((run) => run.fitness);
  const centre = mean(values);
  const variance =
    values.length < 2 ? 0 : values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1);
  return {
    mean: centre,
    standardDeviation: Math.sqrt(variance),
    values,
    episodes: runs[0]?.episodes ?? 0,
    successRate: mean(runs.map((run) => run.successRate)),
  };
}

/** Eureka's human normalised score (arXiv 2310.12931): (F − F_sparse) / |F_human − F_sparse|. */
export function humanScore(fitness: number, sparse: number, human: number): number | null {
  return human === sparse ? null : (fitness - sparse) / Math.abs(human - sparse);
}

/** Fitness under varied dynamics over training seeds; nothing where a run was not measured under them. */
function variedFitness(runs: readonly TrainingRun[]): FitnessEstimate | undefined {
  const varied = runs.flatMap((run) => run.varied ?? []);
  if (varied.length === 0 || varied.length < runs.length) return undefined;
  return estimateFitness(varied);
}

function heldOutFitness(runs: readonly TrainingRun[]): HeldOutFitness {
  const estimate = estimateFitness(runs);
  const varied = variedFitness(runs);
  return varied === undefined ? estimate : { ...estimate, varied, shift: varied.mean - estimate.mean };
}

/** The trainings of one reward that the winner is held against. */
export interface Closing {
  readonly subject: string;
  readonly runs: readonly TrainingRun[];
}

/** The comparison that ends a task. `others` are the finalists that were not chosen; `flags` speak against the best. */
export function finalMeasurement(
  best: readonly TrainingRun[],
  sparse: readonly TrainingRun[],
  human: readonly TrainingRun[],
  others: readonly Closing[],
  flags: readonly Finding[],
): FinalMeasurement {
  const estimates = { best: heldOutFitness(best), sparse: heldOutFitness(sparse), human: heldOutFitness(human) };
  const rivals = [
    { subject: 'sparse', estimate: estimates.sparse },
    { subject: 'human', estimate: estimates.human },
    ...others
      .map(({ subject, runs }) => ({ subject, estimate: estimateFitness(runs) }))
      .toSorted((a, b) => b.estimate.mean - a.estimate.mean),
  ];
  const values = rivals.map(({ estimate }) => estimate.values);
  // Finalists have few trainings each: they lend each other their spread, which the sparse reward's would drown.
  const pool = [estimates.best.values, ...values.slice(2)];
  const probability = probabilityBest(estimates.best.values, values, pool);
  return {
    ...estimates,
    humanScore: humanScore(estimates.best.mean, estimates.sparse.mean, estimates.human.mean),
    probabilityBest: probability ?? null,
    rivals:
      probability === undefined
        ? []
        : rivals.map(({ subject, estimate }) => ({
            subject,
            mean: estimate.mean,
            trainings: estimate.values.length,
            probability: probabilityBest(estimates.best.values, [estimate.values], pool) ?? 0,
          })),
    flags: [...flags],
  };
}
