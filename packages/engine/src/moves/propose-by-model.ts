import type { Explanation, SearchArm, StopReason } from '@rewardsmith/contracts';
import type { Member } from '@rewardsmith/evolution';
import { untrusted } from '@rewardsmith/llm';
import type { CandidateRow, StepRow, TaskRow } from '@rewardsmith/store';
import { designGeneration } from '../model/design.ts';
import { drawModel } from '../model/draw.ts';
import { explain } from '../model/explain.ts';
import { EndpointUnavailable } from '../model/failure.ts';
import { commonInputs } from '../model/inputs.ts';
import { evaluatedParent, triedBefore } from '../model/parents.ts';
import { planDesigns } from '../model/slots.ts';
import { TaskModel } from '../model/task-model.ts';
import type { CritiqueContext, Known } from './critique.ts';
import { proposeTuned } from './propose.ts';
import type { Proposed } from './proposed.ts';
import { episodeReader } from './recording.ts';
import type { ProposeContext } from './run-propose.ts';
import { successPairs } from './success-pairs.ts';

/** What a generation is proposed from, whoever proposes it. */
export interface GenerationRequest {
  readonly step: StepRow;
  readonly task: TaskRow;
  readonly generation: number;
  /** Candidates that may still be proposed, refused ones included. */
  readonly most: number;
  /** Candidates for which there are search trainings under the cap of environment steps. */
  readonly trainable: number;
  /** Every candidate so far, refused ones included. */
  readonly rows: readonly CandidateRow[];
  readonly members: readonly Member[];
  readonly known: Known;
  readonly critique: CritiqueContext;
}

/** A proposed generation with what was learnt on the way. */
export interface Generation {
  readonly proposals: readonly Proposed[];
  /** Of candidates of earlier generations, by identifier. */
  readonly explanations: ReadonlyMap<string, Explanation>;
  readonly arms: readonly SearchArm[];
  /** The model's cap that ended it before every slot was filled. */
  readonly cap: StopReason | undefined;
}

/** Proposes one generation by the model endpoint: explains the parents, then designs, reviews and repairs. */
export async function proposeByModel(request: GenerationRequest, context: ProposeContext): Promise<Generation> {
  const { step, task, generation, rows, members, known } = request;
  const { access, environment, store, sandbox } = context;
  const { terms, submission } = task;
  if (access === undefined || terms === null) {
    throw new EndpointUnavailable(
      'no-endpoint',
      'This service has no model endpoint. Set OPENAI_BASE_URL or OPENAI_API_KEY.',
    );
  }
  const taskModel = new TaskModel({
    store,
    model: access.model,
    taskId: task.id,
    terms,
    calls: submission.budget.modelCalls,
    holder: { stepId: step.id, attempt: step.attempt },
    signal: context.signal,
    now: context.now,
  });
  const models = terms.roles.designer.models.map(({ model, weight }) => ({ name: model, weight }));
  const options = submission.model;
  const ownFitness = submission.fitness !== undefined;
  const plan = planDesigns(submission.search, models, options.bandit, generation, rows, members);
  const { tunes, arms } = plan;
  // Designs keep their share of what may be proposed: tries at numbers that come to nothing must not use it up.
  const tuned = await proposeTuned(tunes[0]?.parent, tunes.length, known, request.most - plan.slots.length, {
    rows,
    environment,
    search: submission.search,
    generation,
    critique: request.critique,
  });
  const filled = tuned.flatMap(({ accepted }) => accepted ?? []);
  // A parent without numbers, or whose numbers change nothing, is refined by a model.
  const slots = [...plan.slots, ...tunes.slice(filled.length).map(({ otherwise }) => otherwise)];
  const common = commonInputs(task, environment, access);
  const episodesOf = await episodeReader(task.id, store);
  const used = new Set(slots.flatMap(({ parents }) => parents));
  const parents = rows.filter((row) => used.has(row.id));
  const { seed: searchSeed } = submission.search;
  const analysts = submission.search.reflection === 'taxonomy' ? terms.roles.analyzer.models : [];
  const modelFor = (row: CandidateRow) => drawModel(analysts, searchSeed, 'analyzer', row.generation, row.index) ?? '';
  const explained =
    !options.summarise || analysts.length === 0
      ? { explanations: new Map<string, Explanation>(), cap: undefined }
      : await explain(parents, {
          prompts: access.prompts,
          form: access.forms.summary,
          common,
          environment,
          ownFitness,
          taskModel,
          modelFor,
          episodesOf,
        });
  const { explanations } = explained;
  if (explained.cap !== undefined) return { proposals: [], explanations, arms, cap: explained.cap };
  const { seed } = request.critique;
  const pairs = submission.fitness === undefined ? await successPairs(environment, task.tenant, seed, sandbox) : [];
  const withExplanation = (row: CandidateRow): CandidateRow => {
    const explanation = explanations.get(row.id);
    return explanation === undefined ? row : { ...row, explanation };
  };
  const { proposals, cap } = await designGeneration({
    generation,
    slots,
    // What tuning makes is trained, too.
    most: request.most - tuned.length,
    trainable: request.trainable - filled.length,
    prompts: access.prompts,
    forms: access.forms,
    common,
    taskModel,
    critique: { ...request.critique, pairs },
    known: {
      ...known,
      hashes: new Set([...known.hashes, ...filled.map(({ program }) => program.hash)]),
      behaviours: new Set([...known.behaviours, ...filled.map(({ behaviour }) => behaviour)]),
    },
    parents: new Map(
      parents.flatMap((row) => {
        const parent = evaluatedParent(withExplanation(row), submission.search.reflection, ownFitness);
        return parent === undefined ? [] : [[row.id, parent]];
      }),
    ),
    tried: (shown) => triedBefore(rows, shown),
    start: {
      reward: options.startReward === undefined ? undefined : untrusted(options.startReward),
      words: options.words === undefined ? undefined : untrusted(options.words),
    },
    repairs: options.repairs,
    reviewerFor: (...place) =>
      options.review ? drawModel(terms.roles.critic.models, searchSeed, 'critic', generation, ...place) : undefined,
  });
  return { proposals: [...proposals, ...tuned], explanations, arms, cap };
}
