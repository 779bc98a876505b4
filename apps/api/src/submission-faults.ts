import {
  Budget,
  ModelOptions,
  type ModelTerms,
  RewardSource,
  SearchSettings,
  TaskSubmission,
} from '@rewardsmith/contracts';
import { checkSubmission } from '@rewardsmith/engine';
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
export function submissionFaults(
  body: unknown,
  refused: unknown,
  operator: ModelTerms | undefined,
): readonly ProblemFault[] {
  const judged = Judged.safeParse(body);
  return [...(validationFaults(refused) ?? []), ...(judged.success ? checkSubmission(judged.data, operator) : [])];
}
