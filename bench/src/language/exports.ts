import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, emitTarget } from '@rewardsmith/language';
import { tasks } from './tasks.ts';

/** What the export tests run Python with; see `.ci/install-python`. */
export const python = join(import.meta.dirname, '../../../.rewardsmith/python/bin/python');

interface Timed {
  readonly name: string;
  /** Speed as a multiple of the hand-written code's, then microseconds of a call: exported, by hand. */
  readonly numpy: readonly [ratio: number, exported: number, byHand: number];
  readonly torch: readonly [ratio: number, exported: number, byHand: number];
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** Exported NumPy and PyTorch at 4,096 environments on one core, as multiples of the speed of code written by hand. */
export function exportSpeed(): Readonly<Record<string, unknown>> {
  if (!existsSync(python)) return { skipped: 'run .ci/install-python for NumPy and PyTorch' };
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-bench-'));
  try {
    const jobs = tasks.map(({ name, environment, reward }) => {
      const compilation = compile(reward, environment);
      if (!compilation.ok) throw new Error(`${name}: ${compilation.findings[0]?.message ?? 'refused'}`);
      const paths = { numpy: join(directory, `${name}_numpy.py`), torch: join(directory, `${name}_torch.py`) };
      writeFileSync(paths.numpy, emitTarget(compilation.program, 'numpy'));
      writeFileSync(paths.torch, emitTarget(compilation.program, 'torch'));
      const fields = environment.observation.map((field) => [field.name, field.shape[0] ?? null]);
      const { action } = environment;
      return JSON.stringify({ name, ...paths, fields, actions: action.kind === 'continuous' ? action.shape[0] : null });
    });
    const script = join(import.meta.dirname, 'time_exports.py');
    const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', script], {
      input: `${jobs.join('\n')}\n`,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line): Timed => JSON.parse(line));
    return {
      environments: 4096,
      numpyMedianRatio: median(rows.map(({ numpy }) => numpy[0])),
      torchMedianRatio: median(rows.map(({ torch }) => torch[0])),
      tasks: Object.fromEntries(rows.map(({ name, numpy, torch }) => [name, { numpy, torch }])),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
