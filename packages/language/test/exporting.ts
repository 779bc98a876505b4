import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exported, ExportRequest } from './isolate/export.ts';
import type { Job } from './python/python.ts';

const script = fileURLToPath(new URL('./isolate/export.ts', import.meta.url));

/** A directory for exported modules, gone when the callback ends. */
export function withDirectory<R>(body: (directory: string) => R): R {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-exports-'));
  try {
    return body(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Exports programs to every target, beside parity files that their kernels fill in an isolate. */
export function exportAll(request: ExportRequest): readonly Exported[] {
  const output = execFileSync(process.execPath, ['--no-node-snapshot', script], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output);
}

/** The Python targets of an exported program, PyTorch as it is and as a script. */
export function jobsFor(directory: string, name: string): readonly Job[] {
  const parity = join(directory, `${name}.json`);
  const job = (target: string, mode: Job['mode'] = 'eager'): Job => ({
    name: `${name}, ${target}${mode === 'eager' ? '' : `, ${mode}`}`,
    module: join(directory, `${name}_${target}.py`),
    parity,
    mode,
  });
  return [job('python'), job('numpy'), job('torch'), job('torch', 'script')];
}
