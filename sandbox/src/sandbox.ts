import type { Environment, Finding, Fitness, Kernel, Outcome } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { type LabelStatistics, type Labels, Rollout, statisticNames } from '@rewardsmith/rollouts';
import type { Evaluation, TrainingResult } from '@rewardsmith/training';
import { type Compiler, Compilers } from './compiler/compiler.ts';
import type { Asker } from './compiler/supervised-thread.ts';
import { SandboxRequestError } from './errors.ts';
import { limits } from './limits.ts';
import { completeSettings, type SandboxSettings } from './settings.ts';
import type { PoolStatus } from './supervisor/pool.ts';
import { type RolloutSnapshot, snapshotOf } from './supervisor/rollout-snapshot.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { inspectWalls } from './walls/inspect.ts';
import { SandboxWallMissing } from './walls/wall.ts';

/** One program over one rollout. */
export interface MeasureRequest {
  readonly tenant: string;
  /** Source text in the reward language. */
  readonly source: string;
  readonly environment: Environment;
  readonly entry?: 'reward' | 'success';
  /** As it stands when the request is made. Sealed, it is neither copied, nor looked through again by the next request that brings it. */
  readonly rollout: Rollout;
}

export interface LabelRequest extends MeasureRequest {
  /** Components that are wanted, `total` among them, in this order; all when absent. The others stay in the runner. */
  readonly components?: readonly string[];
}

export interface TrainRequest {
  readonly tenant: string;
  /** Name of a built-in environment. */
  readonly environment: string;
  /** Source text in the reward language. */
  readonly reward: string;
  readonly fitness: Fitness;
  readonly environmentSteps: number;
  readonly seed: number;
  /** Episodes that measure the policy, and variations of the dynamics that it is measured under once more. */
  readonly evaluation: Evaluation;
}

export interface RunOptions {
  /** Ends the run at once, by killing its runner; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface TrainOptions extends RunOptions {
  /** About five times a second. */
  readonly onProgress?: (progress: { environmentSteps: number }) => void;
}

/**
 * Runs reward programs that nobody trusts. Every call resolves with an outcome whatever the program does; it rejects
 * with `SandboxOverloaded`, `SandboxClosed`, `SandboxRequestError` or the signal's reason, and never for the program.
 * Labels carry every value as the program gave it, infinite and NaN included.
 */
export interface Sandbox {
  compiler(asker: Asker): Compiler;
  label(request: LabelRequest, options?: RunOptions): Promise<Outcome<Labels>>;
  /** Labels, and brings back six numbers an episode of each component in place of one a step. */
  measure(request: MeasureRequest, options?: RunOptions): Promise<Outcome<LabelStatistics>>;
  train(request: TrainRequest, options?: TrainOptions): Promise<Outcome<TrainingResult>>;
  status(): SandboxStatus;
  close(): Promise<void>;
}

export interface SandboxStatus extends PoolStatus {
  readonly settings: SandboxSettings;
}

/**
 * Starts a supervisor with its warm runners, each a process under the permission model, and tries the walls. Throws
 * `SandboxWallMissing` when one that the settings demand does not stand.
 */
export async function createSandbox(given: Partial<SandboxSettings> = {}): Promise<Sandbox> {
  const settings = completeSettings(given);
  const supervisor = new Supervisor(settings);
  const reports = await inspectWalls(supervisor);
  const missing = reports.filter(({ wall, stands }) => !stands && settings.requiredWalls.includes(wall));
  if (missing.length > 0) {
    await supervisor.close();
    throw new SandboxWallMissing(missing);
  }
  return new SupervisedSandbox(settings, supervisor);
}

type Compiled =
  | { readonly ok: true; readonly kernel: Kernel }
  | { readonly ok: false; readonly findings: readonly Finding[] };

class SupervisedSandbox implements Sandbox {
  readonly #compilers: Compilers;
  readonly #settings: SandboxSettings;
  readonly #supervisor: Supervisor;

  constructor(settings: SandboxSettings, supervisor: Supervisor) {
    this.#settings = settings;
    this.#supervisor = supervisor;
    this.#compilers = new Compilers(settings.compileMilliseconds, Math.min(settings.queued, limits.compileQueued));
  }

  compiler(asker: Asker): Compiler {
    return this.#compilers.for(asker);
  }

  async label(request: LabelRequest, { signal }: RunOptions = {}): Promise<Outcome<Labels>> {
    const { tenant, components } = request;
    const recorded = this.#admitted(request.rollout);
    const { source, environment, entry = 'reward' } = request;
    const compiled = await this.#compile(source, environment, entry, recorded.steps, { tenant, signal });
    if (!compiled.ok) return { kind: 'rejected', findings: compiled.findings };
    const { outputs } = compiled.kernel;
    const unknown = components?.find((name) => !outputs.includes(name));
    if (unknown !== undefined) {
      const message = `the program has no component "${unknown}"; it has ${outputs.join(', ')}`;
      throw new SandboxRequestError('unknown-component', message);
    }
    if (new Set(components).size !== (components ?? []).length) {
      throw new SandboxRequestError('repeated-component', 'a component is asked for twice; name each once');
    }
    return this.#supervisor.label(tenant, compiled.kernel, recorded, signal, components);
  }

  async measure(request: MeasureRequest, { signal }: RunOptions = {}): Promise<Outcome<LabelStatistics>> {
    const { tenant } = request;
    const recorded = this.#admitted(request.rollout);
    // Of very short episodes there are more statistics than steps.
    const numbers = Math.max(recorded.steps, statisticNames.length * recorded.episodes);
    const { source, environment, entry = 'reward' } = request;
    const compiled = await this.#compile(source, environment, entry, numbers, { tenant, signal });
    if (!compiled.ok) return { kind: 'rejected', findings: compiled.findings };
    return this.#supervisor.measure(tenant, compiled.kernel, recorded, signal);
  }

  async train(request: TrainRequest, options: TrainOptions = {}): Promise<Outcome<TrainingResult>> {
    const environment = builtinEnvironments.get(request.environment);
    if (environment === undefined) {
      const known = [...builtinEnvironments.keys()].join(', ');
      throw new SandboxRequestError(
        'unknown-environment',
        `no built-in environment "${request.environment}"; there are ${known}`,
      );
    }
    const { definition } = environment;
    const { signal } = options;
    const asker = { tenant: request.tenant, signal };
    const reward = await this.#compile(request.reward, definition, 'reward', 0, asker);
    if (!reward.ok) return { kind: 'rejected', findings: reward.findings };
    const fitness = await this.#compile(request.fitness.source, definition, 'success', 0, asker);
    const success = await this.#compile(environment.success, definition, 'success', 0, asker);
    // Neither is the candidate's: the fitness is the task's own, the success condition the environment's.
    if (!fitness.ok) throw new SandboxRequestError('invalid-fitness', describe('the fitness', fitness.findings));
    if (!success.ok) throw new Error(describe(`the success condition of ${definition.name}`, success.findings));
    const run = {
      environment: request.environment,
      reward: reward.kernel,
      fitness: fitness.kernel,
      success: success.kernel,
      aggregate: request.fitness.aggregate,
      environmentSteps: request.environmentSteps,
      seed: request.seed,
      evaluation: request.evaluation,
    };
    return this.#supervisor.train(request.tenant, run, signal, options.onProgress);
  }

  status(): SandboxStatus {
    return { ...this.#supervisor.status, settings: this.#settings };
  }

  async close(): Promise<void> {
    await Promise.all([this.#compilers.close(), this.#supervisor.close()]);
  }

  /** A rollout as it stands now, within the limits. */
  #admitted(rollout: Rollout): RolloutSnapshot {
    const { rows } = this.#settings;
    if (rollout.steps > rows || rollout.episodes > rows) {
      const what = rollout.steps > rows ? `${rollout.steps} rows` : `${rollout.episodes} episodes`;
      throw new SandboxRequestError('rollout-too-large', `rollout of ${what}, at most ${rows} are labelled in one run`);
    }
    const bytes = Rollout.bytes(rollout.environment, rollout);
    if (bytes > this.#settings.recordedBytes) {
      const message = `rollout of ${bytes} bytes, a runner keeps ${this.#settings.recordedBytes} at most; give it fewer rows`;
      throw new SandboxRequestError('rollout-too-large', message);
    }
    return snapshotOf(rollout);
  }

  /**
   * The first wall: nothing outside the reward language goes further, and nothing larger than the settings allow.
   * `numbers` are those that a run makes of each output.
   */
  async #compile(
    source: string,
    environment: Environment,
    entry: 'reward' | 'success',
    numbers: number,
    asker: Asker,
  ): Promise<Compiled> {
    const { programLength, components, outputBytes } = this.#settings;
    if (source.length > programLength) {
      return refuse('program-too-large', `the program has ${source.length} characters, ${programLength} are allowed`);
    }
    const compilation = await this.compiler(asker).compile({ source, environment, entry });
    if (!compilation.ok) return compilation;
    const { kernel } = compilation.program;
    if (kernel.outputs.length - 1 > components) {
      return refuse('too-many-components', `${kernel.outputs.length - 1} components, ${components} are allowed`);
    }
    const bytes = kernel.outputs.length * numbers * Float64Array.BYTES_PER_ELEMENT;
    if (bytes > outputBytes) {
      return refuse('output-too-large', `${bytes} bytes of labels or of their statistics, ${outputBytes} are allowed`);
    }
    return { ok: true, kernel };
  }
}

function refuse(code: string, message: string): Compiled {
  return { ok: false, findings: [{ code, severity: 'error', message, advice: 'Make the program smaller.' }] };
}

function describe(subject: string, findings: readonly Finding[]): string {
  return `${subject} is no valid program: ${findings.map(({ message }) => message).join('; ')}`;
}
