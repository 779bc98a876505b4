import { fileURLToPath } from 'node:url';
import { adaptSummary, Summary } from '@rewardsmith/analyzer';
import type { ModelTerms } from '@rewardsmith/contracts';
import { adaptReview, Review } from '@rewardsmith/critic';
import { type DesignAnswer, designForm } from '@rewardsmith/designer';
import {
  type AnswerForm,
  type Conversation,
  coreReference,
  createReplayer,
  jsonForm,
  type Model,
  type ModelSettings,
  openEndpoint,
  type Prompts,
  readPrompts,
  worded,
} from '@rewardsmith/llm';

/** The form of each role's answers. */
export interface Forms {
  readonly design: AnswerForm<DesignAnswer>;
  readonly review: AnswerForm<Review>;
  readonly summary: AnswerForm<Summary>;
}

function formsOf(prompts: Prompts): Forms {
  return {
    design: worded(designForm, prompts.words('designer')),
    review: worded(jsonForm('reward_review', Review, adaptReview), prompts.words('critic')),
    summary: worded(jsonForm('trajectory_summary', Summary, adaptSummary), prompts.words('analyzer')),
  };
}

/** What a service needs to let a model take its roles. */
export interface ModelAccess {
  readonly model: Model;
  readonly prompts: Prompts;
  readonly forms: Forms;
  /** The reward language's short reference, as prompts carry it. */
  readonly reference: string;
  /** The operator's terms: what a task gets, and what it may not go beyond. */
  readonly terms: ModelTerms;
}

/** Where the models of a service are: an endpoint, or a task's record that is run again. */
export type ModelSource =
  | { readonly kind: 'endpoint'; readonly settings: ModelSettings }
  | { readonly kind: 'record'; readonly conversation: Conversation };

const root = new URL('../../../../', import.meta.url);

/** Opens the model's roles; throws when the prompts or the reference are not sound, or no model can be chosen. */
export async function openModelAccess(source: ModelSource, seed: number): Promise<ModelAccess> {
  const [prompts, reference] = await Promise.all([
    readPrompts(fileURLToPath(new URL('prompts', root))),
    coreReference(fileURLToPath(new URL('docs/reward-language.md', root))),
  ]);
  const forms = formsOf(prompts);
  switch (source.kind) {
    case 'endpoint': {
      const { endpoint, settings } = await openEndpoint(source.settings, seed);
      return { model: endpoint, prompts, forms, reference, terms: settings.terms };
    }
    case 'record': {
      const { terms, calls } = source.conversation;
      // What the tenant has spent elsewhere is not part of the record.
      const caps = { ...terms.caps, tenant: {} };
      return { model: createReplayer(calls), prompts, forms, reference, terms: { ...terms, caps } };
    }
  }
}
