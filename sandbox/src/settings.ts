import { availableParallelism } from 'node:os';
import { limits as language } from '@rewardsmith/contracts';
import { limits } from './limits.ts';

/** Every limit a deployment may set. Milliseconds, bytes and counts; all positive. */
export interface SandboxSettings {
  /** Runners at work at once. */
  readonly runners: number;
  /** Unbound runners kept warm beside them. */
  readonly spares: number;
  /** Requests that may wait for a runner; one more is shed with `SandboxOverloaded`. */
  readonly queued: number;
  readonly runsPerRunner: number;
  /** Characters of source text. */
  readonly programLength: number;
  readonly rows: number;
  readonly components: number;
  readonly outputBytes: number;
  readonly recordedBytes: number;
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly memoryBytes: number;
  readonly isolateMegabytes: number;
  readonly generationMilliseconds: number;
  readonly trainingMilliseconds: number;
  readonly trainingMicrosecondsPerStep: number;
}

const defaults = (): SandboxSettings => ({
  runners: availableParallelism(),
  spares: limits.spares,
  queued: limits.queued,
  runsPerRunner: limits.runsPerRunner,
  programLength: language.sourceLength,
  rows: limits.rows,
  components: limits.components,
  outputBytes: limits.outputBytes,
  recordedBytes: limits.recordedBytes,
  wallMilliseconds: limits.wallMilliseconds,
  cpuMilliseconds: limits.cpuMilliseconds,
  memoryBytes: limits.memoryBytes,
  isolateMegabytes: limits.isolateMegabytes,
  generationMilliseconds: limits.generationMilliseconds,
  trainingMilliseconds: limits.trainingMilliseconds,
  trainingMicrosecondsPerStep: limits.trainingMicrosecondsPerStep,
});

/** Settings with the defaults filled in. Throws a `RangeError` that names the first one that is not a positive number. */
export function completeSettings(given: Partial<SandboxSettings> = {}): SandboxSettings {
  const settings = { ...defaults(), ...given };
  for (const [name, value] of Object.entries(settings)) {
    const least = name === 'spares' || name === 'queued' ? 0 : 1;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw new RangeError(`sandbox setting "${name}" must be a number of at least ${least}, not ${String(value)}`);
    }
  }
  return settings;
}
