import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parity } from '@rewardsmith/contracts';
import { parityText } from '@rewardsmith/engine/parity';
import { compile, emitTarget, targetEndings } from '@rewardsmith/language';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import type { Sample } from './coverage.ts';
import { python } from './exports.ts';

const script = join(import.meta.dirname, '../../../packages/language/test/python/run_exports.py');

interface Ran {
  readonly name: string;
  readonly error?: string;
  readonly rows?: number;
  readonly count?: number;
  readonly ulps?: number;
  readonly warnings?: readonly string[];
}

/** Exports every program to the Python targets, and runs each with the rows that the sandbox has labelled. */
export async function parity(programs: readonly Sample[]): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(python)) return { skipped: 'run .ci/install-python for NumPy and PyTorch' };
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-bench-'));
  const sandbox = await createSandbox({ runners: 1 });
  try {
    const written: Written[] = [];
    for (const [index, program] of programs.entries()) {
      const one = await write(sandbox, directory, program, index);
      if (one !== null) written.push(one);
    }
    const jobs = written.flatMap((one) => one.jobs);
    const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', script], {
      input: `${jobs.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(stderr);
    const results = stdout
      .trim()
      .split('\n')
      .map((line): Ran => JSON.parse(line));
    const failed = results.filter(
      ({ error, count, warnings }) => error !== undefined || count !== 0 || warnings?.length !== 0,
    );
    const largest = results.toSorted((a, b) => (b.ulps ?? 0) - (a.ulps ?? 0))[0];
    return {
      modules: results.length,
      ways: written.reduce((total, { found }) => total + found, 0),
      waysCovered: written.reduce((total, { covered }) => total + covered, 0),
      notCovered: written.filter(({ found, covered }) => covered < found).map(({ name }) => name),
      rows: results.reduce((total, { rows = 0 }) => total + rows, 0),
      failed: failed.map(({ name, error = 'differs' }) => `${name}: ${error}`),
      largestUlps: largest?.ulps,
      largestIn: largest?.name,
    };
  } finally {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  }
}

/** A program with its parity file and its modules, as the lines that ask for a run of each. */
interface Written {
  readonly name: string;
  readonly found: number;
  readonly covered: number;
  readonly jobs: readonly string[];
}

/** Null for a program that is refused. */
async function write(sandbox: Sandbox, directory: string, sample: Sample, index: number): Promise<Written | null> {
  const { name, source, environment, entry } = sample;
  const compilation = compile(source, environment, { entry });
  if (!compilation.ok) return null;
  const file = join(directory, `${index}.json`);
  const text = await parityText(sandbox, 'bench', compilation.program);
  writeFileSync(file, text);
  const jobs = (['python', 'numpy', 'torch'] as const).flatMap((target) => {
    const module = join(directory, `program_${index}_${target}${targetEndings[target]}`);
    writeFileSync(module, emitTarget(compilation.program, target));
    const modes = target === 'torch' ? ['eager', 'script'] : ['eager'];
    return modes.map((mode) => JSON.stringify({ name: `${name}, ${target}, ${mode}`, module, parity: file, mode }));
  });
  return { name, ...Parity.parse(JSON.parse(text)).branches, jobs };
}
