import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { mean } from '../mean.ts';
import { shapedRewards } from '../shaped-rewards.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';

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
  /** Mean processor seconds of a run, which other work on the machine hardly changes. */
  readonly cpuSeconds: number;
  readonly stepsPerSecond: number;
  /** Share of the seconds that was spent in the reward. */
  readonly labellingShare: number;
}

const EVALUATION_EPISODES = 40;
const SEEDS = 5;
/** The default budget, and one that is too small to judge by. */
const BUDGETS = [1, 0.3];

/** Names of the environments to measure, separated by commas; all when the variable is absent. */
const chosen = process.env['REWARDSMITH_BENCH_ENVIRONMENTS']?.split(',');

/** Names of the options of `run`. */
export const takes: readonly string[] = [];

/**
 * Trains on the sparse reward, the human reward and a hand-written shaping reward, each in the sandbox, and measures by the
 * task's own fitness on episodes that nothing was trained or chosen on. The figures of docs/decisions/0002-policy-search.md.
 */
export async function run(): Promise<{ rows: readonly TrainingRow[]; rankAgreement: RankAgreement }> {
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  try {
    const rows: TrainingRow[] = [];
    for (const budget of BUDGETS) {
      for (const environment of builtinEnvironments.values()) {
        if (chosen?.includes(environment.definition.name) === false) continue;
        const shaped = shapedRewards.get(environment.definition.name);
        const rewards = [
          ['sparse', environment.sparseReward],
          ['human', environment.humanReward],
          ...(shaped === undefined ? [] : [['shaped', shaped] as const]),
        ] as const;
        for (const [reward, source] of rewards) rows.push(await measure(sandbox, environment, reward, source, budget));
      }
    }
    return { rows, rankAgreement: rankAgreement(rows) };
  } finally {
    await sandbox.close();
  }
}

/** Kendall's tau between the orders that two budgets give the rewards of an environment: 1 the same, -1 reversed. */
type RankAgreement = Readonly<Record<string, number>>;

function rankAgreement(rows: readonly TrainingRow[]): RankAgreement {
  const names = [...new Set(rows.map(({ environment }) => environment))];
  const agreements = names.map((name) => {
    const own = rows.filter(({ environment }) => environment === name);
    const most = Math.max(...own.map(({ environmentSteps }) => environmentSteps));
    const full = own.filter(({ environmentSteps }) => environmentSteps === most);
    const short = own.filter(({ environmentSteps }) => environmentSteps !== most);
    return [name, kendall(full.map((row) => [row.meanFitness, fitnessOf(short, row.reward)]))] as const;
  });
  return { ...Object.fromEntries(agreements), mean: mean(agreements.map(([, tau]) => tau)) };
}

function fitnessOf(rows: readonly TrainingRow[], reward: string): number {
  return rows.find((row) => row.reward === reward)?.meanFitness ?? Number.NaN;
}

/** Concordant less discordant pairs, as a share of all pairs (Kendall 1938); a tie counts for neither. */
function kendall(points: readonly (readonly [number, number])[]): number {
  const pairs = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => Math.sign((x - otherX) * (y - otherY))),
  );
  return pairs.reduce((sum, sign) => sum + sign, 0) / pairs.length;
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
  let cpuMilliseconds = 0;
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
    cpuMilliseconds += outcome.usage.cpuMilliseconds;
  }
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
    cpuSeconds: cpuMilliseconds / 1000 / runs.length,
    stepsPerSecond: mean(runs.map((each) => each.environmentSteps)) / seconds,
    labellingShare: mean(runs.map((each) => each.labellingSeconds)) / seconds,
  };
}
