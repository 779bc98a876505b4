import { type Checkpoint, Environment, type LabelledEpisode, type TrainingRun } from '@rewardsmith/contracts';

/** One bounded field, one bounded force. */
export const environment = Environment.parse({
  name: 'test',
  observation: [{ name: 'position', shape: [], unit: 'm', low: -1, high: 1 }],
  action: { kind: 'continuous', shape: [1], low: -1, high: 1, names: ['force'] },
  maxEpisodeSteps: 100,
});

export function checkpoint(
  value: number,
  fitness: number,
  components: Record<string, number> = { progress: value },
): Checkpoint {
  return {
    environmentSteps: 0,
    return: value,
    fitness,
    episodeLength: 50,
    components: Object.fromEntries(
      Object.entries(components).map(([name, mean]) => [name, { mean, min: mean, max: mean, standardDeviation: 0 }]),
    ),
  };
}

export function run(patch: Partial<TrainingRun> = {}): TrainingRun {
  return {
    seed: 1,
    environmentSteps: 1000,
    evaluationSteps: 0,
    fitness: 1,
    episodes: 32,
    successRate: 1,
    episodeLength: 50,
    return: 1,
    checkpoints: [],
    seconds: 1,
    labellingSeconds: 0.1,
    ...patch,
  };
}

/** An episode whose position, force and one component are given step by step. */
export function episode(position: number[], patch: Partial<LabelledEpisode> = {}): LabelledEpisode {
  return {
    seed: 1,
    fitness: 0,
    succeeded: false,
    terminated: false,
    columns: { 'next.position': position, 'action[0]': position.map((_, step) => Math.sin(step) / 2) },
    components: { progress: position.map((value) => value / 2) },
    ...patch,
  };
}
