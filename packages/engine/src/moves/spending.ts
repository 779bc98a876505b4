import type { Stage } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { TaskMove } from '@rewardsmith/store';
import { spent } from '../machine/stages.ts';
import type { StepInput } from '../machine/steps.ts';
import { firstSeeds, seedsFor } from './training.ts';

type TrainInput = Extract<StepInput, { kind: 'train' }>;

/** What a training took. */
export interface TrainingCost {
  readonly environmentSteps: number;
  readonly evaluationSteps: number;
  readonly seconds: number;
}

/** The stage of a training: the search screens on the first seeds where a race decides about the others. */
function stageOf({ purpose, seedIndex }: TrainInput, move: TaskMove, environment: BuiltinEnvironment): Stage {
  if (purpose !== 'search') return purpose;
  const { submission } = move.task;
  const first = firstSeeds(submission, environment);
  return seedIndex < first && first < seedsFor('search', submission, environment) ? 'search-screen' : 'search-full';
}

/** Adds a training to what its task and its candidate have spent; `ended` is 0 where it will be tried again. */
export async function countTraining(
  move: TaskMove,
  input: TrainInput,
  environment: BuiltinEnvironment,
  cost: TrainingCost,
  ended: 0 | 1,
): Promise<void> {
  const stage = stageOf(input, move, environment);
  const amounts = { ...cost, steps: ended };
  await move.updateTask({
    environmentSteps: move.task.environmentSteps + cost.environmentSteps,
    stages: spent(move.task.stages, stage, amounts),
  });
  if (input.subject.kind !== 'candidate') return;
  const { candidateId } = input.subject;
  const row = await move.candidate(candidateId);
  if (row !== undefined) await move.updateCandidate(candidateId, { stages: spent(row.stages, stage, amounts) });
}
