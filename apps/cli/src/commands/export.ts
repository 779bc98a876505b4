import { writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type ExportTarget, Parity } from '@rewardsmith/contracts';
import { parityText } from '@rewardsmith/engine/parity';
import { emitTarget, targetEndings } from '@rewardsmith/language';
import { createSandbox } from '@rewardsmith/sandbox';
import { makeDirectory } from '@rewardsmith/store/make-directory';
import { Fault } from '../fault.ts';
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
  const written = `${name}${targetEndings[options.target]}`;
  try {
    makeDirectory(resolve(options.out));
    writeFileSync(written, emitTarget(program, options.target));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(`${options.out} cannot be written: ${reason}. Name another with --out.`);
  }
  process.stdout.write(`${written}\n`);
  const sandbox = await createSandbox({ runners: 1 });
  try {
    const text = await parityText(sandbox, 'local', program);
    writeFileSync(`${name}.parity.json`, text);
    const { covered, found } = Parity.parse(JSON.parse(text)).branches;
    process.stdout.write(`${name}.parity.json: covered ${covered} of ${found} ways\n`);
  } finally {
    await sandbox.close();
  }
}
