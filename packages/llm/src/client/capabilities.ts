/** What one model of an endpoint takes. Everything is hoped for at first. */
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
    /response[_ ]?format|response_schema|json[_ -]?(?:schema|validate|mode)|structured[_ ]output|guided[_ ](?:json|decoding)|grammar|^HTTP \d+: invalid format: (?:.*; )?expected|additionalProperties|failed to generate json/i,
  ],
  ['maxCompletionTokens', /max_completion_tokens/i],
  ['temperature', /temperature/i],
  ['effort', /reasoning[_ .]effort|does not support (?:thinking|reasoning)/i],
  [
    'systemRole',
    /system (?:role|message)s?\b.*\bnot supported|(?:not|n't) support (?:the )?system (?:role|message)|roles must alternate/i,
  ],
];

/** Words about what a parameter was set to, not about the parameter: another task's value may be taken. */
const ofValue =
  /(?:must|should) be|between|(?:supported|allowed|valid|unsupported|think) values?|too (?:large|small|high|low)|at (?:most|least)|exceeds|(?:less|greater) than|out of range|effort\W+(?:(?:level|value)\W+)?(?:none|minimal|low|medium|high|xhigh)\b/i;

/** Words about the parameter itself, whatever it is set to. */
const ofParameter =
  /unsupported (?:parameter|argument|field)|not supported (?:with|by|for) this model|extra (?:inputs|fields)|(?:unknown|unrecogni[sz]ed|unexpected) (?:\w+ )?(?:field|name|parameter|argument|key)|(?:response_format|json_schema|structured outputs?|temperature|reasoning[_ .]effort|max_(?:completion_)?tokens)\W? (?:parameter )?(?:is|are) (?:not supported|unsupported)|does not support thinking|system (?:role|message)|roles must alternate/i;

/** What is said of a value that every request would have: no other temperature, no answer held to a schema. */
const ofEveryValue = /only the default|response_format\W+(?:of )?type\b/i;

/** How the requests of one call are shaped. */
export interface Shaping {
  readonly shape: Capabilities;
  /** What the endpoint said of a parameter whatever its value: it holds for other calls too, once a request without it was answered. */
  readonly learnt: Partial<Capabilities>;
  /** The newer name of the limit was taken up again, which happens once: an endpoint may refuse both names. */
  readonly restored: boolean;
}

/** The shape of a call's next request where an error complains of a parameter; nothing when it complains of something else. */
export function reshaped({ shape, learnt, restored }: Shaping, complaint: string): Shaping | undefined {
  const value = ofValue.test(complaint);
  const lasting = ofEveryValue.test(complaint) || (!value && ofParameter.test(complaint));
  const changed = (change: Partial<Capabilities>, again = restored): Shaping => ({
    shape: { ...shape, ...change },
    learnt: lasting ? { ...learnt, ...change } : learnt,
    restored: again,
  });
  const newerName = /max_completion_tokens/.test(complaint);
  // It was left off because an answer was longer than asked for, or was refused in words that meant something else.
  if (!shape.maxCompletionTokens && !restored && !value && newerName && /\bmax_tokens\b/.test(complaint))
    return changed({ maxCompletionTokens: true }, true);
  const found = signs.find(([name, sign]) => {
    // A limit that is too large is so under either name.
    if (name === 'maxCompletionTokens' && value) return false;
    return shape[name] && sign.test(complaint);
  });
  return found === undefined ? undefined : changed({ [found[0]]: false });
}
