import { columnName, type Environment, type Fitness, fieldSize, type LabelledEpisode } from '@rewardsmith/contracts';
import { type Labels, labelColumn, type Rollout } from '@rewardsmith/rollouts';
import type { Labeller } from './labeller.ts';

/** One episode in numbers. */
export interface EpisodeSummary {
  readonly length: number;
  readonly fitness: number;
  readonly succeeded: boolean;
  /** Episode sums of the reward's components, by name. */
  readonly components: ReadonlyMap<string, number>;
  /** Episode sum of the reward's total. */
  readonly return: number;
}

/** The reward's, the fitness's and the success condition's labels of one rollout. */
export interface EpisodeLabels {
  readonly reward: Labels;
  readonly fitness: Labels;
  readonly success: Labels;
}

/** Every episode of a rollout in numbers; `spans` has the first row of each and the row after its last. */
export function summarise(
  spans: readonly (readonly [from: number, to: number])[],
  labels: EpisodeLabels,
  aggregate: Fitness['aggregate'],
): EpisodeSummary[] {
  const total = labelColumn(labels.reward, 'total');
  const fitness = labelColumn(labels.fitness, 'total');
  const success = labelColumn(labels.success, 'total');
  return spans.map(([from, to]) => {
    return {
      length: to - from,
      fitness: aggregates[aggregate](fitness.subarray(from, to)),
      succeeded: success.subarray(from, to).some((value) => value > 0),
      components: new Map(
        labels.reward.names
          .filter((name) => name !== 'total')
          .map((name) => [name, sum(labelColumn(labels.reward, name).subarray(from, to))]),
      ),
      return: sum(total.subarray(from, to)),
    };
  });
}

/** One episode with every column, as it was before it was labelled, and every component, one entry a step. */
export function labelledEpisode(
  rollout: Rollout,
  episode: number,
  label: Labeller,
  about: Pick<LabelledEpisode, 'seed' | 'fitness' | 'succeeded' | 'dynamics'>,
): LabelledEpisode {
  const [from, to] = rollout.span(episode);
  const terminated = rollout.column({ role: 'terminated', field: '', index: 0 });
  const recorded = {
    terminated: terminated[to - 1] === 1,
    columns: Object.fromEntries(
      rollout.layout.map((reference, index) => [
        columnName(reference, isScalar(rollout.environment, reference.role, reference.field)),
        Array.from(rollout.columns[index]?.subarray(from, to) ?? []),
      ]),
    ),
  };
  const labels = label(rollout);
  return {
    ...about,
    ...recorded,
    components: Object.fromEntries(
      labels.names.map((name) => [name, Array.from(labelColumn(labels, name).subarray(from, to))]),
    ),
  };
}

/** Whether a column is written without an index: scalar fields, discrete actions and the flags. */
function isScalar(environment: Environment, role: string, name: string): boolean {
  if (role === 'action') return environment.action.kind === 'discrete';
  const field = environment.observation.find((entry) => entry.name === name);
  return field === undefined || (field.shape.length === 0 && fieldSize(field) === 1);
}

const aggregates: Record<Fitness['aggregate'], (steps: Float64Array) => number> = {
  sum,
  mean: (steps) => sum(steps) / steps.length,
  max: (steps) => steps.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY),
  last: (steps) => steps.at(-1) ?? 0,
};

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] ?? 0;
  return total;
}
