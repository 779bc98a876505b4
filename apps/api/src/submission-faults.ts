import {
  Budget,
  ModelOptions,
  type ModelTerms,
  RewardSource,
  SearchSettings,
  TaskSubmission,
} from '@rewardsmith/contracts';
import { checkSubmission } from '@rewardsmith/engine';
import type { Compiler } from '@rewardsmith/sandbox';
import { z } from 'zod';
import { validationFaults } from './plugins/problems.ts';
import type { ProblemFault } from './problem-error.ts';

/** The parts of a body that can be judged beyond their shape, also when other parts are wrong. */
const Judged = z.object({
  environment: TaskSubmission.shape.environment,
  fitness: z.object({ source: RewardSource }).optional().catch(undefined),
  search: SearchSettings.optional().catch(undefined),
  model: ModelOptions.optional().catch(undefined),
  budget: Budget.optional().catch(undefined),
});

/** Every fault of a submitted body: what its schema refused, unknown names and models, and a fitness that does not compile. */
export async function submissionFaults(
  body: unknown,
  refused: unknown,
  operator: ModelTerms | undefined,
  compiler: Compiler,
): Promise<readonly ProblemFault[]> {
  const judged = Judged.safeParse(body);
  const found = judged.success ? await checkSubmission(judged.data, operator, compiler) : [];
  return [...(validationFaults(refused) ?? []), ...found];
}
