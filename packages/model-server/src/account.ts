import { limits } from './limits.ts';
import { type ChatRequest, promptText } from './request.ts';

export interface Usage {
  readonly promptTokens: number;
  /** The part of `promptTokens` that an earlier prompt of the same model began with. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

/** What the server has seen and answered since it started. */
export interface Account {
  readonly requests: number;
  /** Requests whose usage was sent to the client in full. */
  readonly answered: Usage & { readonly requests: number };
  /** Requests that cost tokens and whose answer was not delivered: stalls, resets, bodies cut off. */
  readonly undelivered: Usage & { readonly requests: number };
}

function tokens(text: string): number {
  return Math.ceil(text.length / limits.charactersPerToken);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

const nothing = { requests: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

/** Counts tokens as a provider would, with a cache of prompt prefixes. */
export class Accountant {
  #requests = 0;
  readonly #totals = { answered: { ...nothing }, undelivered: { ...nothing } };
  readonly #prompts = new Map<string, string[]>();

  seen(): void {
    this.#requests += 1;
  }

  usageOf(request: ChatRequest, answer: string): Usage {
    const text = promptText(request);
    const earlier = this.#prompts.get(request.model) ?? [];
    const shared = tokens(text.slice(0, Math.max(0, ...earlier.map((prompt) => commonPrefix(prompt, text)))));
    this.#prompts.set(request.model, [...earlier, text]);
    return {
      promptTokens: tokens(text),
      cachedTokens: Math.floor(shared / limits.cacheBlockTokens) * limits.cacheBlockTokens,
      completionTokens: tokens(answer),
    };
  }

  charge(where: 'answered' | 'undelivered', usage: Usage): void {
    const total = this.#totals[where];
    total.requests += 1;
    total.promptTokens += usage.promptTokens;
    total.cachedTokens += usage.cachedTokens;
    total.completionTokens += usage.completionTokens;
  }

  get account(): Account {
    return {
      requests: this.#requests,
      answered: { ...this.#totals.answered },
      undelivered: { ...this.#totals.undelivered },
    };
  }
}
