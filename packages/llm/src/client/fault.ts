import { shortened } from '@rewardsmith/contracts';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { limits } from '../limits.ts';
import type { CallOutcome } from '../outcome.ts';
import { AnswerTooLarge } from './capped-fetch.ts';
import { causes, NeverSent } from './never-sent.ts';
import { storable } from './storable.ts';

function brief(given: string): string {
  return shortened(storable(given), limits.messageLength);
}

function unavailable(
  reason: Extract<CallOutcome, { kind: 'unavailable' }>['reason'],
  message: string,
  retryAfterMilliseconds?: number,
): CallOutcome {
  return {
    kind: 'unavailable',
    reason,
    message,
    ...(retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds }),
  };
}

/**
 * `Retry-After` in milliseconds: seconds or a date (RFC 9110, 10.2.3), which is held against the time that the answer was sent at, since
 * two clocks seldom agree, or against `now` where it does not say; nothing when it is absent or unreadable.
 */
export function retryAfter(headers: Headers | undefined, now: number): number | undefined {
  const header = headers?.get('retry-after')?.trim() ?? '';
  if (/^-?\d+(?:\.\d+)?$/.test(header)) return Math.max(0, Number(header) * 1000);
  const date = Date.parse(header);
  const sent = Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - (Number.isNaN(sent) ? now : sent));
}

const quota = /insufficient_quota|billing|credit balance|exceeded your current quota/i;
const context = /context[_ ](?:length|limit|window|size)/i;
/** The longest answer that was asked for is longer than the model gives, whatever the prompt's length. */
const answerTooLong = /max_(?:completion_)?tokens\b.{0,40}(?:exceed|too large)/i;
const tooLong =
  /prompt is too long|too many (?:input |prompt )?tokens|\b(?:token count|tokens?\b).{0,40} exceeds?\b|exceed_context|reduce the length/i;
const filtered = /content[_ -]?filter|content management policy|safety|prohibited content/i;

/** A failure that a provider reports by a status, in the answer's head or in its body. */
export interface ReportedFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterMilliseconds?: number | undefined;
}

/** Names a failure by its status, and by what is said of it where the status alone does not tell. */
export function statusFault(failure: ReportedFailure): CallOutcome {
  const { status, retryAfterMilliseconds } = failure;
  const about = `${failure.code} ${failure.message}`;
  const message = `HTTP ${status}: ${failure.message}`;
  if (status === 402 || (status === 429 && quota.test(about))) return unavailable('quota-exhausted', message);
  if (status === 429) return unavailable('rate-limited', message, retryAfterMilliseconds);
  if (status === 401 || status === 403) return unavailable('unauthorised', message);
  if (status === 404) return unavailable('model-not-found', message);
  if (status === 408 || status === 409) return unavailable('server-error', message);
  if (status >= 500) return unavailable('server-error', message, retryAfterMilliseconds);
  if (status === 413) return unavailable('prompt-too-long', message);
  if (context.test(about) || (!answerTooLong.test(about) && tooLong.test(about)))
    return unavailable('prompt-too-long', message);
  if (filtered.test(about)) return { kind: 'bad-answer', reason: 'filtered', message, answer: null };
  return unavailable('request-refused', message);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

export interface FaultContext {
  /** Tells the client's own deadline from the caller's signal. */
  readonly timedOut: boolean;
  readonly now: number;
  /** Takes credentials out of what is said of a fault. */
  readonly redact: (text: string) => string;
}

/** Names what went wrong between the request and the parsed body. No message holds the endpoint's credentials. */
export function faultOf(error: unknown, context: FaultContext): CallOutcome {
  return tellable(nameOf(error, context), context.redact);
}

/** An outcome whose message may be stored and shown: brief, and without credentials. */
export function tellable(outcome: CallOutcome, redact: (text: string) => string): CallOutcome {
  return 'message' in outcome ? { ...outcome, message: brief(redact(outcome.message)) } : outcome;
}

function nameOf(error: unknown, { timedOut, now }: FaultContext): CallOutcome {
  const chain = causes(error);
  const large = chain.find((cause) => cause instanceof AnswerTooLarge);
  if (large instanceof AnswerTooLarge) {
    return { kind: 'bad-answer', reason: 'too-large', message: large.message, answer: null };
  }
  const unsent = chain.find((cause) => cause instanceof NeverSent);
  if (unsent instanceof NeverSent) return unavailable(unsent.reason, unsent.message);
  if (timedOut || chain.some((cause) => cause instanceof APIConnectionTimeoutError)) {
    return unavailable('timed-out', 'The endpoint did not answer in full in time.');
  }
  if (error instanceof APIUserAbortError || isAbort(error)) return { kind: 'cancelled' };
  if (error instanceof APIConnectionError) {
    const deepest = chain.at(-1)?.message ?? '';
    return unavailable('connection-lost', deepest === '' ? error.message : deepest);
  }
  if (error instanceof APIError) {
    return statusFault({
      status: error.status ?? 0,
      code: error.code ?? '',
      message: `${error.message.replace(/^\d+ /, '')}${error.param == null ? '' : ` (${error.param})`}`,
      retryAfterMilliseconds: retryAfter(error.headers, now),
    });
  }
  if (error instanceof SyntaxError) return unavailable('not-a-completion', `The body is not JSON: ${error.message}`);
  // A body that breaks off is a TypeError with a cause; without one it is the request that could not be put together.
  if (error instanceof TypeError && (error.cause !== undefined || error.message === 'terminated'))
    return unavailable('connection-lost', error.message);
  if (error instanceof TypeError)
    return unavailable('misconfigured', `OPENAI_BASE_URL or OPENAI_API_KEY cannot be sent: ${error.message}`);
  throw error;
}
