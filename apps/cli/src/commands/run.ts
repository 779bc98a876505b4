import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import { home, root } from '../root.ts';

/** Runs a command in the checkout with the project's Node and pnpm first on the path; answers its exit code. */
export async function run(command: string, args: readonly string[], directory = root): Promise<number> {
  const child = spawn(command, [...args], {
    cwd: directory,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: [join(home, 'toolchain/bin'), join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(':'),
    },
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  try {
    await once(child, 'exit');
    // As a shell does: 128 and the number of the signal that ended it.
    return child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Fault(`There is no command ${command}.`, 127);
    }
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
      throw new Fault(`${command} may not be run.`, 126);
    }
    throw error;
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}

const Results = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  success: z.boolean(),
});

/** Lint, types, unused code and every test; ends with one line of counts. */
export async function test(): Promise<void> {
  const file = join(home, 'test-results.json');
  rmSync(file, { force: true });
  const code = await run('pnpm', ['-s', 'check']);
  let results: z.infer<typeof Results> | undefined;
  try {
    results = Results.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    process.stdout.write('Tests did not run to their end.\n');
  }
  if (results !== undefined) {
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = results;
    process.stdout.write(`Tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
  process.exitCode = code !== 0 || results === undefined ? Math.max(code, 1) : 0;
}
