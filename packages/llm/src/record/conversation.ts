import { ModelCost, ModelTerms } from '@rewardsmith/contracts';
import { z } from 'zod';

const Usage = z.object({ promptTokens: z.number(), cachedTokens: z.number(), completionTokens: z.number() });

/** One call of a task's record: where it belongs, what was asked, and what was answered. */
export const RecordedCall = z.object({
  /** Place of the call in its task: the same task run again asks under the same key. */
  key: z.string(),
  purpose: z.string(),
  prompt: z.object({ version: z.int(), hash: z.string() }),
  requestHash: z.string(),
  request: z.object({
    model: z.string(),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    temperature: z.number().nullable(),
    effort: z.string().nullable(),
    maxTokens: z.int(),
    form: z.string(),
  }),
  outcome: z.string(),
  message: z.string(),
  answer: z.object({ text: z.string(), model: z.string() }).nullable(),
  tries: z.array(
    z.object({ outcome: z.string(), milliseconds: z.number(), usage: Usage.nullable(), unreported: z.boolean() }),
  ),
  cost: ModelCost,
});
export type RecordedCall = z.infer<typeof RecordedCall>;

/** A task's conversation as `rewardsmith replay --record` writes it and the model server answers from it. */
export const Conversation = z.object({
  format: z.literal('rewardsmith-conversation-1'),
  terms: ModelTerms,
  calls: z.array(RecordedCall),
});
export type Conversation = z.infer<typeof Conversation>;

/** A page of a task's conversation, as the API answers it. */
export const ConversationPage = Conversation.extend({
  /** Pass as `after` for the next page; null at the end. */
  next: z.string().nullable(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;
