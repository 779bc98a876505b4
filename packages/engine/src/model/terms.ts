import type { ModelRole, ModelTerms, RoleTerms, TaskSubmission } from '@rewardsmith/contracts';
import { strictest } from '@rewardsmith/llm';

/** The models that an operator lets tasks use, of all roles together. */
export function allowedModels(operator: ModelTerms): ReadonlySet<string> {
  return new Set(Object.values(operator.roles).flatMap(({ models }) => models.map(({ model }) => model)));
}

/** A task's terms as they would be now: wishes for models that the operator does not allow any more are passed over. */
export function presentTerms(operator: ModelTerms, submission: TaskSubmission): ModelTerms {
  const allowed = allowedModels(operator);
  const wish = (name: ModelRole) => {
    const { models, ...rest } = submission.model[name] ?? {};
    return models?.every(({ model }) => allowed.has(model)) ? { ...rest, models } : rest;
  };
  const model = { ...submission.model, designer: wish('designer'), critic: wish('critic'), analyzer: wish('analyzer') };
  return taskTerms(operator, { ...submission, model });
}

/** The terms of one task: its own wishes, held within the operator's. Models that are not allowed were refused before. */
export function taskTerms(operator: ModelTerms, submission: TaskSubmission): ModelTerms {
  const role = (name: ModelRole): RoleTerms => {
    const { models, temperature, effort } = submission.model[name] ?? {};
    return {
      ...operator.roles[name],
      ...(models === undefined ? {} : { models }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(effort === undefined ? {} : { effort }),
    };
  };
  const { modelTokens, modelMoney } = submission.budget;
  return {
    roles: { designer: role('designer'), critic: role('critic'), analyzer: role('analyzer') },
    prices: operator.prices,
    caps: { ...operator.caps, task: strictest(operator.caps.task, { tokens: modelTokens, money: modelMoney }) },
  };
}
