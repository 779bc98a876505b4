import type { TrainingRun } from '@rewardsmith/contracts';
import { correlation } from './analysis.ts';
import { limits } from './limits.ts';

/** One component over the checkpoints of one training run. Arrays have one entry a checkpoint. */
export interface ComponentFacts {
  readonly name: string;
  readonly mean: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** Share of the summed variance of all components, in [0, 1]; 0 when nothing varies. */
  readonly share: readonly number[];
  /** Pearson's correlation of the mean with fitness over checkpoints; 0 when either does not vary. */
  readonly correlation: number;
}

/** What training did, checkpoint by checkpoint: Eureka's reward reflection (arXiv 2310.12931, section 3.3), with shares. */
export interface TrainingFacts {
  readonly environmentSteps: readonly number[];
  readonly fitness: readonly number[];
  readonly return: readonly number[];
  readonly episodeLength: readonly number[];
  readonly components: readonly ComponentFacts[];
}

/** The facts of one training run; components in the order of the reward. */
export function trainingFacts({ checkpoints }: TrainingRun): TrainingFacts {
  const fitness = checkpoints.map((checkpoint) => checkpoint.fitness);
  const names = Object.keys(checkpoints[0]?.components ?? {});
  const variances = checkpoints.map(({ components }) =>
    Object.values(components).reduce((sum, { standardDeviation }) => sum + standardDeviation ** 2, 0),
  );
  return {
    environmentSteps: checkpoints.map((checkpoint) => checkpoint.environmentSteps),
    fitness,
    return: checkpoints.map((checkpoint) => checkpoint.return),
    episodeLength: checkpoints.map((checkpoint) => checkpoint.episodeLength),
    components: names.map((name) => {
      const of = (key: 'mean' | 'min' | 'max' | 'standardDeviation') =>
        checkpoints.map(({ components }) => components[name]?.[key] ?? 0);
      const mean = of('mean');
      return {
        name,
        mean,
        min: of('min'),
        max: of('max'),
        share: of('standardDeviation').map((deviation, index) => {
          const total = variances[index] ?? 0;
          return total === 0 ? 0 : deviation ** 2 / total;
        }),
        correlation: correlation(mean, fitness),
      };
    }),
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The whole run whose fitness is the median, the upper of two: the candidate as it usually is. Short ones say nothing beside whole ones. */
export function typicalRun(runs: readonly TrainingRun[]): TrainingRun | undefined {
  const longest = Math.max(...runs.map(({ environmentSteps }) => environmentSteps));
  const whole = runs.filter(({ environmentSteps }) => environmentSteps >= limits.wholeShare * longest);
  return whole.toSorted((a, b) => a.fitness - b.fitness)[Math.floor(whole.length / 2)];
}

/** Facts as prompts and terminals show them: episode sums per component over training, of the typical run. */
export function factsText(runs: readonly TrainingRun[]): string {
  const run = typicalRun(runs);
  if (run === undefined || run.checkpoints.length === 0) return '';
  const facts = trainingFacts(run);
  const list = (values: readonly number[]) => values.map(short).join(', ');
  const lines = facts.components.map(({ name, mean, min, max, share, correlation: linked }) => {
    const last = (values: readonly number[]) => short(values.at(-1) ?? 0);
    return `- \`${name}\`: mean [${list(mean)}]; at the end from ${last(min)} to ${last(max)}, ${short(100 * (share.at(-1) ?? 0))}% of the variance; correlation with fitness ${short(linked)}`;
  });
  return [
    `Values at ${facts.environmentSteps.length} checkpoints of training, from ${short(facts.environmentSteps[0] ?? 0)} to ${short(facts.environmentSteps.at(-1) ?? 0)} environment steps. Components are summed over an episode.`,
    '',
    `- fitness: [${list(facts.fitness)}]`,
    `- return: [${list(facts.return)}]`,
    `- episode length: [${list(facts.episodeLength)}]`,
    ...lines,
  ].join('\n');
}
