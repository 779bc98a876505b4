/** What one model of an endpoint takes. Everything is hoped for at first, and remembered once it was found missing. */
export interface Capabilities {
  readonly jsonSchema: boolean;
  readonly maxCompletionTokens: boolean;
  readonly temperature: boolean;
  readonly effort: boolean;
}

export const hopedFor: Capabilities = {
  jsonSchema: true,
  maxCompletionTokens: true,
  temperature: true,
  effort: true,
};

/** Which words in an error of status 400 or 422 mean which parameter. */
const signs: readonly (readonly [keyof Capabilities, RegExp])[] = [
  ['jsonSchema', /response_format|json_schema|structured output|guided_json|grammar/i],
  ['maxCompletionTokens', /max_completion_tokens/i],
  ['temperature', /temperature/i],
  ['effort', /reasoning_effort|reasoning effort/i],
];

/** The capabilities without the one that an error complains of; nothing when it complains of something else. */
export function withoutRefused(known: Capabilities, complaint: string): Capabilities | undefined {
  const found = signs.find(([name, sign]) => known[name] && sign.test(complaint));
  return found === undefined ? undefined : { ...known, [found[0]]: false };
}
