import type { TaskSubmission } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { Sandbox } from '@rewardsmith/sandbox';
import { trainRequest } from './moves/training.ts';

/**
 * Fitness of a reward on the first `seeds` training seeds of a task's closing comparison, exactly as the task measures its
 * best. For benchmarks: a search that looked at these would no longer be held to anything. Throws when a training fails.
 */
export async function heldOutFitness(
  sandbox: Sandbox,
  submission: TaskSubmission,
  environment: BuiltinEnvironment,
  reward: string,
  seeds: number,
): Promise<readonly number[]> {
  const runs = Array.from({ length: seeds }, async (_, seed) => {
    const outcome = await sandbox.train(trainRequest('bench', submission, environment, reward, 'held-out', seed));
    if (outcome.kind !== 'ok') throw new Error(`a held-out training ended as ${outcome.kind}`);
    return outcome.value.run.fitness;
  });
  return Promise.all(runs);
}
