import type { Forecast, ModelTerms, TaskSubmission } from '@rewardsmith/contracts';
import { designPrompt, freeBrief } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { forecastCalls, type RenderedPrompt } from '@rewardsmith/llm';
import { limits } from '../limits.ts';
import type { ModelAccess } from './access.ts';
import { commonInputs } from './inputs.ts';

function tokensOf({ messages }: RenderedPrompt): number {
  return messages.reduce((sum, { content }) => sum + content.length / limits.usualCharactersPerToken, 0);
}

/**
 * How many proposals a task's budget is good for, reckoned before it starts: a prompt of the task's own length and an
 * answer of the usual one, half a repair a proposal, and a review where there is one. A guide, not a promise.
 */
export function forecast(
  submission: TaskSubmission,
  description: string,
  environment: BuiltinEnvironment,
  terms: ModelTerms,
  access: ModelAccess,
): Forecast {
  const common = commonInputs({ description, submission }, environment, access);
  const { purpose, inputs } = designPrompt({
    operator: 'initial',
    brief: freeBrief,
    parents: [],
    tried: [],
    start: {},
  });
  const prompt = tokensOf(access.prompts.render(purpose, { ...common, ...inputs }));
  const usual = limits.usualCalls + (submission.model.review ? 1 : 0);
  const tokens = Math.round(usual * (prompt + limits.usualAnswerTokens));
  const price = terms.prices[terms.roles.designer.models[0]?.model ?? ''];
  const money =
    price === undefined ? 0 : (usual * (prompt * price.input + limits.usualAnswerTokens * price.output)) / 1e6;
  const nothing = { tokens: 0, money: 0 };
  const proposals = forecastCalls(terms.caps, { task: nothing, tenant: nothing }, { tokens, money });
  const byCalls =
    submission.budget.modelCalls === undefined ? undefined : Math.floor(submission.budget.modelCalls / usual);
  const known = [proposals, byCalls].filter((count) => count !== undefined);
  return { proposals: known.length === 0 ? null : Math.min(...known), tokensPerProposal: tokens };
}
