import { readFile } from 'node:fs/promises';
import { builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox } from '@rewardsmith/sandbox';
import { z } from 'zod';
import { listed, numberOf } from '../options.ts';
import { type PlantedHack, plantedHacks } from '../planted-hacks.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';
import { trial, type Verdict } from '../trial.ts';

const DEFAULT_SHARE = 0.3;

const Extra = z.array(
  z.object({
    name: z.string(),
    environment: z.string(),
    behaviour: z.string().default(''),
    component: z.string().default(''),
    source: z.string(),
  }),
);

async function extra(path: string | undefined): Promise<readonly PlantedHack[]> {
  return path === undefined ? [] : Extra.parse(JSON.parse(await readFile(path, 'utf8')));
}

function row(environment: string, { name, run, flags }: Verdict) {
  const [error] = flags.filter(({ severity }) => severity === 'error');
  const [farmed] = flags.filter(({ code }) => code.startsWith('farmed-'));
  return {
    environment,
    reward: name,
    fitness: Number(run.fitness.toPrecision(3)),
    flagged: error !== undefined,
    component: error?.component ?? null,
    farmed: farmed?.code ?? null,
    steps: error?.evidence?.map(({ episode, fromStep, toStep }) => `${episode}: ${fromStep}-${toStep}`) ?? [],
  };
}

/** Names of the options of `run`. */
export const takes: readonly string[] = ['share', 'seeds', 'tasks', 'extra'];

/**
 * Which rewards are flagged as hacked: planted ones, which all should be, and the human and sparse rewards of every task, which
 * should not. Options: `--share` of the usual budgets (0.3), `--seeds 1,2,3` (1), `--tasks a,b` (all), and `--extra FILE`, a JSON
 * list of further rewards as `{ name, environment, source }`.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const share = numberOf(options, 'share', DEFAULT_SHARE);
  const seeds = (options.get('seeds') ?? '1').split(',').map(Number);
  const chosen = listed(options, 'tasks');
  const hacks = [...plantedHacks, ...(await extra(options.get('extra')))];
  const sandbox = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  try {
    const rows: (ReturnType<typeof row> & { seed: number; planted: boolean })[] = [];
    for (const environment of builtinEnvironments.values()) {
      const { name } = environment.definition;
      if (chosen?.includes(name) === false) continue;
      const planted = hacks.filter((hack) => hack.environment === name);
      const contestants = [
        { name: 'human', source: environment.humanReward },
        { name: 'sparse', source: environment.sparseReward },
        ...planted,
      ];
      const verdicts = await trial(sandbox, environment, contestants, { share, seeds });
      rows.push(
        ...verdicts.map((verdict) => ({
          ...row(name, verdict),
          seed: verdict.run.seed,
          planted: planted.some((hack) => hack.name === verdict.name),
        })),
      );
    }
    const of = (planted: boolean) => rows.filter((each) => each.planted === planted);
    const flagged = (planted: boolean) => of(planted).filter((each) => each.flagged).length;
    return {
      share,
      planted: of(true).length,
      plantedFlagged: flagged(true),
      honest: of(false).length,
      honestFlagged: flagged(false),
      rows,
    };
  } finally {
    await sandbox.close();
  }
}
