import type { FinalMeasurement, FitnessEstimate, TrainingRun } from '@rewardsmith/contracts';

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Fitness over training seeds, with the sample standard deviation between them. `runs` holds at least one run. */
export function estimateFitness(runs: readonly TrainingRun[]): FitnessEstimate {
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

export function finalMeasurement(
  best: readonly TrainingRun[],
  sparse: readonly TrainingRun[],
  human: readonly TrainingRun[],
): FinalMeasurement {
  const estimates = { best: estimateFitness(best), sparse: estimateFitness(sparse), human: estimateFitness(human) };
  return {
    ...estimates,
    humanScore: humanScore(estimates.best.mean, estimates.sparse.mean, estimates.human.mean),
  };
}
