import type { Fitness, TaskSubmission } from '@rewardsmith/contracts';
import type { Aim } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { TrainRequest } from '@rewardsmith/sandbox';
import { limits } from '../limits.ts';
import type { Purpose } from '../machine/steps.ts';
import { deriveSeed } from '../seeds.ts';

/** The fitness that a task is judged by: its own, or the environment's. */
export function taskFitness(submission: TaskSubmission, environment: BuiltinEnvironment): Fitness {
  return submission.fitness ?? environment.fitness;
}

/** What a task is judged by, as far as it is a condition, and in full. */
export function aimOf(submission: TaskSubmission, environment: BuiltinEnvironment): Aim {
  return {
    success: submission.fitness?.source ?? environment.success,
    fitness: taskFitness(submission, environment),
  };
}

/** Training seeds per subject in each phase. */
export function seedsFor(purpose: Purpose, submission: TaskSubmission, environment: BuiltinEnvironment): number {
  switch (purpose) {
    case 'search':
      return submission.evaluator.training.seeds ?? environment.training.seeds;
    case 'confirmation':
      return limits.confirmationRounds.reduce((sum, seeds) => sum + seeds, 0);
    case 'held-out':
      return limits.heldOutSeeds;
  }
}

/** Environment steps of one training run. */
export function trainingLength(submission: TaskSubmission, environment: BuiltinEnvironment): number {
  return submission.evaluator.training.environmentSteps ?? environment.training.environmentSteps;
}

/** Seeds that every candidate is trained on before a race decides about the others. */
export function firstSeeds(submission: TaskSubmission, environment: BuiltinEnvironment): number {
  return submission.search.race ? 1 : seedsFor('search', submission, environment);
}

/** Share of a training's length that screens a candidate; all of it where no race comes after. */
function screenShare(submission: TaskSubmission, environment: BuiltinEnvironment): number {
  const { race, screen = environment.training.screen } = submission.search;
  return race && seedsFor('search', submission, environment) > 1 ? screen : 1;
}

/** Runs of a candidate, from its first seed on, that are shorter than the others and say nothing beside them. */
export function shortRuns(submission: TaskSubmission, environment: BuiltinEnvironment): number {
  return screenShare(submission, environment) < 1 ? firstSeeds(submission, environment) : 0;
}

/** What screening one candidate costs, in trainings of full length. */
export function screeningCost(submission: TaskSubmission, environment: BuiltinEnvironment): number {
  return firstSeeds(submission, environment) * screenShare(submission, environment);
}

/** Environment steps of one training run of the search. */
function searchLength(submission: TaskSubmission, environment: BuiltinEnvironment, seedIndex: number): number {
  const length = trainingLength(submission, environment);
  const share = seedIndex < firstSeeds(submission, environment) ? screenShare(submission, environment) : 1;
  return Math.max(Math.min(length, limits.leastTraining), Math.round(share * length));
}

/** Episodes that the policy of a training run is measured on. They count against no cap. */
function evaluationEpisodes(environmentSteps: number, maxEpisodeSteps: number): number {
  const affordable = Math.round((limits.evaluationShare * environmentSteps) / maxEpisodeSteps);
  return Math.min(limits.mostEpisodes, Math.max(limits.leastEpisodes, affordable));
}

/** One training run of a reward: every reward of a phase meets the same seeds (common random numbers). */
export function trainRequest(
  tenant: string,
  submission: TaskSubmission,
  environment: BuiltinEnvironment,
  reward: string,
  purpose: Purpose,
  seedIndex: number,
): TrainRequest {
  const environmentSteps =
    purpose === 'search' ? searchLength(submission, environment, seedIndex) : trainingLength(submission, environment);
  const episodes = evaluationEpisodes(environmentSteps, environment.definition.maxEpisodeSteps);
  return {
    tenant,
    environment: environment.definition.name,
    reward,
    fitness: taskFitness(submission, environment),
    environmentSteps,
    seed: deriveSeed(submission.search.seed, `${purpose}-training`, seedIndex),
    evaluation: {
      seed: deriveSeed(submission.search.seed, `${purpose}-episodes`, seedIndex),
      ...(purpose === 'search'
        ? { episodes }
        : { episodes: Math.max(limits.leastHeldOutEpisodes, episodes), variations: limits.variations }),
    },
  };
}
