import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@rewardsmith/engine';
import { createSandbox } from '@rewardsmith/sandbox';
import { pino } from 'pino';
import { measure } from '../evolution/measure.ts';
import { checkJoined, keyText, type Measured, searchesIn } from '../evolution/measured.ts';
import { pageOf, writePage } from '../evolution/page.ts';
import { planOf } from '../evolution/plan.ts';
import { RememberedTrainings, searchVersion, trainingVersion } from '../evolution/remembered.ts';
import { rowsOf, standingsOf } from '../evolution/summary.ts';
import { listed } from '../options.ts';
import { TRAINING_MILLISECONDS } from '../training-time.ts';

/** Names of the options of `run`. */
export const takes: readonly string[] = [
  ...['suite', 'tasks', 'methods', 'seeds', 'first-seed', 'reference', 'trainings'],
  ...['keep', 'out', 'join', 'page'],
];

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
  const plan = planOf(options);
  const keyed = plan.searches.map((search) => {
    const { environment, method, seed, trainings } = search;
    return {
      ...search,
      key: keyText({ environment: environment.definition.name, method: method.name, seed }),
      trainings,
    };
  });
  const joined = await searchesIn(listed(options, 'join') ?? []);
  checkJoined(joined, new Map(keyed.map(({ key, trainings }) => [key, trainings])));
  const out = options.get('out');
  const began = performance.now();
  const version = await searchVersion();
  const data = await mkdtemp(join(tmpdir(), 'rewardsmith-bench-'));
  const kept = options.get('keep') ?? join(data, 'trainings');
  await mkdir(kept, { recursive: true });
  const inner = await createSandbox({ trainingMilliseconds: TRAINING_MILLISECONDS });
  const sandbox = new RememberedTrainings(inner, kept, await trainingVersion());
  const logger = pino({ level: 'silent' });
  const engine = await openEngine({ dataDirectory: join(data, 'engine'), role: 'all', logger, sandbox });
  try {
    await engine.start();
    const done = new Map<string, Measured>();
    const failed: { search: string; reason: string }[] = [];
    const figures = () => {
      const all = [...done.values()];
      const rows = rowsOf(all, plan.reference);
      return {
        options: { ...Object.fromEntries(options), suite: plan.suite },
        standings: standingsOf(rows),
        rows,
        failed,
        versions: new Set(all.map((search) => search.version)).size,
        trainings: { made: sandbox.made, remembered: sandbox.remembered },
        seconds: (performance.now() - began) / 1000,
      };
    };
    for (const { environment, method, seed, trainings, key } of keyed) {
      const made = joined.get(key) ?? measure(engine, sandbox, environment, method, seed, trainings);
      const measured = await Promise.resolve(made).catch((error: unknown) => {
        // One search that fails says something of itself, and nothing against the others.
        failed.push({ search: key, reason: error instanceof Error ? error.message : String(error) });
        return undefined;
      });
      if (measured === undefined) continue;
      done.set(key, { version, ...measured });
      if (out !== undefined) {
        // What was joined and has not come yet is kept, whatever file it came from.
        const searches = [...new Map([...joined, ...done]).values()];
        await writeFile(out, `${JSON.stringify({ ...figures(), searches }, null, 1)}\n`);
      }
      const { fitness, sparse, human } = measured;
      const [found, least, usual] = [fitness, sparse, human].map((value) => value.toPrecision(4));
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      process.stderr.write(`${seconds} s: ${key}: ${found} (sparse ${least}, human ${usual})\n`);
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
