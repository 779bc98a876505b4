import { z } from 'zod';
import { Operator } from './candidate.ts';
import { FinalMeasurement, FitnessEstimate, Spending, StopReason } from './task.ts';

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
  }),
  z.object({
    type: z.literal('candidate.refused'),
    candidateId: z.string(),
    generation: z.int(),
    index: z.int(),
    operator: Operator,
    reason: z.string(),
  }),
  z.object({
    /** Trained on its first seed; a race decides whether it is trained on the others. */
    type: z.literal('candidate.screened'),
    candidateId: z.string(),
    generation: z.int(),
    fitness: FitnessEstimate,
    spending: Spending,
  }),
  z.object({
    type: z.literal('race.decided'),
    generation: z.int(),
    /** Candidates that are trained on their other seeds, best first. */
    promoted: z.array(z.string()),
    heldBack: z.int(),
  }),
  z.object({
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
    type: z.literal('generation.finished'),
    generation: z.int(),
    bestCandidateId: z.string().nullable(),
    bestFitness: z.number().nullable(),
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
    type: z.literal('task.completed'),
    bestCandidateId: z.string(),
    stopReason: StopReason,
    final: FinalMeasurement,
    spending: Spending,
  }),
  z.object({ type: z.literal('task.failed'), stopReason: StopReason, failure: z.string() }),
  z.object({ type: z.literal('task.cancelled') }),
]);
export type TaskEventBody = z.infer<typeof TaskEventBody>;

export const TaskEvent = z
  .intersection(TaskEventBody, z.object({ sequence: z.int(), taskId: z.string(), at: z.iso.datetime() }))
  .meta({ id: 'TaskEvent' });
export type TaskEvent = z.infer<typeof TaskEvent>;
