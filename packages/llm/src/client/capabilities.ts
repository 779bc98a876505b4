/** What one model of an endpoint takes. Everything is hoped for at first, and remembered once it was found missing. */
export interface Capabilities {
  readonly jsonSchema: boolean;
  readonly maxCompletionTokens: boolean;
  readonly temperature: boolean;
  readonly effort: boolean;
  readonly systemRole: boolean;
}

export const hopedFor: Capabilities = {
  jsonSchema: true,
  maxCompletionTokens: true,
  temperature: true,
  effort: true,
  systemRole: true,
};

/**
 * Which words in an error mean which parameter. Of a schema OpenAI and vLLM speak as `response_format`, llama.cpp as a grammar,
 * Ollama as a format, Gemini by its own names, Groq when the model did not keep to it.
 */
const signs: readonly (readonly [keyof Capabilities, RegExp])[] = [
  [
    'jsonSchema',
    /response[_ ]?format|response_schema|json[_ -]?(?:schema|validate|mode)|structured[_ ]output|guided[_ ](?:json|decoding)|grammar|invalid format|additionalProperties|failed to generate json/i,
  ],
  ['maxCompletionTokens', /max_completion_tokens/i],
  ['temperature', /temperature/i],
  ['effort', /reasoning[_ .]effort|does not support (?:thinking|reasoning)/i],
  [
    'systemRole',
    /system (?:role|message)s?\b.*\bnot supported|(?:not|n't) support (?:the )?system (?:role|message)|roles must alternate/i,
  ],
];

/** The capabilities without the one that an error complains of; nothing when it complains of something else. */
export function withoutRefused(known: Capabilities, complaint: string): Capabilities | undefined {
  // It was left off because an answer was longer than asked for: that was not for want of the parameter.
  if (!known.maxCompletionTokens && /\bmax_tokens\b/.test(complaint) && /max_completion_tokens/.test(complaint))
    return { ...known, maxCompletionTokens: true };
  const found = signs.find(([name, sign]) => known[name] && sign.test(complaint));
  return found === undefined ? undefined : { ...known, [found[0]]: false };
}
