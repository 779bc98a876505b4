import type { ModelCost, Price } from '@rewardsmith/contracts';
import type { Try } from '../client/endpoint.ts';
import { jsonSchema } from '../form.ts';
import { limits } from '../limits.ts';
import type { Usage } from '../outcome.ts';
import type { AnswerForm, ModelRequest } from '../request.ts';

/** Tokens and money; money is 0 for a model without a price. */
export interface Amount {
  readonly tokens: number;
  readonly money: number;
}

export const noCost: ModelCost = {
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  unreportedTokens: 0,
  money: 0,
};

const million = 1e6;

function moneyFor(price: Price | undefined, usage: Usage): number {
  if (price === undefined) return 0;
  const { promptTokens, cachedTokens, completionTokens } = usage;
  const cached = price.cached ?? price.input;
  const fresh = promptTokens - cachedTokens;
  return (fresh * price.input + cachedTokens * cached + completionTokens * price.output) / million;
}

/**
 * The most tokens that a prompt can come to, its form asked for by schema and in words: a byte-level tokenizer has no token
 * shorter than a byte of UTF-8. English is a quarter of that; a reservation is given back when its call is settled.
 */
function mostPromptTokens({ messages }: ModelRequest, form: AnswerForm<unknown>): number {
  const asked = [form.instructions, form.schemaInstructions, JSON.stringify(jsonSchema(form))];
  const parts = [...messages.map(({ content }) => content), ...asked];
  return parts.reduce((total, part) => total + Buffer.byteLength(part) + limits.tokensPerMessage, 0);
}

/** The most that one try at a request can cost: the whole prompt uncached, and the longest answer. */
export function worstCase(request: ModelRequest, form: AnswerForm<unknown>, price: Price | undefined): Amount & Usage {
  const usage = {
    promptTokens: mostPromptTokens(request, form),
    cachedTokens: 0,
    completionTokens: request.maxTokens,
  };
  return { ...usage, tokens: usage.promptTokens + usage.completionTokens, money: moneyFor(price, usage) };
}

export function addCosts(a: ModelCost, b: ModelCost): ModelCost {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    unreportedTokens: a.unreportedTokens + b.unreportedTokens,
    money: a.money + b.money,
  };
}

/** What is left of a cost without a part of it. */
export function withoutCost(whole: ModelCost, part: ModelCost): ModelCost {
  return {
    promptTokens: whole.promptTokens - part.promptTokens,
    cachedTokens: whole.cachedTokens - part.cachedTokens,
    completionTokens: whole.completionTokens - part.completionTokens,
    unreportedTokens: whole.unreportedTokens - part.unreportedTokens,
    money: Math.max(0, whole.money - part.money),
  };
}

/** What a call's tries have cost: reported usage as it is, an unreported try at its worst case. */
export function costOf(
  tries: readonly Try[],
  request: ModelRequest,
  form: AnswerForm<unknown>,
  price: Price | undefined,
): ModelCost {
  const worst = worstCase(request, form, price);
  return tries
    .map(({ usage, unreported }): ModelCost => {
      if (usage !== null) return { ...usage, unreportedTokens: 0, money: moneyFor(price, usage) };
      return unreported ? { ...noCost, unreportedTokens: worst.tokens, money: worst.money } : noCost;
    })
    .reduce(addCosts, noCost);
}

export function amountOf(cost: ModelCost): Amount {
  return { tokens: cost.promptTokens + cost.completionTokens + cost.unreportedTokens, money: cost.money };
}
