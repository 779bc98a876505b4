import {
  Effort,
  type ModelRole,
  type ModelTerms,
  Price,
  type RoleTerms,
  type WeightedModel,
} from '@rewardsmith/contracts';
import { z } from 'zod';

/** An operator's settings of an OpenAI-compatible endpoint. */
export interface ModelSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly terms: ModelTerms;
  readonly timeoutMilliseconds: number;
  /** Requests to the endpoint at once. */
  readonly concurrency: number;
}

const weighted = z.string().transform((text, context): WeightedModel[] => {
  const models = text.split(',').map((part) => {
    // A model's own name may hold a colon, as Ollama's do: only a last part that is a number is a weight.
    const [, model = '', weight] = /^\s*(.+?)(?:=(\d+(?:\.\d+)?))?\s*$/.exec(part) ?? [];
    return { model, weight: weight === undefined ? 1 : Number(weight) };
  });
  if (models.some(({ model, weight }) => model === '' || !(weight > 0))) {
    context.addIssue({ code: 'custom', message: 'write models as name, or name=weight,name=weight' });
    return z.NEVER;
  }
  return models;
});

const prices = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), Price).parse(JSON.parse(text));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `not JSON of {"model": {"input", "cached", "output"}}: ${message}` });
    return z.NEVER;
  }
});

/** The address is shown and logged, so it may not hold a secret. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => !/^[^/]*\/\/[^/?#]*@/.test(text),
    'leave user and password out of the address, and give the secret as OPENAI_API_KEY',
  );

/** It is sent in a header, which takes nothing else; the message does not repeat it. */
const apiKey = z
  .string()
  .regex(/^[ -~]+$/, 'it holds a line end or a character beyond ASCII, which no header can carry; copy it anew');

const temperature = z.coerce.number().min(0).max(2);
const tokens = z.coerce.number().int().min(1);
const money = z.coerce.number().positive();

const Variables = z.object({
  OPENAI_API_KEY: apiKey.optional(),
  OPENAI_BASE_URL: baseUrl.optional(),
  REWARDSMITH_MODEL: weighted.optional(),
  REWARDSMITH_DESIGNER_MODEL: weighted.optional(),
  REWARDSMITH_CRITIC_MODEL: weighted.optional(),
  REWARDSMITH_ANALYZER_MODEL: weighted.optional(),
  REWARDSMITH_TEMPERATURE: temperature.optional(),
  REWARDSMITH_DESIGNER_TEMPERATURE: temperature.optional(),
  REWARDSMITH_CRITIC_TEMPERATURE: temperature.optional(),
  REWARDSMITH_ANALYZER_TEMPERATURE: temperature.optional(),
  REWARDSMITH_EFFORT: Effort.optional(),
  REWARDSMITH_DESIGNER_EFFORT: Effort.optional(),
  REWARDSMITH_CRITIC_EFFORT: Effort.optional(),
  REWARDSMITH_ANALYZER_EFFORT: Effort.optional(),
  REWARDSMITH_ANSWER_TOKENS: tokens.default(16_000),
  REWARDSMITH_MODEL_PRICES: prices.optional(),
  REWARDSMITH_CALL_TOKENS: tokens.optional(),
  REWARDSMITH_TASK_TOKENS: tokens.optional(),
  REWARDSMITH_TENANT_TOKENS: tokens.optional(),
  REWARDSMITH_CALL_MONEY: money.optional(),
  REWARDSMITH_TASK_MONEY: money.optional(),
  REWARDSMITH_TENANT_MONEY: money.optional(),
  REWARDSMITH_MODEL_TIMEOUT_SECONDS: z.coerce.number().positive().max(3600).default(300),
  REWARDSMITH_MODEL_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
});

export type ModelSettingsReading =
  | { readonly kind: 'ok'; readonly settings: ModelSettings }
  /** No endpoint is configured; the service works without one. */
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly message: string };

const publicEndpoint = 'https://api.openai.com/v1';

/** Reads the endpoint's settings from environment variables. An endpoint is configured by its key or its address. */
export function readModelSettings(environment: Readonly<Record<string, string | undefined>>): ModelSettingsReading {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  if (present['OPENAI_API_KEY'] === undefined && present['OPENAI_BASE_URL'] === undefined) return { kind: 'none' };
  const parsed = Variables.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { kind: 'invalid', message: `The model endpoint's settings are not valid. ${faults.join('; ')}` };
  }
  const { data } = parsed;
  const role = (name: Uppercase<ModelRole>): RoleTerms => ({
    models: data[`REWARDSMITH_${name}_MODEL`] ?? data.REWARDSMITH_MODEL ?? [],
    temperature: data[`REWARDSMITH_${name}_TEMPERATURE`] ?? data.REWARDSMITH_TEMPERATURE,
    effort: data[`REWARDSMITH_${name}_EFFORT`] ?? data.REWARDSMITH_EFFORT,
    maxTokens: data.REWARDSMITH_ANSWER_TOKENS,
  });
  const roles = { designer: role('DESIGNER'), critic: role('CRITIC'), analyzer: role('ANALYZER') };
  const unpriced = Object.values(roles)
    .flatMap(({ models }) => models.map(({ model }) => model))
    .find((model) => data.REWARDSMITH_MODEL_PRICES?.[model] === undefined);
  const capped = [data.REWARDSMITH_CALL_MONEY, data.REWARDSMITH_TASK_MONEY, data.REWARDSMITH_TENANT_MONEY];
  if (unpriced !== undefined && capped.some((cap) => cap !== undefined)) {
    return {
      kind: 'invalid',
      message: `A cap in money needs prices, and REWARDSMITH_MODEL_PRICES has none for "${unpriced}".`,
    };
  }
  return {
    kind: 'ok',
    settings: {
      baseUrl: data.OPENAI_BASE_URL ?? publicEndpoint,
      // Local servers need no key, the client library does.
      apiKey: data.OPENAI_API_KEY ?? 'none',
      terms: {
        roles,
        prices: data.REWARDSMITH_MODEL_PRICES ?? {},
        caps: {
          call: { tokens: data.REWARDSMITH_CALL_TOKENS, money: data.REWARDSMITH_CALL_MONEY },
          task: { tokens: data.REWARDSMITH_TASK_TOKENS, money: data.REWARDSMITH_TASK_MONEY },
          tenant: { tokens: data.REWARDSMITH_TENANT_TOKENS, money: data.REWARDSMITH_TENANT_MONEY },
        },
      },
      timeoutMilliseconds: data.REWARDSMITH_MODEL_TIMEOUT_SECONDS * 1000,
      concurrency: data.REWARDSMITH_MODEL_CONCURRENCY,
    },
  };
}
