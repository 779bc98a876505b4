/** Tokens of one answer as the endpoint counts them. */
export interface Usage {
  readonly promptTokens: number;
  /** The part of `promptTokens` that the provider had cached. */
  readonly cachedTokens: number;
  /** Thinking included. */
  readonly completionTokens: number;
}

export interface Answer {
  readonly text: string;
  /** The model that the endpoint says has answered; it may be a dated form of the one that was asked, or another. */
  readonly model: string;
  readonly usage: Usage | null;
}

/** Why an answer of the endpoint is of no use. It was paid for, and asking the same again would cost the same. */
export type BadAnswer =
  | 'refused'
  | 'filtered'
  | 'cut-off'
  | 'empty'
  | 'too-large'
  /** Neither the schema nor the fenced form. */
  | 'malformed';

/** Why there is no answer, and trying again may help. */
export type PassingFault =
  | 'rate-limited'
  | 'server-error'
  | 'timed-out'
  /** No connection came about: nothing was sent. */
  | 'unreachable'
  | 'connection-lost'
  | 'not-a-completion';

/** Why there is no answer, and trying again will not help until somebody acts. */
export type LastingFault =
  /** The address or the key cannot be used as it stands: nothing was sent. */
  | 'misconfigured'
  | 'unauthorised'
  | 'quota-exhausted'
  | 'model-not-found'
  | 'request-refused'
  | 'prompt-too-long'
  | 'breaker-open';

/** How one try at the endpoint, or a whole call, ended. */
export type CallOutcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | {
      readonly kind: 'bad-answer';
      readonly reason: BadAnswer;
      readonly message: string;
      /** What came of it, where anything did. */
      readonly answer: Answer | null;
    }
  | {
      readonly kind: 'unavailable';
      readonly reason: PassingFault | LastingFault;
      readonly message: string;
      /** Seconds that the provider asked to wait, in milliseconds. */
      readonly retryAfterMilliseconds?: number;
      /** What a provider that failed over its answer says it has charged for. */
      readonly usage?: Usage;
    }
  /** The caller's signal ended the call. */
  | { readonly kind: 'cancelled' };

const passing: ReadonlySet<string> = new Set([
  'rate-limited',
  'server-error',
  'timed-out',
  'unreachable',
  'connection-lost',
  'not-a-completion',
] satisfies PassingFault[]);

const badAnswers: ReadonlySet<string> = new Set([
  'refused',
  'filtered',
  'cut-off',
  'empty',
  'too-large',
  'malformed',
] satisfies BadAnswer[]);

export function isBadAnswer(name: string): name is BadAnswer {
  return badAnswers.has(name);
}

export function isPassing(outcome: CallOutcome): boolean {
  return outcome.kind === 'unavailable' && passing.has(outcome.reason);
}

/** Whether a fault of an endpoint may be gone by itself after a while. */
export function mayPass(reason: string): boolean {
  return reason === 'breaker-open' || passing.has(reason);
}

/** The name by which an outcome is stored and counted. */
export function outcomeName(outcome: CallOutcome): string {
  return outcome.kind === 'bad-answer' || outcome.kind === 'unavailable' ? outcome.reason : outcome.kind;
}

const mayHaveCost: ReadonlySet<string> = new Set([
  'timed-out',
  'connection-lost',
  'not-a-completion',
  'too-large',
  'cancelled',
]);

/**
 * Whether the provider may charge for a try although it never said how much: the request was sent, the usage did not come. An
 * answer of no use was generated like any other.
 */
export function mayBeCharged(outcome: CallOutcome): boolean {
  if (usageOf(outcome) !== null) return false;
  const answered = outcome.kind === 'answered' || (outcome.kind === 'bad-answer' && outcome.answer !== null);
  return answered || mayHaveCost.has(outcomeName(outcome));
}

/** The usage that the endpoint reported, when it did. */
export function usageOf(outcome: CallOutcome): Usage | null {
  switch (outcome.kind) {
    case 'answered':
    case 'bad-answer':
      return outcome.answer?.usage ?? null;
    case 'unavailable':
      return outcome.usage ?? null;
    case 'cancelled':
      return null;
  }
}
