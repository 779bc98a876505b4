import type { Forecast, ModelTerms, TaskSubmission } from '@rewardsmith/contracts';
import { designPrompt, freeBrief } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { type Amount, forecastCalls, type RenderedPrompt, worstCase } from '@rewardsmith/llm';
import { limits } from '../limits.ts';
import type { ModelAccess } from './access.ts';
import { commonInputs } from './inputs.ts';

function tokensOf({ messages }: RenderedPrompt): number {
  return messages.reduce((sum, { content }) => sum + content.length / limits.usualCharactersPerToken, 0);
}

/**
 * How many proposals a task's budget is good for, reckoned before it starts: a prompt of the task's own length and an
 * answer of the usual one, half a repair a proposal, and a review where there is one; each call is made only while its worst case
 * fits the caps, of which the tenant's may be spent in part. A guide, not a promise.
 */
export function forecast(
  submission: TaskSubmission,
  description: string,
  environment: BuiltinEnvironment,
  terms: ModelTerms,
  access: Pick<ModelAccess, 'prompts' | 'forms' | 'reference'>,
  tenantSpent: Amount,
): Forecast {
  const common = commonInputs({ description, submission }, environment, access);
  const { purpose, inputs } = designPrompt({
    operator: 'initial',
    brief: freeBrief,
    parents: [],
    tried: [],
    start: { reward: submission.model.startReward, words: submission.model.words },
  });
  const rendered = access.prompts.render(purpose, { ...common, ...inputs });
  const { models, maxTokens } = terms.roles.designer;
  const model = models[0]?.model ?? '';
  const price = terms.prices[model];
  const prompt = tokensOf(rendered);
  const answer = Math.min(limits.usualAnswerTokens, maxTokens);
  const usual = {
    tokens: prompt + answer,
    money: price === undefined ? 0 : (prompt * price.input + answer * price.output) / 1e6,
  };
  const worst = worstCase({ model, messages: rendered.messages, maxTokens }, access.forms.design, price);
  const standing = { task: { tokens: 0, money: 0 }, tenant: tenantSpent };
  const calls = [forecastCalls(terms.caps, standing, usual, worst), submission.budget.modelCalls].filter(
    (count) => count !== undefined,
  );
  const callsPerProposal = limits.usualCalls + (submission.model.review ? 1 : 0);
  // Less than the usual calls of a proposal may still make one.
  const proposals = Math.min(...calls);
  return {
    proposals: calls.length === 0 ? null : proposals === 0 ? 0 : Math.max(1, Math.floor(proposals / callsPerProposal)),
    tokensPerProposal: Math.round(callsPerProposal * usual.tokens),
  };
}
