import { availableParallelism } from 'node:os';
import { limits as language } from '@rewardsmith/contracts';
import { limits } from './limits.ts';
import type { Wall } from './walls/wall.ts';

/** Every limit a deployment may set, by a variable (`settingsOf`) or, of runners and walls, by one of their own. Milliseconds, bytes and counts: whole numbers, positive but for two that may be 0. */
export interface SandboxSettings {
  /** Runners at work at once. */
  readonly runners: number;
  /** Unbound runners kept warm beside them. */
  readonly spares: number;
  /** Requests that may wait for a runner; one more is shed with `SandboxOverloaded`. */
  readonly queued: number;
  readonly runsPerRunner: number;
  /** Bytes that earlier candidates may have left in a runner that is lent again. */
  readonly agedBytes: number;
  /** Characters of source text. */
  readonly programLength: number;
  readonly rows: number;
  readonly components: number;
  readonly outputBytes: number;
  readonly recordedBytes: number;
  /** Processor time of one compilation. */
  readonly compileMilliseconds: number;
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly memoryBytes: number;
  readonly isolateMegabytes: number;
  readonly generationMilliseconds: number;
  readonly trainingMilliseconds: number;
  readonly trainingMicrosecondsPerStep: number;
  /** Walls without which the sandbox does not start. */
  readonly requiredWalls: readonly Wall[];
}

const defaults = (): SandboxSettings => ({
  runners: availableParallelism(),
  spares: limits.spares,
  queued: limits.queued,
  runsPerRunner: limits.runsPerRunner,
  agedBytes: limits.agedBytes,
  programLength: language.sourceLength,
  rows: limits.rows,
  components: limits.components,
  outputBytes: limits.outputBytes,
  recordedBytes: limits.recordedBytes,
  compileMilliseconds: limits.compileMilliseconds,
  wallMilliseconds: limits.wallMilliseconds,
  cpuMilliseconds: limits.cpuMilliseconds,
  memoryBytes: limits.memoryBytes,
  isolateMegabytes: limits.isolateMegabytes,
  generationMilliseconds: limits.generationMilliseconds,
  trainingMilliseconds: limits.trainingMilliseconds,
  trainingMicrosecondsPerStep: limits.trainingMicrosecondsPerStep,
  requiredWalls: ['language', 'isolate', 'process'],
});

/** What a setting is at least, where that is not one: no runner kept warm, no time for a step beside what a training has at once; no heap below the least that isolated-vm gives, and no memory that a runner passes by itself. */
const least: Readonly<Record<string, number>> = {
  spares: 0,
  trainingMicrosecondsPerStep: 0,
  isolateMegabytes: 8,
  memoryBytes: 128 * 2 ** 20,
};

/** What a setting is at most, of those that more of cannot work: processes, and the heap of an isolate. */
const most: Readonly<Record<string, number>> = { runners: 4_096, spares: 4_096, isolateMegabytes: 2 ** 20 };

/** The longest that a timer of Node's and a call into an isolate take. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** Settings with the defaults filled in. Throws a `RangeError` that names the first one that is no whole number, too small or too large. */
export function completeSettings(given: Partial<SandboxSettings> = {}): SandboxSettings {
  const settings = { ...defaults(), ...given };
  const { requiredWalls: _, ...numbers } = settings;
  for (const [name, value] of Object.entries(numbers)) {
    const fault = faultOf(name, value);
    if (fault !== undefined) throw new RangeError(`sandbox setting "${name}" ${fault}`);
  }
  return settings;
}

function faultOf(name: string, value: number): string | undefined {
  const from = least[name] ?? 1;
  const to = most[name] ?? (name.endsWith('Milliseconds') ? MOST_MILLISECONDS : Number.MAX_SAFE_INTEGER);
  if (Number.isSafeInteger(value) && value >= from && value <= to) return undefined;
  const bounds = to < Number.MAX_SAFE_INTEGER ? `from ${from} to ${to}` : `of at least ${from}`;
  return `must be a whole number ${bounds}, not ${String(value)}`;
}

/** Settings that a variable sets: how many runners there are follows from what they are for, and walls are no numbers. */
function variableSettings(): string[] {
  const { runners: _, requiredWalls: __, ...others } = defaults();
  return Object.keys(others);
}

const PREFIX = 'REWARDSMITH_SANDBOX_';

/** The variable for a setting: `REWARDSMITH_SANDBOX_WALL_MILLISECONDS` for `wallMilliseconds`. */
const variableOf = (name: string): string => PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The settings that an environment's variables give. Throws a `RangeError` that names every variable that is wrong, or that none of them has. */
export function settingsOf(
  environment: Readonly<Record<string, string | undefined>>,
): Partial<Omit<SandboxSettings, 'requiredWalls'>> {
  const names = variableSettings();
  const given: Record<string, number> = {};
  const faults: string[] = [];
  const known = new Set(names.map(variableOf));
  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !known.has(name)) faults.push(`${name}: there is ${[...known].sort().join(', ')}`);
  }
  for (const name of names) {
    const text = environment[variableOf(name)];
    if (text === undefined) continue;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    const fault = faultOf(name, value);
    if (fault === undefined) given[name] = value;
    else faults.push(`${variableOf(name)}: ${fault.replace('NaN', JSON.stringify(text))}`);
  }
  if (faults.length > 0) throw new RangeError(faults.join('; '));
  return given;
}
