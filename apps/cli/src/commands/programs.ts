import { readFileSync } from 'node:fs';
import { Environment, type Finding, type Outcome } from '@rewardsmith/contracts';
import { compile, entryOf, type RewardProgram } from '@rewardsmith/language';
import { labelColumn, type Rollout, readJsonl, statisticNames } from '@rewardsmith/rollouts';
import { createSandbox, type MeasureRequest, type Sandbox, settingsOf } from '@rewardsmith/sandbox';
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

/** Recorded rows of a file, or a fault with the line of each that is wrong. */
function readRollout(file: string, environment: Environment): Rollout {
  const reading = readJsonl(environment, readFileSync(file, 'utf8'));
  if (reading.ok) return reading.rollout;
  const faults = reading.faults.map(({ line, path, message }) => `${file}:${line}: ${path} ${message}`);
  throw new Fault([...faults, reading.message].join('\n'));
}

/** JSON has no NaN and no infinity; they are printed by name. */
function printable(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function answered<T>(outcome: Outcome<T>, file: string): T {
  if (outcome.kind === 'ok') return outcome.value;
  if (outcome.kind !== 'rejected') throw new Fault(`${file}: ${outcome.kind}: ${outcome.message}`, 1);
  throw new Fault(outcome.findings.map((finding) => shown(finding, file)).join('\n'), 1);
}

/** One record a row, by component. */
async function rows(sandbox: Sandbox, request: MeasureRequest, file: string) {
  const labels = answered(await sandbox.label(request), file);
  return Array.from({ length: request.rollout.steps }, (_, row) =>
    Object.fromEntries(labels.names.map((name) => [name, printable(labelColumn(labels, name)[row] ?? Number.NaN)])),
  );
}

/** One record an episode, by component and statistic. */
async function episodes(sandbox: Sandbox, request: MeasureRequest, file: string) {
  const { names, components } = answered(await sandbox.measure(request), file);
  return Array.from({ length: request.rollout.episodes }, (_, episode) =>
    Object.fromEntries(
      names.flatMap((name, index) =>
        statisticNames.map((statistic) => [
          `${name}.${statistic}`,
          printable(components[index]?.[statistic][episode] ?? Number.NaN),
        ]),
      ),
    ),
  );
}

/** Runs a program over recorded rows in the sandbox and prints its components row by row, or their statistics. */
export async function label(
  file: string,
  options: {
    readonly environment: string;
    readonly rollouts: string;
    readonly json?: boolean;
    readonly statistics?: boolean;
  },
): Promise<void> {
  const environment = readEnvironment(options.environment);
  const { source, entry } = accepted(file, environment);
  const rollout = readRollout(options.rollouts, environment);
  const sandbox = await createSandbox({ ...settingsOf(process.env), runners: 1 });
  try {
    const request = { tenant: 'local', source, environment, entry, rollout };
    const records = await (options.statistics === true ? episodes : rows)(sandbox, request, file);
    for (const record of records) {
      const entries = Object.entries(record);
      const text =
        options.json === true ? JSON.stringify(record) : entries.map(([name, value]) => `${name} ${value}`).join('  ');
      process.stdout.write(`${text}\n`);
    }
  } finally {
    await sandbox.close();
  }
}
