import type { Forecast, ModelRole, ModelTerms, TaskSubmission } from '@rewardsmith/contracts';
import { designPrompt, freeBrief } from '@rewardsmith/designer';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import { type Amount, forecastCalls, type RenderedPrompt, worstCase } from '@rewardsmith/llm';
import { limits } from '../limits.ts';
import type { ModelAccess } from './access.ts';
import { commonInputs } from './inputs.ts';

const modelRoles = ['designer', 'critic', 'analyzer'] as const satisfies readonly ModelRole[];

function tokensOf({ messages }: RenderedPrompt): number {
  return messages.reduce((sum, { content }) => sum + content.length / limits.usualCharactersPerToken, 0);
}

/** Calls of each role that a proposal takes, those that the tuner makes without a model counted in. */
function callsPerProposal({ search, model }: TaskSubmission, terms: ModelTerms): Readonly<Record<ModelRole, number>> {
  const { generations, tuner, reflection } = search;
  // The first generation has no program that could be tuned, and the last is a parent of none.
  const later = (generations - 1) / generations;
  const asked = 1 - tuner * later;
  const has = (role: ModelRole) => terms.roles[role].models.length > 0;
  const explains = model.summarise && reflection === 'taxonomy' && has('analyzer');
  return {
    designer: asked * limits.usualCalls,
    critic: model.review && has('critic') ? asked : 0,
    analyzer: explains ? asked * later : 0,
  };
}

/** What a call of a role usually costs, at the price of its first model and with a prompt of this many tokens. */
function usualCost(role: ModelRole, prompt: number, terms: ModelTerms): Amount {
  const { models, maxTokens } = terms.roles[role];
  const price = terms.prices[models[0]?.model ?? ''];
  const answer = Math.min(limits.usualAnswerTokens, maxTokens);
  return {
    tokens: prompt + answer,
    money: price === undefined ? 0 : (prompt * price.input + answer * price.output) / 1e6,
  };
}

/**
 * How many proposals a task's budget is good for, reckoned before it starts: for every role a prompt of the task's own length and an
 * answer of the usual one, half a repair a design, a review and an explanation where they are asked for, and nothing for what is only
 * tuned. Each call is made only while its worst case fits the caps, of which the tenant's may be spent in part; the cap on one call bars
 * designs alone, since the others are left out where it forbids them. A guide, not a promise.
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
  const worst = worstCase({ model, messages: rendered.messages, maxTokens }, access.forms.design, terms.prices[model]);
  const prompt = tokensOf(rendered);
  const perProposal = callsPerProposal(submission, terms);
  const calls = modelRoles.reduce((sum, role) => sum + perProposal[role], 0);
  const proposal = modelRoles
    .map((role) => ({ role, ...usualCost(role, prompt, terms) }))
    .reduce(
      (sum, { role, tokens, money }) => ({
        tokens: sum.tokens + perProposal[role] * tokens,
        money: sum.money + perProposal[role] * money,
      }),
      { tokens: 0, money: 0 },
    );
  const usual = { tokens: proposal.tokens / calls, money: proposal.money / calls };
  const standing = { task: { tokens: 0, money: 0 }, tenant: tenantSpent };
  const caps = [forecastCalls(terms.caps, standing, usual, worst), submission.budget.modelCalls].filter(
    (count) => count !== undefined,
  );
  // Less than the usual calls of a proposal may still make one.
  const affordable = Math.min(...caps);
  return {
    proposals: caps.length === 0 ? null : affordable === 0 ? 0 : Math.max(1, Math.floor(affordable / calls)),
    tokensPerProposal: Math.round(proposal.tokens),
  };
}
