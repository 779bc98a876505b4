import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type ExportTarget, Parity } from '@rewardsmith/contracts';
import { parityText } from '@rewardsmith/engine/parity';
import { emitTarget, targetEndings } from '@rewardsmith/language';
import { createSandbox, settingsOf } from '@rewardsmith/sandbox';
import { makeDirectory } from '@rewardsmith/store/make-directory';
import { Fault, readable } from '../fault.ts';
import { accepted, readEnvironment } from './programs.ts';

/**
 * Writes a program in the form that a trainer runs, and beside it the rows that the module checks itself by:
 * `python NAME.py NAME.parity.json`, or the same with `node` for JavaScript.
 */
export async function exportProgram(
  file: string,
  options: { readonly environment: string; readonly target: ExportTarget; readonly out: string },
): Promise<void> {
  const program = accepted(file, readEnvironment(options.environment));
  const name = join(options.out, basename(file, extname(file)).replaceAll('-', '_'));
  const module = `${name}${targetEndings[options.target]}`;
  writable(options.out);
  const sandbox = await createSandbox({ ...settingsOf(process.env), runners: 1 });
  try {
    const parity = await parityText(sandbox, 'local', program);
    writeTogether(options.out, [
      [module, emitTarget(program, options.target)],
      [`${name}.parity.json`, parity],
    ]);
    const { covered, found } = Parity.parse(JSON.parse(parity)).branches;
    process.stdout.write(`${module}\n${name}.parity.json: covered ${covered} of ${found} ways\n`);
  } finally {
    await sandbox.close();
  }
}

/** Makes the directory, before any work is done for it. */
function writable(directory: string): void {
  named(directory, () => {
    makeDirectory(resolve(directory));
    if (!statSync(directory).isDirectory()) throw new Error('it is a file');
  });
}

/** Writes files under other names first, so that none stands there without the rest. */
function writeTogether(directory: string, files: readonly (readonly [path: string, text: string])[]): void {
  named(directory, () => {
    const unfinished = mkdtempSync(join(directory, '.unfinished-'));
    try {
      for (const [path, text] of files) writeFileSync(join(unfinished, basename(path)), text);
      for (const [path] of files) renameSync(join(unfinished, basename(path)), path);
    } finally {
      rmSync(unfinished, { recursive: true });
    }
  });
}

function named(directory: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Fault(`${directory} cannot be written: ${readable(error).replace(/\.$/, '')}. Name another with --out.`);
  }
}
