import { appendFile, readFile } from 'node:fs/promises';
import { createGrammarDesigner } from '@rewardsmith/designer';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { z } from 'zod';
import { mean } from '../mean.ts';
import { listed, numberOf } from '../options.ts';
import { plantedHacks } from '../planted-hacks.ts';
import { kendall, spearman } from '../rank-agreement.ts';
import { shapedRewards } from '../shaped-rewards.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';

const SEEDS = 3;
/** Rewards an environment, filled up with the grammar designer's. */
const REWARDS = 12;
/** The measure of a share that is good enough to drop candidates by. */
const GOOD_TAU = 0.6;
const EVALUATION_EPISODES = 40;
const DEFAULT_MINUTES = 9;

/** One training: fitness of the policy that was best by then at each tenth of the budget, and of the chosen one at the end. */
const Row = z.object({
  environment: z.string(),
  reward: z.string(),
  seed: z.int(),
  checkpoints: z.array(z.object({ share: z.number(), fitness: z.number() })),
  fitness: z.number(),
  seconds: z.number(),
});
type Row = z.infer<typeof Row>;

interface Wanted {
  readonly environment: BuiltinEnvironment;
  readonly reward: string;
  readonly source: string;
  readonly seed: number;
}

const key = (row: { environment: string; reward: string; seed: number }) =>
  `${row.environment}/${row.reward}/${row.seed}`;

/** Human, sparse and hand-written rewards, planted hacks, and what the grammar designer draws. */
async function rewardsOf(environment: BuiltinEnvironment): Promise<readonly (readonly [string, string])[]> {
  const { definition, success, fitness, sparseReward, humanReward } = environment;
  const shaped = shapedRewards.get(definition.name);
  const given: (readonly [string, string])[] = [
    ['sparse', sparseReward],
    ['human', humanReward],
    ...(shaped === undefined ? [] : [['shaped', shaped] as const]),
    ...plantedHacks
      .filter((hack) => hack.environment === definition.name)
      .map(({ name, source }) => [name, source] as const),
  ];
  const designer = createGrammarDesigner();
  for (let index = 0; given.length < REWARDS; index += 1) {
    const { source } = await designer.propose({
      environment: definition,
      success,
      fitness,
      description: definition.description,
      operator: 'initial',
      parents: [],
      seed: 1_000 + index,
      generation: 0,
      index,
      forms: {},
      reflection: 'none',
      flat: false,
    });
    given.push([`grammar ${index + 1}`, source]);
  }
  return given;
}

async function train(sandbox: Sandbox, { environment, reward, source, seed }: Wanted): Promise<Row> {
  const { environmentSteps } = environment.training;
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
  const { run } = outcome.value;
  return {
    environment: environment.definition.name,
    reward,
    seed,
    checkpoints: run.checkpoints.map((each) => ({
      share: each.environmentSteps / environmentSteps,
      fitness: each.fitness,
    })),
    fitness: run.fitness,
    seconds: run.seconds,
  };
}

async function stored(path: string | undefined): Promise<readonly Row[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
}

/**
 * Agreement between one training cut off at a share of its budget and whole trainings from the other seeds, over rewards and
 * averaged over which seed is the short one: what a candidate's first, short look says of its fitness.
 */
function agreementAt(rows: readonly Row[], share: number): { tau: number; rho: number } {
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  const rewards = [...new Set(rows.map(({ reward }) => reward))];
  const each = seeds.map((seed) => {
    const points = rewards.flatMap((reward): readonly (readonly [number, number])[] => {
      const own = rows.filter((row) => row.reward === reward);
      const first = own.find((row) => row.seed === seed);
      const others = own.filter((row) => row.seed !== seed).map(({ fitness }) => fitness);
      const look = first?.checkpoints.find((checkpoint) => checkpoint.share >= share - 0.005);
      const short = share >= 1 ? first?.fitness : look?.fitness;
      return short === undefined || others.length === 0 ? [] : [[short, mean(others)]];
    });
    return { tau: kendall(points), rho: spearman(points) };
  });
  return { tau: mean(each.map(({ tau }) => tau)), rho: mean(each.map(({ rho }) => rho)) };
}

function figures(rows: readonly Row[]) {
  const names = [...new Set(rows.map(({ environment }) => environment))];
  return names.map((environment) => {
    const own = rows.filter((row) => row.environment === environment);
    const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const taus = shares.map((share) => ({ share, ...agreementAt(own, share) }));
    return {
      environment,
      rewards: new Set(own.map(({ reward }) => reward)).size,
      trainings: own.length,
      /** Smallest share of the budget that orders rewards well enough; the whole where none does. */
      smallestShare: taus.find(({ tau }) => tau >= GOOD_TAU)?.share ?? 1,
      tau: Object.fromEntries(taus.map(({ share, tau }) => [share, round(tau)])),
      rho: Object.fromEntries(taus.map(({ share, rho }) => [share, round(rho)])),
      fitness: Object.fromEntries(
        [...new Set(own.map(({ reward }) => reward))].map((reward) => [
          reward,
          round(mean(own.filter((row) => row.reward === reward).map(({ fitness }) => fitness))),
        ]),
      ),
    };
  });
}

const round = (value: number) => Number(value.toPrecision(3));

/** Names of the options of `run`. */
export const takes: readonly string[] = ['tasks', 'state', 'minutes'];

/**
 * Whether a short training orders rewards as whole ones do. Options: `--tasks a,b` (all by default), `--minutes N` after which
 * no training is begun (9), and `--state FILE`, where finished trainings are kept and found again by the next call.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const chosen = listed(options, 'tasks');
  const path = options.get('state');
  const until = performance.now() + 60_000 * numberOf(options, 'minutes', DEFAULT_MINUTES);
  const rows = [...(await stored(path))];
  const done = new Set(rows.map(key));
  const wanted: Wanted[] = [];
  for (const environment of builtinEnvironments.values()) {
    if (chosen?.includes(environment.definition.name) === false) continue;
    for (const [reward, source] of await rewardsOf(environment)) {
      for (let seed = 1; seed <= SEEDS; seed += 1) wanted.push({ environment, reward, source, seed });
    }
  }
  const open = wanted.filter((each) => !done.has(key({ ...each, environment: each.environment.definition.name })));
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS, runners: 2 });
  let begun = 0;
  const work = async () => {
    while (begun < open.length && performance.now() < until) {
      const next = open[begun];
      begun += 1;
      if (next === undefined) return;
      const row = await train(sandbox, next);
      rows.push(row);
      if (path !== undefined) await appendFile(path, `${JSON.stringify(row)}\n`);
    }
  };
  try {
    await Promise.all([work(), work()]);
  } finally {
    await sandbox.close();
  }
  return { left: open.length - begun, rows: figures(rows) };
}
