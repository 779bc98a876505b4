import { z } from 'zod';
import type { Answer, CallOutcome, Usage } from '../outcome.ts';
import { storable } from './storable.ts';

const count = z.number().min(0).nullish();

/** The parts of a completion that are relied on; servers leave out much of the rest. */
const Body = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
    })
    .nullish(),
});

function usageOf(usage: z.infer<typeof Body>['usage']): Usage | null {
  if (usage == null) return null;
  return {
    promptTokens: usage.prompt_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
  };
}

/** Thinking that some servers leave in front of the answer. */
const thinking = /^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>\s*/;

/** Names what a body of status 200 holds. */
export function readCompletion(body: unknown, asked: string): CallOutcome {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    const message = 'The body is no chat completion; is OPENAI_BASE_URL right?';
    return { kind: 'unavailable', reason: 'not-a-completion', message };
  }
  const { data } = parsed;
  const choice = data.choices?.[0];
  const text = storable(choice?.message.content ?? '').replace(thinking, '');
  const answer: Answer = { text, model: storable(data.model ?? asked), usage: usageOf(data.usage) };
  const bad = (reason: Extract<CallOutcome, { kind: 'bad-answer' }>['reason'], message: string): CallOutcome => ({
    kind: 'bad-answer',
    reason,
    message,
    answer,
  });
  if (choice === undefined) return bad('empty', 'The answer has no choices.');
  const refusal = choice.message.refusal;
  if (refusal != null && refusal !== '') return bad('refused', `The model refused: ${storable(refusal.slice(0, 300))}`);
  if (choice.finish_reason === 'content_filter')
    return bad('filtered', "The provider's content filter ended the answer.");
  if (choice.finish_reason === 'length') return bad('cut-off', 'The answer was cut off at its token limit.');
  if (text.trim() === '') return bad('empty', 'The answer has no text.');
  return { kind: 'answered', answer };
}
