import { fileURLToPath } from 'node:url';
import type { ModelTerms } from '@rewardsmith/contracts';
import {
  type Conversation,
  coreReference,
  createReplayer,
  type Model,
  type ModelSettings,
  openEndpoint,
  type Prompts,
  readPrompts,
} from '@rewardsmith/llm';

/** What a service needs to let a model take its roles. */
export interface ModelAccess {
  readonly model: Model;
  readonly prompts: Prompts;
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
  switch (source.kind) {
    case 'endpoint': {
      const { endpoint, settings } = await openEndpoint(source.settings, seed);
      return { model: endpoint, prompts, reference, terms: settings.terms };
    }
    case 'record': {
      const { terms, calls } = source.conversation;
      // What the tenant has spent elsewhere is not part of the record.
      const caps = { ...terms.caps, tenant: {} };
      return { model: createReplayer(calls), prompts, reference, terms: { ...terms, caps } };
    }
  }
}
