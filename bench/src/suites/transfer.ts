import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { z } from 'zod';
import { listed, numberOf, wholeOf } from '../options.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';
import { type GymnasiumTask, gymnasiumTasksNamed } from '../transfer/gymnasium.ts';
import { openTrainer, ours, type Trainer, trainerIsInstalled } from '../transfer/python.ts';
import { contestantsOf, foundBy } from '../transfer/rewards.ts';
import { standingOf, transferRows } from '../transfer/summary.ts';

const SEEDS = 3;
const EPISODES = 100;
/** Training seeds and seeds of held-out episodes count from here, in both places: no search has seen them. */
const FIRST_SEED = 700_001;
const MEASURED_FROM = 800_001;

const Row = z.object({
  /** Of everything that decides the training. */
  key: z.string(),
  where: z.enum(['here', 'there']),
  environment: z.string(),
  reward: z.string(),
  seed: z.int(),
  steps: z.int(),
  fitness: z.number(),
  /** Gymnasium's own return of the same episodes; absent here. */
  gymnasiumReturn: z.number().optional(),
  seconds: z.number(),
});
type Row = z.infer<typeof Row>;

interface Wanted extends Pick<Row, 'key' | 'where' | 'environment' | 'reward' | 'seed' | 'steps'> {
  readonly task: GymnasiumTask;
  readonly source: string;
}

async function stored(path: string | undefined): Promise<readonly Row[]> {
  const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
}

function wantedOf(
  task: GymnasiumTask,
  contestants: ReturnType<typeof contestantsOf>,
  seeds: number,
): readonly Wanted[] {
  const { environment } = task;
  const places = [
    { where: 'here', steps: ours(task).training.environmentSteps, settings: {} },
    { where: 'there', steps: task.steps, settings: { ...task.settings, copies: task.copies } },
  ] as const;
  // One seed of everything before the next: a run that is cut short has figures.
  return Array.from({ length: seeds }, (_, seed) =>
    contestants.flatMap(({ reward, source }) =>
      places.map(({ where, steps, settings }) => {
        const decides = JSON.stringify([where, environment, source, seed, steps, settings, EPISODES]);
        const key = createHash('sha256').update(decides).digest('hex').slice(0, 16);
        return { key, where, environment, reward, seed, steps, task, source };
      }),
    ),
  ).flat();
}

async function train(sandbox: Sandbox, trainer: Trainer, wanted: Wanted): Promise<Row> {
  const { task, source, ...own } = wanted;
  const [seed, measuredFrom] = [FIRST_SEED + own.seed, MEASURED_FROM + 1_000 * own.seed];
  if (own.where === 'there') {
    const settings = { task, reward: source, steps: own.steps, seed, episodes: EPISODES, measuredFrom };
    return { ...own, ...(await trainer.train(settings)) };
  }
  const outcome = await sandbox.train({
    tenant: 'bench',
    environment: own.environment,
    reward: source,
    fitness: ours(task).fitness,
    environmentSteps: own.steps,
    seed,
    evaluation: { seed: measuredFrom, episodes: EPISODES },
  });
  if (outcome.kind !== 'ok') throw new Error(`${own.environment}, ${own.reward}: ${JSON.stringify(outcome)}`);
  return { ...own, fitness: outcome.value.run.fitness, seconds: outcome.value.run.seconds };
}

/** Holds names, order and units of Gymnasium's fields against ours, before anything is trained on them. */
async function checked(trainer: Trainer, tasks: readonly GymnasiumTask[]) {
  const found: Record<string, Awaited<ReturnType<Trainer['check']>>> = {};
  for (const task of tasks) {
    const check = await trainer.check(task);
    const off = Object.entries(check.worst).filter(([, worst]) => worst > task.tolerance);
    if (off.length > 0) throw new Error(`${task.id} is not our ${task.environment}: ${JSON.stringify(off)}`);
    found[task.environment] = check;
  }
  return found;
}

/** A task as the options have PPO learn it: for how long, and with what discount. */
function asAsked(task: GymnasiumTask, options: ReadonlyMap<string, string>): GymnasiumTask {
  const [steps, discount] = [options.get('steps'), options.get('discount')];
  return {
    ...task,
    steps: steps === undefined ? task.steps : Number(steps),
    settings: discount === undefined ? task.settings : { ...task.settings, gamma: Number(discount) },
  };
}

/** Names of the options of `run`. */
export const takes: readonly string[] = [
  'steps',
  'discount',
  'tasks',
  'from',
  'method',
  'searches',
  'rewards',
  'seeds',
  'state',
];

/**
 * Whether rewards that are good in this project's dynamics, under its policy search, are good in somebody else's under another
 * algorithm: trains on each in the sandbox with CMA-ES, and on its export in Gymnasium with the PPO of Stable-Baselines3, and measures the
 * task's own fitness in both. Options: `--from FILE` (found rewards, from a file that `bench evolution --out` wrote), `--method` (whose
 * searches, `evolution`), `--searches` (at most so many a task), `--tasks`, `--rewards` (of sparse, human, shaped, found; lists with commas), `--seeds` (3),
 * `--steps` and `--discount` (of every training in Gymnasium; the task's own), `--state FILE` (finished trainings are kept there, which makes a run resumable).
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  if (!trainerIsInstalled) return { skipped: 'run .ci/install-python for Gymnasium and Stable-Baselines3' };
  const tasks = gymnasiumTasksNamed(listed(options, 'tasks')).map((task) => asAsked(task, options));
  const from = options.get('from');
  const [method, most] = [
    options.get('method') ?? 'evolution',
    numberOf(options, 'searches', Number.POSITIVE_INFINITY),
  ];
  const searches = from === undefined ? [] : foundBy(await readFile(from, 'utf8'), method, most);
  const rewards = listed(options, 'rewards');
  const wanted = tasks.flatMap((task) => {
    const contestants = contestantsOf(ours(task), searches).filter(
      ({ reward }) => rewards?.includes(reward.replace(/ .*/, '')) !== false,
    );
    return wantedOf(task, contestants, wholeOf(options, 'seeds', SEEDS));
  });
  const state = options.get('state');
  const before = new Map((await stored(state)).map((row) => [row.key, row]));
  const sandbox = await createSandbox({ runners: 1, trainingMilliseconds: TRAINING_MILLISECONDS });
  const trainer = await openTrainer();
  try {
    const checks = await checked(trainer, tasks);
    const trainings: Row[] = [];
    for (const next of wanted.toSorted((a, b) => a.seed - b.seed)) {
      const known = before.get(next.key);
      const row = known === undefined ? await train(sandbox, trainer, next) : { ...known, reward: next.reward };
      trainings.push(row);
      if (known !== undefined) continue;
      if (state !== undefined) await appendFile(state, `${JSON.stringify(row)}\n`);
      const { where, environment, reward, seed, fitness, seconds } = row;
      process.stderr.write(
        `${environment}, ${reward}, seed ${seed}, ${where}: ${fitness.toPrecision(4)} (${seconds.toFixed(0)} s)\n`,
      );
    }
    const rows = transferRows(trainings);
    return { standing: standingOf(rows), rows, checks, trainings };
  } finally {
    await trainer.close();
    await sandbox.close();
  }
}
