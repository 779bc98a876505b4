import type { Usage } from './account.ts';
import { limits } from './limits.ts';

export interface Completion {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly refusal: string | null;
  readonly finishReason: 'stop' | 'length' | 'content_filter';
  readonly usage: Usage;
}

function usageBody({ promptTokens, cachedTokens, completionTokens }: Usage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

/** The body of a completion that is sent at once; without choices when `empty`. */
export function completionBody(completion: Completion, empty = false): string {
  const { id, model, text, refusal, finishReason, usage } = completion;
  const message = { role: 'assistant', content: refusal === null ? text : null, refusal };
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created: 0,
    model,
    choices: empty ? [] : [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    usage: usageBody(usage),
  });
}

/** The server-sent events of a completion that is streamed. */
export function completionChunks(completion: Completion, includeUsage: boolean): readonly string[] {
  const { id, model, text, refusal, finishReason, usage } = completion;
  const chunk = (choices: readonly unknown[], rest: object = {}) =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 0, model, choices, ...rest })}\n\n`;
  const delta = (value: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finish }]);
  const whole = refusal ?? text;
  const parts = Array.from({ length: Math.ceil(whole.length / limits.chunkCharacters) }, (_, index) =>
    whole.slice(index * limits.chunkCharacters, (index + 1) * limits.chunkCharacters),
  );
  return [
    delta({ role: 'assistant', content: '' }),
    ...parts.map((part) => delta(refusal === null ? { content: part } : { refusal: part })),
    delta({}, finishReason),
    ...(includeUsage ? [chunk([], { usage: usageBody(usage) })] : []),
    'data: [DONE]\n\n',
  ];
}
