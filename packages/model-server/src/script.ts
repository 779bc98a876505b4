import { z } from 'zod';
import { Behaviour } from './behaviour.ts';
import { type ChatRequest, promptText } from './request.ts';

const Rule = z.strictObject({
  /** Texts that must all stand in the prompt; every request when empty. */
  contains: z.array(z.string()).default([]),
  model: z.string().optional(),
  /** Given in order, one a request; the last one is given for ever. */
  answers: z.array(Behaviour).min(1),
  /** Requests that the rule answers before it steps aside. */
  times: z.int().min(1).optional(),
});

/** One call of a recorded conversation; fields that are not needed to answer it again are passed over. */
const RecordedCall = z.looseObject({
  request: z.looseObject({ model: z.string(), messages: z.array(z.unknown()) }),
  answer: z.looseObject({ text: z.string() }).nullable(),
});

/** Request parameters that the server knows; others are refused with OpenAI's error, as older servers do. */
const Supports = z.strictObject({
  jsonSchema: z.boolean().default(true),
  maxCompletionTokens: z.boolean().default(true),
  temperature: z.boolean().default(true),
  reasoningEffort: z.boolean().default(true),
});

/** What `--script` holds: rules in order of precedence, or a conversation exported by `rewardsmith replay --record`. */
export const Script = z.strictObject({
  supports: Supports.prefault({}),
  rules: z.array(Rule).default([]),
  calls: z.array(RecordedCall).default([]),
  /** Carried by exported conversations. */
  format: z.string().optional(),
  terms: z.unknown().optional(),
});
export type Script = z.infer<typeof Script>;
export type ScriptInput = z.input<typeof Script>;

const nothing: Behaviour = { kind: 'status', status: 404, code: 'no_scripted_answer', message: 'no rule matches' };

/** Decides the answer to each request; it counts what it has given, so one script is one conversation. */
export function performScript(script: Script): (request: ChatRequest) => Behaviour {
  const given = new Map<number, number>();
  // A client may add words on the answer's form to a prompt, so a recorded prompt is what a request begins with.
  const recorded: { readonly model: string; readonly prompt: string; readonly answers: string[] }[] = [];
  for (const { request, answer } of script.calls) {
    if (answer === null) continue;
    const [model, prompt] = [request.model, JSON.stringify(request.messages).replace(/"}\]$/, '')];
    const known = recorded.find((call) => call.model === model && call.prompt === prompt);
    if (known === undefined) recorded.push({ model, prompt, answers: [answer.text] });
    else known.answers.push(answer.text);
  }
  return (request) => {
    const text = promptText(request);
    for (const [index, rule] of script.rules.entries()) {
      const count = given.get(index) ?? 0;
      if (rule.times !== undefined && count >= rule.times) continue;
      if (rule.model !== undefined && rule.model !== request.model) continue;
      if (!rule.contains.every((part) => text.includes(part))) continue;
      given.set(index, count + 1);
      return rule.answers[Math.min(count, rule.answers.length - 1)] ?? nothing;
    }
    const asked = JSON.stringify(request.messages);
    // A question that is asked again begins with the first one: the longest prompt is the one that is meant.
    const answers = recorded
      .filter(({ model, prompt }) => model === request.model && asked.startsWith(prompt))
      .toSorted((a, b) => b.prompt.length - a.prompt.length)[0]?.answers;
    const answer = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
    return answer === undefined ? nothing : { kind: 'text', text: answer, finishReason: 'stop', delayMilliseconds: 0 };
  };
}
