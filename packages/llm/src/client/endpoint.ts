import { setTimeout as delay } from 'node:timers/promises';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { jsonSchema, malformed, readAnswer } from '../form.ts';
import { limits } from '../limits.ts';
import { type CallOutcome, isPassing, mayBeCharged, outcomeName, type Usage, usageOf } from '../outcome.ts';
import type { AnswerForm, Message, ModelRequest } from '../request.ts';
import { admit, type Breaker, closedBreaker, observe } from './breaker.ts';
import { type Capabilities, hopedFor, reshaped, type Shaping } from './capabilities.ts';
import { nextTryIn } from './retry.ts';
import type { Transport } from './transport.ts';
import { Turnstile } from './turnstile.ts';

/** One request that went over the wire, or was refused by the breaker. */
export interface Try {
  readonly outcome: string;
  readonly milliseconds: number;
  readonly usage: Usage | null;
  /** Sent, and not answered with a usage: the provider may charge for it. */
  readonly unreported: boolean;
}

/** What came of a question: the outcome, the answer read in its form, and every try it took. */
export interface CallResult<T> {
  readonly outcome: CallOutcome;
  /** Present when the outcome is `answered`. */
  readonly value: T | undefined;
  readonly tries: readonly Try[];
  /** What the last request was shaped by; absent where no endpoint was asked. */
  readonly asked?: Capabilities;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Asked before each try is sent, when its turn has come; `false` ends the call as `cancelled`, without that try. */
  readonly maySend?: () => Promise<boolean>;
  /** Asked before the wait for another try, with those made so far; `false` ends the call with the last outcome. */
  readonly mayRetry?: (tries: readonly Try[]) => Promise<boolean>;
}

/** Answers questions: an endpoint over the network, or a record of one. */
export interface Model {
  ask<T>(request: ModelRequest, form: AnswerForm<T>, options: AskOptions): Promise<CallResult<T>>;
}

export interface EndpointOptions {
  readonly transport: Transport;
  readonly concurrency: number;
  /** Draws the jitter of retries. */
  readonly random: RandomGenerator;
  /** Milliseconds that only grow: whoever sets the time of day keeps no breaker open. */
  readonly now: () => number;
  /** Waits; rejects when the signal aborts. Tests pass one that does not wait. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

function withInstructions(messages: readonly Message[], instructions: string): readonly Message[] {
  const last = messages.at(-1);
  return last === undefined
    ? messages
    : [...messages.slice(0, -1), { ...last, content: `${last.content}\n\n${instructions}` }];
}

/** Whether a failure speaks of the endpoint's health rather than of this request. */
function isUnhealthy(outcome: CallOutcome): boolean {
  return isPassing(outcome) && outcomeName(outcome) !== 'rate-limited';
}

/** What an error says of the request: older llama.cpp servers fail at a schema with status 500. */
function complaint(outcome: CallOutcome): string | undefined {
  if (outcome.kind !== 'unavailable') return undefined;
  const { reason, message } = outcome;
  return reason === 'request-refused' || (reason === 'server-error' && /grammar|json.?schema/i.test(message))
    ? message
    : undefined;
}

/** Whether the endpoint took the request as it was shaped. */
function wasTaken(outcome: CallOutcome): boolean {
  return outcome.kind === 'answered' || (outcome.kind === 'bad-answer' && outcome.answer !== null);
}

/** An endpoint with bounded retries, a breaker, a limit of requests at once, and a memory of what each model takes. */
export class Endpoint implements Model {
  readonly #options: EndpointOptions;
  readonly #turnstile: Turnstile;
  readonly #capabilities = new Map<string, Capabilities>();
  #breaker: Breaker = closedBreaker;
  /** Settled when the half-open breaker's one call has ended. */
  #probe: PromiseWithResolvers<void> | undefined;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#turnstile = new Turnstile(options.concurrency);
  }

  /** What has been found out about a model of the endpoint. */
  capabilities(model: string): Capabilities {
    return this.#capabilities.get(model) ?? hopedFor;
  }

  get breakerOpen(): boolean {
    const { openUntil } = this.#breaker;
    return openUntil !== null && this.#options.now() < openUntil;
  }

  async ask<T>(request: ModelRequest, form: AnswerForm<T>, options: AskOptions): Promise<CallResult<T>> {
    return this.#turnstile.pass(async () => {
      const refused = await this.#admit(options.signal);
      if (refused !== undefined) return { outcome: refused, value: undefined, tries: [] };
      let result: CallResult<T> | undefined;
      try {
        result =
          options.maySend === undefined || (await options.maySend())
            ? await this.#ask(request, form, options)
            : { outcome: { kind: 'cancelled' }, value: undefined, tries: [] };
        return result;
      } finally {
        this.#observe(result?.outcome);
      }
    });
  }

  /** Waits for a probe that is out; the outcome of a call that may not be sent, or nothing when it may. */
  async #admit(signal: AbortSignal): Promise<CallOutcome | undefined> {
    for (;;) {
      if (signal.aborted) return { kind: 'cancelled' };
      const admission = admit(this.#breaker, this.#options.now());
      switch (admission) {
        case 'sent':
          return undefined;
        case 'probe':
          this.#breaker = { ...this.#breaker, probing: true };
          this.#probe = Promise.withResolvers();
          return undefined;
        case 'refused': {
          const message = 'The endpoint failed many times in a row and is not asked for a while.';
          return { kind: 'unavailable', reason: 'breaker-open', message };
        }
        case 'wait':
          await this.#probe?.promise;
      }
    }
  }

  /** Counts how a call ended; one that was cancelled, or threw, says nothing of the endpoint. */
  #observe(outcome: CallOutcome | undefined): void {
    this.#breaker =
      outcome === undefined || outcome.kind === 'cancelled'
        ? { ...this.#breaker, probing: false }
        : observe(this.#breaker, isUnhealthy(outcome), this.#options.now());
    this.#probe?.resolve();
    this.#probe = undefined;
  }

  async #ask<T>(request: ModelRequest, form: AnswerForm<T>, options: AskOptions): Promise<CallResult<T>> {
    const { random, wait = delayFor } = this.#options;
    const tries: Try[] = [];
    let shaping: Shaping = { shape: this.capabilities(request.model), learnt: {}, restored: false };
    for (;;) {
      const sent = await this.#once(request, form, options.signal, tries, shaping);
      const { outcome } = sent;
      shaping = sent.shaping;
      const asked = shaping.shape;
      if (wasTaken(outcome)) this.#remember(request.model, shaping.learnt);
      const pause = nextTryIn(outcome, tries.length, random);
      if (pause === undefined) return { ...this.#read(request, form, outcome, tries, asked), asked };
      if (options.mayRetry !== undefined && !(await options.mayRetry(tries)))
        return { outcome, value: undefined, tries, asked };
      try {
        await wait(pause, options.signal);
      } catch {
        return { outcome: { kind: 'cancelled' }, value: undefined, tries };
      }
      if (options.maySend !== undefined && !(await options.maySend()))
        return { outcome: { kind: 'cancelled' }, value: undefined, tries };
    }
  }

  /** One try, shaped anew as long as the endpoint complains of a parameter. */
  async #once(
    request: ModelRequest,
    form: AnswerForm<unknown>,
    signal: AbortSignal,
    tries: Try[],
    before: Shaping,
  ): Promise<{ readonly outcome: CallOutcome; readonly shaping: Shaping }> {
    const { transport, now } = this.#options;
    let shaping = before;
    for (let reshape = 0; ; reshape += 1) {
      const { shape } = shaping;
      const began = now();
      const schema = { name: form.name, schema: jsonSchema(form) };
      // Some endpoints take a schema and hold the answer to any JSON: the shape is always said in words too.
      const words = shape.jsonSchema ? form.schemaInstructions : form.instructions;
      const messages = withInstructions(request.messages, words);
      const outcome = await transport.send({ ...request, messages, schema }, shape, signal);
      const said = complaint(outcome);
      const next = said === undefined || reshape >= limits.reshapes ? undefined : reshaped(shaping, said);
      if (next !== undefined) {
        shaping = next;
        continue;
      }
      tries.push({
        outcome: outcomeName(outcome),
        milliseconds: now() - began,
        usage: usageOf(outcome),
        unreported: mayBeCharged(outcome),
      });
      return { outcome, shaping };
    }
  }

  #remember(model: string, learnt: Partial<Capabilities>): void {
    this.#capabilities.set(model, { ...this.capabilities(model), ...learnt });
  }

  #read<T>(
    { model, maxTokens }: ModelRequest,
    form: AnswerForm<T>,
    outcome: CallOutcome,
    tries: readonly Try[],
    asked: Capabilities,
  ): CallResult<T> {
    if (outcome.kind !== 'answered') return { outcome, value: undefined, tries };
    const { text, usage } = outcome.answer;
    const reading = readAnswer(form, text);
    // An answer longer than was asked for shows that the newer name of its limit was passed over: the older one is used then.
    if (asked.maxCompletionTokens && usage !== null && usage.completionTokens > maxTokens)
      this.#remember(model, { maxCompletionTokens: false });
    // The endpoint took the schema and did not keep to it: from now on the form is asked for in words.
    if (asked.jsonSchema && !reading.ok) this.#remember(model, { jsonSchema: false });
    return reading.ok
      ? { outcome, value: reading.value, tries }
      : { outcome: malformed(outcome, reading.fault), value: undefined, tries };
  }
}

async function delayFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal });
}
