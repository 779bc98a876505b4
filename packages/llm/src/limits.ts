/** Limits of the model client. Settings may lower those that `ModelSettings` names. */
export const limits = {
  /** How long an endpoint has to say which models it serves. */
  modelListMilliseconds: 10_000,
  /** Bytes of one answer's body; reading ends there. */
  answerBytes: 1024 * 1024,
  /** Values in an answer's JSON, texts of one line among them, and how deep they stand in each other. */
  answerValues: 10_000,
  answerNesting: 32,
  /** A shorter key is the placeholder of a local server, and is not looked for in messages. */
  shortestKey: 5,
  /** Characters that are kept of the name under which a model answers. */
  modelNameLength: 200,
  /** Characters of an error's message that are kept. */
  messageLength: 500,
  /** Tries of one call, the first included, when the provider fails in a way that may pass. */
  tries: 4,
  /** Requests that are shaped anew because the endpoint does not know a parameter; they are free of charge. */
  reshapes: 6,
  /** Tokens of one call beyond which no report of them is believed. */
  believedTokens: 10_000_000,
  retryBaseMilliseconds: 500,
  retryCapMilliseconds: 20_000,
  /** Tries of a call whose provider limits its rate without a `Retry-After`, and the first wait, which doubles: 63 s at most in all. */
  rateLimitTries: 7,
  rateLimitBaseMilliseconds: 1_000,
  /** A `Retry-After` beyond this is not waited for: the call gives up and its task pauses. */
  retryAfterCapMilliseconds: 60_000,
  /** Calls in a row, each failed in all its tries, that open an endpoint's breaker. */
  breakerFailures: 4,
  /** How long an open breaker refuses calls before it lets one through. */
  breakerOpenMilliseconds: 30_000,
  /** Tokens added to a reservation for each message's own framing, and for that of the schema. */
  tokensPerMessage: 8,
} as const;
