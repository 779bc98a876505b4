import { z } from 'zod';
import { Finding } from './finding.ts';
import { limits } from './limits.ts';
import { CriticCounts, CriticOptions, Forecast, ModelCost, ModelOptions, Pause, SearchArm } from './model.ts';
import { text } from './text.ts';

/** Source text in the reward language. */
export const RewardSource = text(limits.sourceLength);

/**
 * What the user really wants, per step, as a program of the reward language that exports `success`
 * (a number, or a boolean that counts 1), and how an episode's steps become its fitness.
 */
export const Fitness = z
  .strictObject({
    source: RewardSource,
    aggregate: z.enum(['sum', 'mean', 'max', 'last']).default('sum'),
  })
  .meta({ id: 'Fitness' });
export type Fitness = z.infer<typeof Fitness>;

/** How one policy is trained on a reward. Absent values are the environment's own. */
export const TrainingSettings = z.object({
  /** Environment steps of one training run. */
  environmentSteps: z.int().min(1_000).max(limits.environmentStepsPerTraining).optional(),
  /** Independent training runs per candidate; fitness is their mean. */
  seeds: z.int().min(1).max(limits.trainingSeeds).optional(),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

export const SimulationEvaluator = z.strictObject({
  kind: z.literal('simulation'),
  training: TrainingSettings.strict().default({}),
});

export const Evaluator = z.discriminatedUnion('kind', [SimulationEvaluator]).meta({ id: 'Evaluator' });
export type Evaluator = z.infer<typeof Evaluator>;

/** What a generation is made from (`packages/evolution/src/plan.ts`): this project's search, or a baseline to hold it against. */
export const Scheme = z.enum(['evolution', 'greedy', 'sequential', 'independent', 'random']);
export type Scheme = z.infer<typeof Scheme>;

/** How a parent is drawn (`packages/evolution/src/parents.ts`). */
export const ParentRule = z.enum(['tournament', 'greedy', 'rank', 'weighted', 'pareto', 'uniform']);
export type ParentRule = z.infer<typeof ParentRule>;

/**
 * What the designer learns of a parent beside its fitness: the statistics of its training and the failure modes found in its
 * episodes (`docs/failure-taxonomy.md`), the statistics alone, or nothing.
 */
export const Reflection = z.enum(['taxonomy', 'metrics', 'none']);
export type Reflection = z.infer<typeof Reflection>;

export const SearchSettings = z
  .strictObject({
    /** `grammar` needs no model; `model` asks the configured endpoint. */
    designer: z.enum(['grammar', 'model']).default('grammar'),
    generations: z.int().min(1).max(limits.generations).default(4),
    /** Candidates proposed per generation. */
    population: z.int().min(1).max(limits.population).default(8),
    /** Best candidates kept as parents from generation to generation. */
    elites: z.int().min(1).max(limits.population).default(3),
    tournamentSize: z.int().min(1).max(limits.population).default(3),
    scheme: Scheme.default('evolution'),
    parents: ParentRule.default('tournament'),
    /** Who may become a parent beside the best ever seen: everyone of the generation before, or nobody. */
    acceptance: z.enum(['recent', 'best']).default('recent'),
    /** Keep the best of every kind of behaviour as parents (MAP-Elites over success rate and episode length). */
    archive: z.boolean().default(false),
    /** Populations that evolve apart; every `migrateEvery` generations each crosses its best with its neighbour's, never without crossover. */
    islands: z.int().min(1).max(16).default(1),
    migrateEvery: z.int().min(1).max(limits.generations).default(3),
    /** Whether components of two parents are combined. */
    crossover: z.boolean().default(true),
    reflection: Reflection.default('taxonomy'),
    /** How much likelier than usual the grammar draws terms of a form (`docs/search.md` lists them). */
    forms: z.record(z.string().max(limits.nameLength), z.number().min(0.01).max(100)).optional(),
    /** Fill `forms`, where it is absent, from what came of each form in the tenant's finished tasks. */
    learn: z.boolean().default(false),
    /** Share of a generation that varies only the numbers of the best candidate, by Bayesian optimisation. */
    tuner: z.number().min(0).max(1).default(0.25),
    /** Start anew after this many generations without a better candidate; never when absent. */
    restartAfter: z.int().min(1).max(limits.generations).optional(),
    /** End when a candidate that was trained in full reaches this fitness, the mean over its whole trainings so far; one is enough. */
    target: z.number().optional(),
    /** End after this many generations without a better candidate. */
    patience: z.int().min(1).max(limits.generations).optional(),
    /**
     * Train on one seed first, and in full on another only what may still be the best (`packages/evolution/src/race.ts`); the best so
     * far is trained on one more of its seeds every generation. Without it, every candidate is trained in full on every seed.
     */
    race: z.boolean().default(true),
    /** Share of a training's length that the first seed of a race is given, the environment's own when absent: whole trainings are for what it promotes. */
    screen: z.number().min(0.05).max(1).optional(),
    /** At most this share of a generation is promoted to a whole training, rounded up. */
    raceShare: z.number().min(0).max(1).default(0.375),
    /** Best candidates that are trained again, on seeds of their own and in rounds that each leave half of them, to choose between them. */
    finalists: z.int().min(1).max(8).default(6),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0),
  })
  .refine(({ islands, population }) => islands <= population, {
    path: ['islands'],
    error: 'must not be more than population: each island needs a slot of its own',
  })
  .meta({ id: 'SearchSettings' });
export type SearchSettings = z.infer<typeof SearchSettings>;

/**
 * Caps on the search: it ends, with the cap as its `stopReason`, before the first generation, race or training that would
 * pass one, reckoned at the set length of a training (a run may pass that by a few per cent, a very short one by more). The closing comparison comes after it and is not capped: 15 trainings, and 16 to choose between six finalists, or somewhat more where some of them fail.
 */
export const Budget = z
  .strictObject({
    environmentSteps: z.int().min(1).max(limits.environmentStepsPerTask).optional(),
    wallClockSeconds: z.int().min(1).max(limits.wallClockSecondsPerTask).optional(),
    candidates: z.int().min(1).optional(),
    /** Tokens of the model endpoint, prompts, answers, retries and reviews together. */
    modelTokens: z.int().min(1).max(limits.modelTokensPerTask).optional(),
    modelCalls: z.int().min(1).max(limits.modelCallsPerTask).optional(),
    /** In the unit of the operator's prices. */
    modelMoney: z.number().positive().max(limits.moneyPerTask).optional(),
  })
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof Budget>;

/** The body of `POST /v1/tasks`. */
export const TaskSubmission = z
  .strictObject({
    name: text(limits.nameLength).optional(),
    /** The task in words; the environment's own description when absent. */
    description: text(limits.descriptionLength).optional(),
    /** The name of a built-in environment; `GET /v1/environments` lists them. */
    environment: z.string().min(1).max(limits.nameLength),
    /** The environment's own fitness when absent. */
    fitness: Fitness.optional(),
    evaluator: Evaluator.default({ kind: 'simulation', training: {} }),
    search: SearchSettings.prefault({}),
    budget: Budget.default({}),
    critic: CriticOptions.prefault({}),
    model: ModelOptions.prefault({}),
  })
  .meta({ id: 'TaskSubmission' });
export type TaskSubmission = z.infer<typeof TaskSubmission>;

export const TaskStatus = z.enum(['queued', 'running', 'paused', 'finishing', 'completed', 'failed', 'cancelled']);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** Why a task ended. */
export const StopReason = z.enum([
  'generations',
  'budget-environment-steps',
  'budget-wall-clock',
  'budget-candidates',
  /** The best fitness has reached the search's target, or has not risen for as long as its patience. */
  'target',
  'patience',
  'budget-model-tokens',
  'budget-model-calls',
  'budget-model-money',
  /** One call would pass the operator's cap of a call, or the tenant's of the day. */
  'budget-call',
  'budget-tenant',
  'cancelled',
  'no-candidate',
  'infrastructure',
]);
export type StopReason = z.infer<typeof StopReason>;

/**
 * Parts of a task that spend: proposals with their model calls; training on the first seeds, which the race judges, and in
 * full on others; the finalists' confirmation; the closing comparison.
 */
export const Stage = z.enum(['propose', 'search-screen', 'search-full', 'confirmation', 'held-out']);
export type Stage = z.infer<typeof Stage>;

/** What one stage has spent. */
export const StageSpending = z
  .object({
    stage: Stage,
    /** Steps of durable work that have ended, faults included: proposed generations, or trainings. */
    steps: z.int(),
    /** Environment steps that policies were trained for. */
    environmentSteps: z.number(),
    /** Environment steps that measured trained policies; they count against no cap. */
    evaluationSteps: z.number(),
    /** Wall-clock seconds of the work; work side by side counts each. */
    seconds: z.number(),
    modelCalls: z.int(),
  })
  .meta({ id: 'StageSpending' });
export type StageSpending = z.infer<typeof StageSpending>;

/** What a task has spent so far. */
export const Spending = z.object({
  environmentSteps: z.number(),
  /** Requests to the model endpoint, retries included. */
  modelCalls: z.int(),
  /** Of those requests: reported and estimated tokens together. */
  modelTokens: z.number(),
  modelMoney: z.number(),
  wallClockSeconds: z.number(),
});
export type Spending = z.infer<typeof Spending>;

/** Fitness over independent training runs: `values` holds one mean episode fitness a training seed. */
export const FitnessEstimate = z
  .object({
    mean: z.number(),
    /** Standard deviation over training seeds; 0 for one seed. */
    standardDeviation: z.number(),
    values: z.array(z.number()),
    /** Episodes measured per training seed. */
    episodes: z.int(),
    /** Share of episodes that met the environment's success condition at least once. */
    successRate: z.number(),
  })
  .meta({ id: 'FitnessEstimate' });
export type FitnessEstimate = z.infer<typeof FitnessEstimate>;

/** A reward's fitness on held-out seeds, and the same policies' under dynamics that they were not trained on. */
export const HeldOutFitness = FitnessEstimate.extend({
  /** Absent in results of versions that did not measure it. */
  varied: FitnessEstimate.optional(),
  /** `varied.mean - mean`. */
  shift: z.number().optional(),
}).meta({ id: 'HeldOutFitness' });
export type HeldOutFitness = z.infer<typeof HeldOutFitness>;

/** What the best reward had to be better than. */
export const Rival = z.object({
  /** `sparse`, `human`, or the id of another finalist. */
  subject: z.string(),
  mean: z.number(),
  /** Trainings that the mean is of: finalists that were not chosen have the whole ones of the search and those of their confirmation. */
  trainings: z.int(),
  /** Probability that the best reward is better than this one alone. */
  probability: z.number(),
});
export type Rival = z.infer<typeof Rival>;

/** The comparison that ends a task, on seeds that nothing was trained or chosen on. */
export const FinalMeasurement = z
  .object({
    best: HeldOutFitness,
    sparse: HeldOutFitness,
    human: HeldOutFitness,
    /** (F − F_sparse) / |F_human − F_sparse| (Eureka, arXiv 2310.12931, section 4); null when human and sparse are equal. */
    humanScore: z.number().nullable(),
    /**
     * Probability that the best reward's mean fitness is greater than every rival's, from the values by training seed
     * (`packages/evolution/src/certainty.ts`). Null where no reward was trained twice.
     */
    probabilityBest: z.number().nullable().optional(),
    rivals: z.array(Rival).optional(),
    /** What speaks against the best reward although it has won: errors first. */
    flags: z.array(Finding).optional(),
  })
  .meta({ id: 'FinalMeasurement' });
export type FinalMeasurement = z.infer<typeof FinalMeasurement>;

/** A task as `GET /v1/tasks/{id}` shows it. */
export const Task = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    environment: z.string(),
    status: TaskStatus,
    stopReason: StopReason.nullable(),
    /** Readable cause when `status` is `failed`. */
    failure: z.string().nullable(),
    submission: TaskSubmission,
    generation: z.int(),
    /** `evaluated` counts those that trained a policy on at least one seed. */
    candidates: z.object({ proposed: z.int(), refused: z.int(), evaluated: z.int(), failed: z.int() }),
    bestCandidateId: z.string().nullable(),
    bestFitness: z.number().nullable(),
    final: FinalMeasurement.nullable(),
    spending: Spending.extend({ stages: z.array(StageSpending) }),
    /** What the model endpoint has reported and not reported, of `spending`. */
    modelCost: ModelCost,
    /** Why it stands still, when `status` is `paused`. */
    pause: Pause.nullable(),
    forecast: Forecast.nullable(),
    arms: z.array(SearchArm),
    critic: CriticCounts,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof Task>;
