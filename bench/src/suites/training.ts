import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { shapedRewards } from '../shaped-rewards.ts';

/** One reward trained from several seeds in one environment. */
export interface TrainingRow {
  readonly environment: string;
  readonly reward: string;
  readonly environmentSteps: number;
  /** One mean episode fitness a training seed. */
  readonly fitness: readonly number[];
  readonly meanFitness: number;
  readonly successRate: number;
  /** Mean wall-clock seconds of a run. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Share of the seconds that was spent in the reward. */
  readonly labellingShare: number;
}

const EVALUATION_EPISODES = 40;
const SEEDS = 5;
/** The default budget, and one that is too small to judge by. */
const BUDGETS = [1, 0.3];

/**
 * Trains on the sparse reward, the human reward and a hand-written shaping reward, each in the sandbox, and measures by the
 * task's own fitness on episodes that nothing was trained or chosen on. The figures of docs/decisions/0002-policy-search.md.
 */
export async function run(): Promise<{ rows: readonly TrainingRow[] }> {
  const sandbox = await createSandbox();
  try {
    const rows: TrainingRow[] = [];
    for (const budget of BUDGETS) {
      for (const environment of builtinEnvironments.values()) {
        const shaped = shapedRewards.get(environment.definition.name);
        const rewards = [
          ['sparse', environment.sparseReward],
          ['human', environment.humanReward],
          ...(shaped === undefined ? [] : [['shaped', shaped] as const]),
        ] as const;
        for (const [reward, source] of rewards) rows.push(await measure(sandbox, environment, reward, source, budget));
      }
    }
    return { rows };
  } finally {
    await sandbox.close();
  }
}

async function measure(
  sandbox: Sandbox,
  environment: BuiltinEnvironment,
  reward: string,
  source: string,
  budget: number,
): Promise<TrainingRow> {
  const environmentSteps = Math.round(environment.training.environmentSteps * budget);
  const runs = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const outcome = await sandbox.train({
      tenant: 'bench',
      environment: environment.definition.name,
      reward: source,
      fitness: environment.fitness,
      environmentSteps,
      seed,
      evaluation: { seed: 100_000 + seed, episodes: EVALUATION_EPISODES },
    });
    if (outcome.kind !== 'ok') throw new Error(`${environment.definition.name}, ${reward}: ${JSON.stringify(outcome)}`);
    runs.push(outcome.value.run);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const fitness = runs.map((each) => each.fitness);
  const seconds = mean(runs.map((each) => each.seconds));
  return {
    environment: environment.definition.name,
    reward,
    environmentSteps,
    fitness,
    meanFitness: mean(fitness),
    successRate: mean(runs.map((each) => each.successRate)),
    seconds,
    stepsPerSecond: mean(runs.map((each) => each.environmentSteps)) / seconds,
    labellingShare: mean(runs.map((each) => each.labellingSeconds)) / seconds,
  };
}
