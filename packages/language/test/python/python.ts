import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const folder = new URL('../../../../.rewardsmith/python/', import.meta.url);

/** The interpreter with NumPy and PyTorch that `.ci/install-python` sets up. */
export const python = process.env['REWARDSMITH_PYTHON'] ?? fileURLToPath(new URL('bin/python', folder));
export const ruff = fileURLToPath(new URL('bin/ruff', folder));

/** Suites that run exported Python; without the interpreter they are skipped by name, or fail where servers are required. */
export function describeWithPython(name: string, suite: () => void): void {
  if (existsSync(python) || process.env['REWARDSMITH_REQUIRE_SERVERS'] === '1') describe(name, suite);
  else describe.skip(`${name} (skipped: run .ci/install-python for NumPy and PyTorch)`, suite);
}

/** How a module is run: as it is, as a TorchScript function, or compiled with a backend of torch.compile. */
export interface Job {
  readonly name: string;
  readonly module: string;
  readonly parity: string;
  readonly mode: 'eager' | 'script' | 'compile';
  readonly backend?: 'aot_eager' | 'inductor';
}

export interface JobResult {
  readonly name: string;
  readonly error?: string;
  readonly rows?: number;
  readonly differences?: readonly string[];
  /** What NumPy warned of while the rows ran. */
  readonly warnings?: readonly string[];
  /** Largest distance of a value from the sandbox's, in units of the last place. */
  readonly ulps?: number;
}

/** Runs exported modules over their parity files, all in one interpreter. */
export function runJobs(jobs: readonly Job[]): readonly JobResult[] {
  const script = fileURLToPath(new URL('./run_exports.py', import.meta.url));
  const input = `${jobs.map((job) => JSON.stringify(job)).join('\n')}\n`;
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', script], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line): JobResult => JSON.parse(line));
}
