import { z } from 'zod';
import { TrainingRun } from './evaluation.ts';
import { Finding } from './finding.ts';
import { CriticStage, Design, Explanation } from './model.ts';
import { FinalMeasurement, FitnessEstimate, StageSpending } from './task.ts';

/**
 * `screened`: trained on its first seed only, by a short training, since the race held it back; it may be a parent, not the best.
 * `evaluated`: trained in full, on one seed at least; its fitness is that of the whole trainings.
 */
export const CandidateStatus = z.enum(['accepted', 'refused', 'screened', 'evaluated', 'failed']);
export type CandidateStatus = z.infer<typeof CandidateStatus>;

/** How a candidate came to be; `given` is the reward that a task starts from. */
export const Operator = z.enum([
  'initial',
  'add',
  'drop',
  'rescale',
  'swap',
  'tune',
  'crossover',
  'refine',
  'rewrite',
  'given',
]);
export type Operator = z.infer<typeof Operator>;

/** A reward program in a task, with where it came from and what became of it. */
export const Candidate = z
  .object({
    id: z.string(),
    taskId: z.string(),
    generation: z.int(),
    index: z.int(),
    operator: Operator,
    parents: z.array(z.string()),
    status: CandidateStatus,
    source: z.string(),
    /** Why the designer proposed it. */
    thought: z.string(),
    /** Hash of the program's normal form. */
    hash: z.string().nullable(),
    components: z.array(z.string()),
    params: z.record(z.string(), z.number()),
    /** What language and critic said, refusals first. */
    critique: z.array(Finding),
    /** What the analyzer found in the trained policy's episodes. */
    findings: z.array(Finding),
    fitness: FitnessEstimate.nullable(),
    /** Why there is no fitness, when the candidate failed in the sandbox. */
    failure: z.object({ kind: z.string(), message: z.string() }).nullable(),
    runs: z.array(TrainingRun),
    /** The stage of the critic that refused it. */
    refusedBy: CriticStage.nullable(),
    /** How a model came to propose it; null for the grammar designer's. */
    design: Design.nullable(),
    /** Why its policies behave as they do, when a model has said so. */
    explanation: Explanation.nullable(),
    /** What it has cost, by stage; its model calls are those of its design, its review and its explanation. */
    stages: z.array(StageSpending),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof Candidate>;

/** A candidate as lists show it. */
export const CandidateSummary = Candidate.omit({
  source: true,
  runs: true,
  params: true,
  critique: true,
  findings: true,
  explanation: true,
  stages: true,
}).meta({ id: 'CandidateSummary' });
export type CandidateSummary = z.infer<typeof CandidateSummary>;

function step<N extends z.ZodType>(number: N) {
  const fields = z.record(z.string(), z.union([number, z.boolean(), z.array(number)]));
  const flags = { terminated: z.boolean(), truncated: z.boolean() };
  return z.object({ obs: fields, action: z.union([number, z.array(number)]), next: fields, ...flags });
}

/** One recorded step in JSON. */
export const RecordedStep = step(z.number());
export type RecordedStep = z.infer<typeof RecordedStep>;

/** A number in JSON, which has no NaN, no infinities and no negative zero: they are given by name. */
export const AnyNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0'])]);

/**
 * Steps that go every way of a program, with the components that the sandbox computed for them, so that a trainer can
 * check its copy: what an exported module's own check reads. Steps of one episode stand together.
 */
export const Parity = z
  .object({
    environment: z.string(),
    entry: z.enum(['reward', 'success']),
    components: z.array(z.string()),
    params: z.record(z.string(), z.number()),
    /** Ways of the program that were found, and how many of them the steps go. */
    branches: z.object({ found: z.int(), covered: z.int() }),
    episodes: z.array(
      z.array(
        z.object({
          input: step(AnyNumber),
          components: z.record(z.string(), AnyNumber),
          total: AnyNumber,
          /** Of outputs whose terms cancel at this step: how large the terms are. */
          scale: z.record(z.string(), z.number()).optional(),
        }),
      ),
    ),
  })
  .meta({ id: 'Parity' });
export type Parity = z.infer<typeof Parity>;

export const ExportTarget = z.enum(['javascript', 'python', 'numpy', 'torch']);
export type ExportTarget = z.infer<typeof ExportTarget>;

/** The answer of `GET /v1/tasks/{id}/reward`. */
export const RewardExport = z
  .object({
    taskId: z.string(),
    candidateId: z.string(),
    target: ExportTarget,
    /** The program in the reward language. */
    source: z.string(),
    /** Text in the target's language, ready to save. */
    code: z.string(),
    components: z.array(z.string()),
    params: z.record(z.string(), z.number()),
    /** On the search's own seeds. */
    fitness: FitnessEstimate,
    /** On held-out seeds; null until the task has completed. */
    final: FinalMeasurement.nullable(),
    /** The candidate's ancestors, parents first. */
    lineage: z.array(
      z.object({
        id: z.string(),
        generation: z.int(),
        operator: Operator,
        parents: z.array(z.string()),
        fitness: z.number().nullable(),
      }),
    ),
    parity: Parity,
  })
  .meta({ id: 'RewardExport' });
export type RewardExport = z.infer<typeof RewardExport>;
