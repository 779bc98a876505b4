import { z } from 'zod';
import { limits } from './limits.ts';
import { text } from './text.ts';

/** The three roles of the loop that a language model can take. */
export const ModelRole = z.enum(['designer', 'critic', 'analyzer']);
export type ModelRole = z.infer<typeof ModelRole>;

/** How hard a model is asked to think, where it can be asked. */
export const Effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
export type Effort = z.infer<typeof Effort>;

/** A model by its name at the endpoint; of several, each is the more likely the larger its weight, until results speak. */
export const WeightedModel = z.strictObject({
  model: z.string().min(1).max(limits.modelNameLength),
  weight: z.number().positive().max(1000).default(1),
});
export type WeightedModel = z.infer<typeof WeightedModel>;

const temperature = z.number().min(0).max(2);

/** A task's own wishes for a role, within what the operator allows. */
export const ModelRoleOptions = z.strictObject({
  models: z.array(WeightedModel).min(1).max(limits.models).optional(),
  temperature: temperature.optional(),
  effort: Effort.optional(),
});

/** How a task uses the model endpoint; read when its designer is `model`. */
export const ModelOptions = z
  .strictObject({
    designer: ModelRoleOptions.optional(),
    critic: ModelRoleOptions.optional(),
    analyzer: ModelRoleOptions.optional(),
    /** Times that a refused program goes back to its designer. */
    repairs: z.int().min(0).max(limits.repairs).default(3),
    /** Whether a model reviews each program that has passed the computed checks. */
    review: z.boolean().default(true),
    /** Whether a model explains how the parents of the next generation fail. */
    summarise: z.boolean().default(true),
    /** Whether the success condition is shown to the model. */
    showSuccess: z.boolean().default(true),
    /** Whether calls go where results have been better for their cost; by weight alone otherwise. */
    bandit: z.boolean().default(true),
    /** A reward of the user's own to start from, with either designer: the first candidate is this one, as it is given. */
    startReward: text(limits.sourceLength).optional(),
    /** How the reward should work, in the user's words. */
    words: text(limits.descriptionLength).optional(),
    /** Source code of the environment, in any language, for the designer to read. */
    environmentSource: text(limits.environmentSourceLength).optional(),
  })
  .meta({ id: 'ModelOptions' });
export type ModelOptions = z.infer<typeof ModelOptions>;

/** Prices of a model in money per million tokens; `cached` is the price of prompt tokens that the provider had cached. */
export const Price = z.strictObject({
  input: z.number().min(0),
  cached: z.number().min(0).optional(),
  output: z.number().min(0),
});
export type Price = z.infer<typeof Price>;

export const Caps = z.strictObject({ tokens: z.number().optional(), money: z.number().optional() });
export type Caps = z.infer<typeof Caps>;

export const RoleTerms = z.strictObject({
  models: z.array(WeightedModel),
  temperature: temperature.optional(),
  effort: Effort.optional(),
  /** Tokens of one answer, thinking included. */
  maxTokens: z.int().min(1),
});
export type RoleTerms = z.infer<typeof RoleTerms>;

/** On what terms a task's calls are made: fixed when it is submitted, so that a restart does not change them. */
export const ModelTerms = z.strictObject({
  roles: z.strictObject({ designer: RoleTerms, critic: RoleTerms, analyzer: RoleTerms }),
  prices: z.record(z.string(), Price),
  /** Tenant caps are per day, in UTC. */
  caps: z.strictObject({ call: Caps, task: Caps, tenant: Caps }),
});
export type ModelTerms = z.infer<typeof ModelTerms>;

/** Tokens as the endpoint reported them, and an upper estimate of those that it never reported. */
export const ModelCost = z
  .object({
    promptTokens: z.number(),
    /** The part of `promptTokens` that the provider had cached. */
    cachedTokens: z.number(),
    completionTokens: z.number(),
    /** Of requests whose usage never came: stalls, resets, crashes. */
    unreportedTokens: z.number(),
    /** 0 where the operator gave no price. */
    money: z.number(),
  })
  .meta({ id: 'ModelCost' });
export type ModelCost = z.infer<typeof ModelCost>;

/** How a model came to propose a candidate. */
export const Design = z
  .object({
    /** Place in the generation that the proposal was made for; repairs of a refused one have the same. */
    slot: z.int(),
    /** 0 for the proposal, then the repairs. */
    attempt: z.int(),
    /** Which of the answer's programs it is, counted from 0; others than 0 belong to a curriculum. */
    stage: z.int(),
    brief: z.string(),
    model: z.string(),
    /** The model that the endpoint says has answered. */
    answeredBy: z.string().nullable(),
    prompt: z.object({ purpose: z.string(), version: z.int(), hash: z.string() }),
    /** Keys of the calls that were made for it: its design, and its review. */
    calls: z.array(z.string()),
    cost: ModelCost,
  })
  .meta({ id: 'Design' });
export type Design = z.infer<typeof Design>;

/** A model's account of why a candidate's policies behave as they do; each cause is tied to a finding by its code. */
export const Explanation = z
  .object({
    causes: z.array(z.object({ finding: z.string(), cause: z.string(), advice: z.string() })),
    summary: z.string(),
    model: z.string(),
    cost: ModelCost,
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof Explanation>;

/** An arm of the bandit that spends a task's calls. */
export const SearchArm = z.object({
  kind: z.enum(['model', 'brief']),
  name: z.string(),
  pulls: z.int(),
  /** Mean gain of its proposals, in [0, 1]: the share of candidates that they were better than, with half of their equals. */
  gain: z.number(),
  /** Mean cost of its proposals, in money where the model has a price, else in tokens. */
  cost: z.number(),
});
export type SearchArm = z.infer<typeof SearchArm>;

/** Stages of the critic, in order of cost. */
export const CriticStage = z.enum(['answer', 'language', 'duplicates', 'smoke', 'outcomes', 'gate', 'review']);
export type CriticStage = z.infer<typeof CriticStage>;

/** Which computed stages of the critic a task wants; the language check is not among them, since nothing else is run. */
export const CriticOptions = z
  .strictObject({
    duplicates: z.boolean().default(true),
    /** The verdict on the smoke run. The run itself stays: a program that does not survive it is refused. */
    smoke: z.boolean().default(true),
    /** The verdict over recorded episodes with known outcomes, once the task has any. */
    outcomes: z.boolean().default(true),
    /** Refuse a program that orders recorded episodes against their fitness, before anything is trained on it. */
    gate: z.boolean().default(false),
  })
  .meta({ id: 'CriticOptions' });
export type CriticOptions = z.infer<typeof CriticOptions>;

/** Programs that each stage of the critic has seen and refused. */
export const CriticCounts = z.partialRecord(CriticStage, z.object({ seen: z.int(), refused: z.int() }));
export type CriticCounts = z.infer<typeof CriticCounts>;

/** Why a task stands still until it is resumed. */
export const Pause = z.object({
  /** `requested`, or the name of the endpoint's outcome. */
  reason: z.string(),
  message: z.string(),
  /** The status that it goes back to. */
  from: z.enum(['queued', 'running', 'finishing']),
  /** When it goes on by itself; null when it waits for somebody to resume it. */
  resumesAt: z.iso.datetime().nullable().default(null),
});
export type Pause = z.infer<typeof Pause>;

/** What a task's budget is good for, as far as can be said before it starts; null where no cap limits it. */
export const Forecast = z.object({
  /** Proposals, with their repairs and reviews at the usual rate. */
  proposals: z.int().nullable(),
  /** Tokens that one proposal is reckoned with. */
  tokensPerProposal: z.number(),
});
export type Forecast = z.infer<typeof Forecast>;
