import { Finding, TrainingRun } from '@rewardsmith/contracts';
import { z } from 'zod';

/** What is trained on: a candidate of the task, or one of the environment's own rewards for comparison. */
export const Subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('candidate'), candidateId: z.string() }),
  z.object({ kind: z.literal('sparse') }),
  z.object({ kind: z.literal('human') }),
]);
export type Subject = z.infer<typeof Subject>;

/** `search` ranks candidates, `confirmation` chooses between finalists, `held-out` closes the task. */
export const Purpose = z.enum(['search', 'confirmation', 'held-out']);
export type Purpose = z.infer<typeof Purpose>;

/** What a durable step of a task does. */
export const StepInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('propose'), generation: z.int() }),
  /** Compares what rewards pay with what other rewards' policies do: after a generation, or, with null, at the end. */
  z.object({ kind: z.literal('judge'), generation: z.int().nullable() }),
  z.object({ kind: z.literal('train'), purpose: Purpose, subject: Subject, seedIndex: z.int() }),
]);
export type StepInput = z.infer<typeof StepInput>;

export function subjectName(subject: Subject): string {
  return subject.kind === 'candidate' ? subject.candidateId : subject.kind;
}

/** One key a piece of work within a task: inserting a step twice is inserting it once. */
export function stepKey(input: StepInput): string {
  switch (input.kind) {
    case 'propose':
      return `propose/${input.generation}`;
    case 'judge':
      return `judge/${input.generation ?? 'closing'}`;
    case 'train':
      return `${trainingPrefix(input.purpose, subjectName(input.subject))}${input.seedIndex}`;
  }
}

/** What the keys of one subject's trainings of one phase begin with. */
export function trainingPrefix(purpose: Purpose, subject: string): string {
  return `train/${purpose}/${subject}/`;
}

/** What the keys of the steps begin with that end a task. */
export const endPrefixes = ['train/confirmation/', 'train/held-out/', 'judge/closing'] as const;

/** What a finished step leaves behind. */
export const StepResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('proposed'), accepted: z.int(), refused: z.int() }),
  /** What speaks against the best candidate; nothing after a generation, whose candidates carry it themselves. */
  z.object({ kind: z.literal('judged'), flags: z.array(Finding) }),
  z.object({ kind: z.literal('trained'), run: TrainingRun, findings: z.array(Finding) }),
  /** The reward's own fault; it has a reason and no score. */
  z.object({ kind: z.literal('faulted'), fault: z.object({ kind: z.string(), message: z.string() }) }),
  /** The candidate had failed, or the task had ended, before the step began. */
  z.object({ kind: z.literal('skipped') }),
]);
export type StepResult = z.infer<typeof StepResult>;
