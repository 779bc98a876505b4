import { z } from 'zod';
import { Operator } from './candidate.ts';
import { Finding } from './finding.ts';
import { Explanation, ModelCost, Pause } from './model.ts';
import { FinalMeasurement, FitnessEstimate, Spending, StopReason } from './task.ts';

/** What an event tells of a proposal beside where it stands. */
const proposal = {
  thought: z.string(),
  /** The model and the brief that it was asked with, and what that cost; absent for the grammar designer. */
  model: z.string().optional(),
  brief: z.string().optional(),
  cost: ModelCost.optional(),
  /** The slot of its generation, which repair of it (0 for none), and which program of its answer. */
  slot: z.int().optional(),
  attempt: z.int().optional(),
  stage: z.int().optional(),
};

/** What a task's event stream carries; `sequence` counts from 1 within the task and is the event stream's id. */
export const TaskEventBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task.submitted') }),
  z.object({ type: z.literal('task.started') }),
  z.object({
    type: z.literal('generation.started'),
    generation: z.int(),
    proposed: z.int(),
    refused: z.int(),
  }),
  z.object({
    type: z.literal('candidate.accepted'),
    candidateId: z.string(),
    generation: z.int(),
    index: z.int(),
    operator: Operator,
    ...proposal,
  }),
  z.object({
    type: z.literal('candidate.refused'),
    candidateId: z.string(),
    generation: z.int(),
    index: z.int(),
    operator: Operator,
    reason: z.string(),
    critique: z.array(Finding),
    ...proposal,
  }),
  z.object({
    /** Trained on its first seed, by a short training; a race decides whether it is trained in full on another. */
    type: z.literal('candidate.screened'),
    candidateId: z.string(),
    generation: z.int(),
    fitness: FitnessEstimate,
    spending: Spending,
  }),
  z.object({
    type: z.literal('race.decided'),
    generation: z.int(),
    /** Candidates that are trained in full on a second seed, best first. */
    promoted: z.array(z.string()),
    heldBack: z.int(),
    /** The best candidate so far, when it is trained on one more of its seeds. */
    again: z.string().optional(),
  }),
  z.object({
    /** Trained in full; said again when it was trained on one more seed. */
    type: z.literal('candidate.evaluated'),
    candidateId: z.string(),
    generation: z.int(),
    fitness: FitnessEstimate,
    spending: Spending,
  }),
  z.object({
    type: z.literal('candidate.failed'),
    candidateId: z.string(),
    generation: z.int(),
    reason: z.string(),
    spending: Spending,
  }),
  z.object({
    /** What a candidate's reward pays, seen beside other rewards' policies, speaks against it. */
    type: z.literal('candidate.flagged'),
    candidateId: z.string(),
    /** The generation after which it was judged. */
    generation: z.int(),
    findings: z.array(Finding),
  }),
  z.object({ type: z.literal('final.started'), trainings: z.int() }),
  z.object({
    type: z.literal('final.measured'),
    /** `confirmation` chooses between finalists; `held-out` is the closing comparison. */
    purpose: z.enum(['confirmation', 'held-out']),
    /** A candidate's id, `sparse` or `human`. */
    subject: z.string(),
    seed: z.int(),
    fitness: z.number(),
    spending: Spending,
  }),
  z.object({
    /** A closing training that gave no policy, for the reward's own fault. */
    type: z.literal('final.failed'),
    purpose: z.enum(['confirmation', 'held-out']),
    subject: z.string(),
    seed: z.int(),
    reason: z.string(),
    spending: Spending,
  }),
  z.object({
    type: z.literal('task.completed'),
    bestCandidateId: z.string(),
    stopReason: StopReason,
    final: FinalMeasurement,
    spending: Spending,
  }),
  z.object({ type: z.literal('task.failed'), stopReason: StopReason, failure: z.string() }),
  z.object({ type: z.literal('task.cancelled') }),
  z.object({ type: z.literal('task.paused'), pause: Pause }),
  z.object({
    type: z.literal('task.resumed'),
    /** Models of the roles from here on, where the operator's terms have changed since the task was submitted. */
    models: z.array(z.string()).optional(),
  }),
  z.object({
    type: z.literal('model.called'),
    /** What was asked, as `designer.refine`, and where in the task. */
    purpose: z.string(),
    key: z.string(),
    model: z.string(),
    outcome: z.string(),
    cost: ModelCost,
    spending: Spending,
  }),
  z.object({ type: z.literal('candidate.explained'), candidateId: z.string(), explanation: Explanation }),
]);
export type TaskEventBody = z.infer<typeof TaskEventBody>;

export const TaskEvent = z
  .intersection(TaskEventBody, z.object({ sequence: z.int(), taskId: z.string(), at: z.iso.datetime() }))
  .meta({ id: 'TaskEvent' });
export type TaskEvent = z.infer<typeof TaskEvent>;
