import { builtinEnvironments } from '@rewardsmith/environments';
import type { TrainRequest } from '../../src/sandbox.ts';

/** A short training of the sparse reward. */
export function training(): TrainRequest {
  const task = builtinEnvironments.get('cartpole');
  if (task === undefined) throw new Error('cartpole is built in');
  return {
    tenant: 'tenant',
    environment: 'cartpole',
    reward: task.sparseReward,
    fitness: task.fitness,
    environmentSteps: 5_000,
    seed: 1,
    evaluation: { seed: 2, episodes: 1 },
  };
}
