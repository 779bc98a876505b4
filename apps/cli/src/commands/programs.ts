import { readFileSync } from 'node:fs';
import { Environment, type Finding } from '@rewardsmith/contracts';
import { compile, entryOf, type RewardProgram } from '@rewardsmith/language';
import { labelColumn, readJsonl } from '@rewardsmith/rollouts';
import { createSandbox } from '@rewardsmith/sandbox';
import { Fault } from '../fault.ts';

/** Reads an environment's JSON form. */
export function readEnvironment(file: string): Environment {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault(`${file} is not JSON: ${error.message}`);
    throw error;
  }
  const parsed = Environment.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Fault([`${file} is not an environment:`, ...faults].join('\n'));
}

function shown({ severity, code, message, advice, line, column }: Finding, file: string): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${severity} ${code}: ${message}${advice === '' ? '' : ` ${advice}`}`;
}

/** What the language says of a file; a file that cannot be read is a finding too, so that the others are still checked. */
function checked(
  file: string,
  environment: Environment,
): { readonly ok: boolean; readonly findings: readonly Finding[] } {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ok: false,
      findings: [{ code: 'unreadable-file', severity: 'error', message, advice: 'Check its name.', line: 1 }],
    };
  }
  return compile(source, environment, { entry: entryOf(source) });
}

/** Checks programs; one JSON line a file with `--json`. Exit code 1 when any is refused. */
export function check(
  files: readonly string[],
  options: { readonly environment: string; readonly json?: boolean },
): void {
  const environment = readEnvironment(options.environment);
  let refused = 0;
  for (const file of files) {
    const { ok, findings } = checked(file, environment);
    if (!ok) refused += 1;
    const lines =
      options.json === true ? [JSON.stringify({ file, ok, findings })] : findings.map((f) => shown(f, file));
    for (const text of lines) process.stdout.write(`${text}\n`);
    if (options.json !== true) process.stdout.write(`${file}: ${ok ? 'accepted' : 'refused'}\n`);
  }
  if (refused > 0) process.exitCode = 1;
}

/** The compiled program of a file; a fault that says what is wrong when it is refused. */
export function accepted(file: string, environment: Environment): RewardProgram {
  const source = readFileSync(file, 'utf8');
  const compilation = compile(source, environment, { entry: entryOf(source) });
  if (compilation.ok) return compilation.program;
  throw new Fault(compilation.findings.map((finding) => shown(finding, file)).join('\n'), 1);
}

/** Runs a program over recorded rows in the sandbox and prints its components row by row. */
export async function label(
  file: string,
  options: { readonly environment: string; readonly rollouts: string; readonly json?: boolean },
): Promise<void> {
  const environment = readEnvironment(options.environment);
  const program = accepted(file, environment);
  const reading = readJsonl(environment, readFileSync(options.rollouts, 'utf8'));
  if (!reading.ok) {
    const faults = reading.faults.map(({ line, path, message }) => `${options.rollouts}:${line}: ${path} ${message}`);
    throw new Fault([...faults, `${reading.faultCount} faults in the rows.`].join('\n'));
  }
  const { rollout } = reading;
  const sandbox = await createSandbox({ runners: 1 });
  try {
    const { source, entry } = program;
    const outcome = await sandbox.label({ tenant: 'local', source, environment, entry, rollout });
    if (outcome.kind !== 'ok') {
      throw new Fault(`${file}: ${outcome.kind}${outcome.kind === 'rejected' ? '' : `: ${outcome.message}`}`, 1);
    }
    const labels = outcome.value;
    for (let row = 0; row < rollout.steps; row += 1) {
      const values = labels.names.map((name) => [name, labelColumn(labels, name)[row] ?? Number.NaN] as const);
      // JSON has no NaN and no infinity; they are printed by name.
      const safe = values.map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]);
      const text =
        options.json === true ? JSON.stringify(Object.fromEntries(safe)) : safe.map(([n, v]) => `${n} ${v}`).join('  ');
      process.stdout.write(`${text}\n`);
    }
  } finally {
    await sandbox.close();
  }
}
