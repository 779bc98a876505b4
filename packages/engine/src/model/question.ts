import type { ModelCost, ModelRole, ModelTerms } from '@rewardsmith/contracts';
import { type AnswerForm, type BadAnswer, type ModelRequest, type RenderedPrompt, requestHash } from '@rewardsmith/llm';
import type { StoredRequest } from '@rewardsmith/store';

/** One call of a task, before it is made. */
export interface Question<T> {
  /** Its place in the task: a step that is run again asks under the same key and pays once. */
  readonly key: string;
  readonly role: ModelRole;
  readonly model: string;
  readonly prompt: RenderedPrompt;
  readonly form: AnswerForm<T>;
  /** The same with less in it, asked where the model finds this one too long. */
  readonly shorter?: (() => Question<T>) | undefined;
  /** Whether the task can do without an answer where every form of it is too long; it pauses otherwise. */
  readonly optional?: boolean;
}

interface Made {
  readonly key: string;
  /** The model that the endpoint says has answered. */
  readonly answeredBy: string | null;
  readonly cost: ModelCost;
}

/** What came of a question. `lost` stands for an answer that was under way when the service ended: it is not asked twice. */
export type Reply<T> =
  | (Made & { readonly kind: 'answered'; readonly value: T })
  | (Made & {
      readonly kind: 'bad-answer';
      readonly reason: BadAnswer | 'lost' | 'prompt-too-long';
      readonly message: string;
    });

/** The request of a question on a task's terms. */
export function requestOf(question: Question<unknown>, terms: ModelTerms): ModelRequest {
  const { temperature, effort, maxTokens } = terms.roles[question.role];
  return { model: question.model, messages: question.prompt.messages, temperature, effort, maxTokens };
}

/** The request as it is stored, with its hash. */
export function storedRequest(request: ModelRequest, form: string): { request: StoredRequest; requestHash: string } {
  const { model, messages, temperature, effort, maxTokens } = request;
  return {
    request: { model, messages, temperature: temperature ?? null, effort: effort ?? null, maxTokens, form },
    requestHash: requestHash(request, form),
  };
}
