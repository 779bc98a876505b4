import { z } from 'zod';

const Message = z.looseObject({ role: z.string(), content: z.union([z.string(), z.null(), z.array(z.unknown())]) });

/** The part of a chat completion request that this server reads; everything else is kept as it came. */
export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullable().optional(),
  response_format: z.looseObject({ type: z.string() }).optional(),
  max_completion_tokens: z.int().nullable().optional(),
  max_tokens: z.int().nullable().optional(),
  temperature: z.number().nullable().optional(),
  reasoning_effort: z.string().nullable().optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** Everything the request says, as one text: what token counts and `contains` look at. */
export function promptText(request: ChatRequest): string {
  return request.messages
    .map(({ role, content }) => `${role}\n${typeof content === 'string' ? content : JSON.stringify(content ?? '')}`)
    .join('\n');
}
