import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@rewardsmith/engine';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { createSandbox } from '@rewardsmith/sandbox';
import { pino } from 'pino';
import { measure } from '../evolution/measure.ts';
import { type Measured, searchesIn, searchKey } from '../evolution/measured.ts';
import { type Method, methods, methodsNamed } from '../evolution/methods.ts';
import { pageOf, writePage } from '../evolution/page.ts';
import { RememberedTrainings, trainingVersion } from '../evolution/remembered.ts';
import { rowsOf, standingsOf } from '../evolution/summary.ts';

/** What the suites run; options of the same names stand above them. */
const suites = {
  quick: {
    tasks: ['cartpole', 'mountain-car', 'acrobot', 'mountain-car-continuous', 'lava-diamond'],
    methods: ['evolution', 'greedy', 'independent'],
    seeds: 1,
    trainings: 40,
  },
  /** Every switch, where a search takes seconds. */
  ablation: {
    tasks: ['mountain-car', 'mountain-car-continuous', 'acrobot', 'lava-diamond'],
    methods: methods.filter(({ kind }) => kind !== 'baseline').map(({ name }) => name),
    seeds: 3,
    trainings: 32,
  },
  full: {
    tasks: [...builtinEnvironments.keys()],
    methods: ['evolution', 'greedy', 'independent', 'sequential', 'random'],
    seeds: 2,
    trainings: 60,
  },
} as const;

/** What a robot gets of the full suite, for the time that its steps take: the methods that aims speak of, and a share of the trainings. */
const robots = { methods: ['evolution', 'greedy', 'independent'], share: 0.5 } as const;

/** Ratios of cost are against this method, unless another is named. */
const REFERENCE = 'greedy';
/** A run may wait for its turn on a busy machine; the figures are not about that. */
const TRAINING_MILLISECONDS = 3_600_000;

const list = (given: string | undefined): readonly string[] | undefined => given?.split(',');

/**
 * Searches with each method on each task from each seed, at an equal budget of environment steps, and holds what was found
 * against the sparse and the human reward on held-out seeds. Options: `--suite quick|full|ablation`, `--tasks`, `--methods` (lists
 * with commas), `--seeds`, `--first-seed`, `--reference METHOD` (whose cost others are held against), `--trainings` (the budget of
 * one search, in trainings of usual length), `--keep DIRECTORY` (finished trainings are kept there and never made twice, which
 * makes an interrupted run resumable), `--out FILE` (all of it as JSON, after every search), `--join FILES` (what other runs wrote
 * with `--out`: their searches are not made again), `--page FILE` (tables and a plot, between the marks of a Markdown document).
 * In the full suite a robot has half of the trainings, and neither sequential nor random sampling, unless these options say otherwise.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const name = options.get('suite') ?? 'quick';
  if (name !== 'quick' && name !== 'full' && name !== 'ablation') {
    throw new Error(`--suite takes quick, full or ablation, not "${name}"`);
  }
  const suite = suites[name];
  const tasks = list(options.get('tasks')) ?? suite.tasks;
  const chosen = methodsNamed(list(options.get('methods')) ?? suite.methods);
  const reference = options.get('reference') ?? REFERENCE;
  if (options.has('reference') && !chosen.some((method) => method.name === reference)) {
    throw new Error(`--reference takes one of the methods that are run, not "${reference}"`);
  }
  const seeds = Number(options.get('seeds') ?? suite.seeds);
  const firstSeed = Number(options.get('first-seed') ?? 0);
  const spared = (environment: BuiltinEnvironment): boolean => name === 'full' && environment.library !== undefined;
  const trainingsOf = (environment: BuiltinEnvironment): number =>
    Number(options.get('trainings') ?? suite.trainings * (spared(environment) ? robots.share : 1));
  const methodsOf = (environment: BuiltinEnvironment): readonly Method[] =>
    options.has('methods') || !spared(environment)
      ? chosen
      : chosen.filter((method) => robots.methods.some((name) => name === method.name));
  const joined = await searchesIn(list(options.get('join')) ?? []);
  const out = options.get('out');
  const began = performance.now();
  const data = await mkdtemp(join(tmpdir(), 'rewardsmith-bench-'));
  const kept = options.get('keep') ?? join(data, 'trainings');
  await mkdir(kept, { recursive: true });
  const inner = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  const sandbox = new RememberedTrainings(inner, kept, await trainingVersion());
  const logger = pino({ level: 'silent' });
  const engine = await openEngine({ dataDirectory: join(data, 'engine'), role: 'all', logger, sandbox });
  try {
    await engine.start();
    const all: Measured[] = [];
    const failed: { environment: string; method: string; seed: number; reason: string }[] = [];
    const figures = () => {
      const rows = rowsOf(all, reference);
      return {
        options: { suite: name, tasks, methods: chosen.map((method) => method.name), seeds, firstSeed },
        standings: standingsOf(rows),
        rows,
        failed,
        trainings: { made: sandbox.made, remembered: sandbox.remembered },
        seconds: (performance.now() - began) / 1000,
      };
    };
    for (const task of tasks) {
      const environment = builtinEnvironments.get(task);
      if (environment === undefined) throw new Error(`no built-in environment "${task}"`);
      for (const method of methodsOf(environment)) {
        for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
          const trainings = trainingsOf(environment);
          const key = searchKey({ environment: task, method: method.name, seed });
          const before = joined.get(key);
          if (before !== undefined && before.trainings !== trainings) {
            throw new Error(`--join: ${key} had ${before.trainings} trainings, and has ${trainings} here`);
          }
          const made = before ?? measure(engine, sandbox, environment, method, seed, trainings);
          const measured = await Promise.resolve(made).catch((error: unknown) => {
            // One search that fails says something of itself, and nothing against the others.
            const reason = error instanceof Error ? error.message : String(error);
            failed.push({ environment: task, method: method.name, seed, reason });
            return undefined;
          });
          if (measured === undefined) continue;
          all.push(measured);
          if (out !== undefined) await writeFile(out, `${JSON.stringify({ ...figures(), searches: all }, null, 1)}\n`);
          const { fitness, sparse, human } = measured;
          const [found, least, usual] = [fitness, sparse, human].map((value) => value.toPrecision(4));
          const seconds = ((performance.now() - began) / 1000).toFixed(0);
          process.stderr.write(`${seconds} s: ${key}: ${found} (sparse ${least}, human ${usual})\n`);
        }
      }
    }
    const page = options.get('page');
    if (page !== undefined) {
      const { rows, standings } = figures();
      const given = [...options].filter(([option]) => !['page', 'out', 'keep', 'join'].includes(option));
      const command = ['pnpm -s bench evolution --json', ...given.map(([option, value]) => `--${option} ${value}`)];
      await writePage(page, pageOf(rows, standings, command.join(' ')));
    }
    return figures();
  } finally {
    await engine.close();
    await inner.close();
    await rm(data, { recursive: true, force: true });
  }
}
