import { z } from 'zod';

/** Mean, minimum, maximum and standard deviation of a component's episode sums at one checkpoint. */
export const ComponentStatistics = z.object({
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  standardDeviation: z.number(),
});
export type ComponentStatistics = z.infer<typeof ComponentStatistics>;

/** One of about ten looks at training: the policy that was best by then, over selection episodes. */
export const Checkpoint = z.object({
  environmentSteps: z.number(),
  /** Mean episode return of the reward that is trained on. */
  return: z.number(),
  fitness: z.number(),
  episodeLength: z.number(),
  components: z.record(z.string(), ComponentStatistics),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** One trained policy under dynamics that it was not trained on. */
export const VariedMeasurement = z.object({
  /** Mean episode fitness over all variations. */
  fitness: z.number(),
  successRate: z.number(),
  /** Episodes in all, the same number a variation. */
  episodes: z.int(),
  variations: z.array(
    z.object({
      /** The numbers of the simulator, by name. */
      dynamics: z.record(z.string(), z.number()),
      fitness: z.number(),
    }),
  ),
});
export type VariedMeasurement = z.infer<typeof VariedMeasurement>;

/** One policy trained on one reward from one seed. */
export const TrainingRun = z
  .object({
    seed: z.int(),
    /** Steps of the search, its choice among policies included. */
    environmentSteps: z.number(),
    /** Steps that measured the chosen policy, not among `environmentSteps`; absent in runs of versions that did not count them. */
    evaluationSteps: z.number().optional(),
    fitness: z.number(),
    /** Fitness of a policy whose weights are all zero, before any training: what doing nothing is worth. */
    untrainedFitness: z.number().optional(),
    episodes: z.int(),
    successRate: z.number(),
    episodeLength: z.number(),
    return: z.number(),
    /**
     * Digest of the policies that the search kept at its looks: rewards with one digest from one seed and length have ranked its policies alike
     * so far, and may part ways in a longer training. Absent in runs of versions that did not take it.
     */
    path: z.string().optional(),
    /** Absent where it was not measured: of a candidate's trainings, those of the search. */
    varied: VariedMeasurement.optional(),
    checkpoints: z.array(Checkpoint),
    seconds: z.number(),
    /** The part of `seconds` spent in the sandboxed reward. */
    labellingSeconds: z.number(),
  })
  .meta({ id: 'TrainingRun' });
export type TrainingRun = z.infer<typeof TrainingRun>;

/** An episode of the trained policy with the reward's components beside it; every array has one entry a step. */
export const LabelledEpisode = z.object({
  /** The episode's seed. */
  seed: z.int(),
  fitness: z.number(),
  succeeded: z.boolean(),
  /** Numbers of the simulator that were others than the published ones; absent under published dynamics. */
  dynamics: z.record(z.string(), z.number()).optional(),
  terminated: z.boolean(),
  /** Keyed by column name, as `next.position[2]`. */
  columns: z.record(z.string(), z.array(z.number())),
  components: z.record(z.string(), z.array(z.number())),
});
export type LabelledEpisode = z.infer<typeof LabelledEpisode>;
