import { isRecord, shortened } from '@rewardsmith/contracts';
import { z } from 'zod';
import { limits } from '../limits.ts';
import type { Answer, CallOutcome, Usage } from '../outcome.ts';
import { statusFault } from './fault.ts';
import { storable } from './storable.ts';

const count = z.int().min(0).max(limits.believedTokens).nullish();

interface Part {
  readonly type?: string | null;
  readonly text?: string | null;
}

const isTextOrNone = (value: unknown): boolean => value == null || typeof value === 'string';
function isPart(part: unknown): boolean {
  if (!isRecord(part)) return false;
  const { type, text } = part;
  return isTextOrNone(type) && isTextOrNone(text);
}

/** Some servers give text in parts, thinking among them. There may be very many, and to tell a fault of each would take seconds. */
const Parts = z.custom<readonly Part[]>((value) => Array.isArray(value) && value.every(isPart));
const Content = z.union([z.string(), Parts]).nullish();

const Choice = z.object({
  finish_reason: z.string().nullish(),
  message: z.object({
    content: Content,
    refusal: z.string().nullish(),
    tool_calls: z.array(z.unknown()).nullish().catch(null),
  }),
});

/** The parts of a completion that are relied on; servers leave out much of the rest. */
const Body = z.object({
  model: z.string().nullish(),
  /** What gateways put into a body of status 200 when the provider behind them has failed. */
  error: z
    .object({ code: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() })
    .or(z.string().transform((message) => ({ code: null, message })))
    .nullish()
    .catch(null),
  /** One is asked for, and the first is read. */
  choices: z.array(z.unknown()).nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
    })
    .nullish()
    .catch(null),
});

function textOf(content: z.infer<typeof Content>): string {
  if (content == null || typeof content === 'string') return content ?? '';
  const parts = content.filter(({ type }) => type !== 'thinking' && type !== 'reasoning');
  return parts.map(({ text }) => text ?? '').join('');
}

/** A usage that says both counts, and can be believed; one that does not is none, so that the answer is charged at its worst case. */
function usageOf(usage: z.infer<typeof Body>['usage']): Usage | null {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage ?? {};
  if (promptTokens == null || completionTokens == null) return null;
  const cachedTokens = Math.min(promptTokens, usage?.prompt_tokens_details?.cached_tokens ?? 0);
  return { promptTokens, cachedTokens, completionTokens };
}

/**
 * The answer without the thinking that some servers leave in front of it; where the prompt's template opens it, its end alone is seen.
 * In time linear in the text, whatever it is: every task's answers are read on one thread.
 */
function withoutThinking(text: string): string {
  const answer = text.trimStart();
  const end = answer.startsWith('{') ? null : /<\/think(?:ing)?>/.exec(answer);
  return end === null ? answer : answer.slice(end.index + end[0].length).trimStart();
}

function noCompletion(message: string): CallOutcome {
  return { kind: 'unavailable', reason: 'not-a-completion', message };
}

/** A failure with the usage that its body reports. */
function used(outcome: CallOutcome, answer: Answer): CallOutcome {
  const { usage } = answer;
  if (usage === null) return outcome;
  if (outcome.kind === 'unavailable') return { ...outcome, usage };
  return outcome.kind === 'bad-answer' ? { ...outcome, answer } : outcome;
}

/** A body without choices: the failure that it reports, or something that no endpoint for chat completions answers. */
function withoutChoices({ error }: z.infer<typeof Body>): CallOutcome {
  if (error == null) return noCompletion('The body holds no choices; is OPENAI_BASE_URL right?');
  const message = error.message ?? 'no reason given';
  const status = Number(error.code);
  return status >= 400 && status < 600
    ? statusFault({ status, code: '', message })
    : noCompletion(`The body holds an error instead of an answer: ${message}`);
}

/** A body that did not say that it is JSON, as JSON where it is. */
function asJson(body: unknown): unknown {
  if (typeof body !== 'string' || !body.trimStart().startsWith('{')) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Names what a body of status 200 holds. */
export function readCompletion(body: unknown, asked: string): CallOutcome {
  if (typeof body === 'string' && /^\s*(?:(?:data|event|id)\s*:|:)/.test(body))
    return noCompletion('The body is a stream of events, which was not asked for.');
  const parsed = Body.safeParse(asJson(body));
  const first = Choice.optional().safeParse(parsed.data?.choices?.[0]);
  if (!parsed.success || !first.success)
    return noCompletion('The body is no chat completion; is OPENAI_BASE_URL right?');
  const { data } = parsed;
  const choice = first.data;
  const text = withoutThinking(storable(textOf(choice?.message.content)));
  const answer: Answer = {
    text,
    model: shortened(storable(data.model ?? asked), limits.modelNameLength, ''),
    usage: usageOf(data.usage),
  };
  if (data.choices == null) return used(withoutChoices(data), answer);
  const bad = (reason: Extract<CallOutcome, { kind: 'bad-answer' }>['reason'], message: string): CallOutcome => ({
    kind: 'bad-answer',
    reason,
    message,
    answer,
  });
  if (choice === undefined) return bad('empty', 'The answer has no choices.');
  const refusal = choice.message.refusal;
  if (refusal != null && refusal !== '') return bad('refused', `The model refused: ${storable(refusal.slice(0, 300))}`);
  const finish = choice.finish_reason ?? '';
  if (/^(?:content[_-]?filter|safety|prohibited_content|blocklist)$/i.test(finish))
    return bad('filtered', "The provider's content filter ended the answer.");
  if (/^(?:length|max_tokens)$/i.test(finish)) return bad('cut-off', 'The answer was cut off at its token limit.');
  if (finish === 'error') return used(noCompletion('The answer ended with an error of the provider.'), answer);
  if (text.trim() === '') {
    const tools = (choice.message.tool_calls ?? []).length > 0;
    return bad('empty', tools ? 'The answer calls a tool in place of giving text.' : 'The answer has no text.');
  }
  return { kind: 'answered', answer };
}
