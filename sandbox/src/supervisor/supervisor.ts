import type { Kernel, Outcome, SandboxUsage } from '@rewardsmith/contracts';
import type { LabelStatistics, Labels, Rollout } from '@rewardsmith/rollouts';
import type { TrainingResult } from '@rewardsmith/training';
import { SandboxClosed, SandboxOverloaded } from '../errors.ts';
import type { SandboxSettings } from '../settings.ts';
import { labelOn, measureOn } from './labelling.ts';
import { Pool, type PoolStatus } from './pool.ts';
import { type RolloutSnapshot, snapshotOf } from './rollout-snapshot.ts';
import type { Runner } from './runner.ts';
import { RunnerBroke, RunnerExited } from './runner-end.ts';
import { type TrainingKernels, trainOn } from './training.ts';
import type { Watcher } from './watcher.ts';

/** How an attempt ended; `broke` says what was used when its runner failed under the candidate, by its own account. */
interface Attempt<T> {
  readonly outcome: Outcome<T>;
  readonly broke?: SandboxUsage | undefined;
}

/**
 * The walls behind the language: runs kernels, whoever wrote them, on runners of the pool. What comes back is an
 * outcome; rejections are `SandboxOverloaded`, `SandboxClosed` and the signal's reason.
 */
export class Supervisor {
  readonly settings: SandboxSettings;
  readonly #pool: Pool;

  /** `start` makes another kind of runner than the usual one. */
  constructor(settings: SandboxSettings, start?: (watcher: Watcher) => Promise<Runner>) {
    this.settings = settings;
    this.#pool = new Pool(settings, start);
  }

  get status(): PoolStatus {
    return this.#pool.status;
  }

  label(
    tenant: string,
    kernel: Kernel,
    rollout: Rollout | RolloutSnapshot,
    signal?: AbortSignal,
    names?: readonly string[],
  ): Promise<Outcome<Labels>> {
    const run = this.#labelRun(kernel, rollout);
    return this.run(tenant, signal, (runner) => labelOn(runner, run, names));
  }

  measure(
    tenant: string,
    kernel: Kernel,
    rollout: Rollout | RolloutSnapshot,
    signal?: AbortSignal,
  ): Promise<Outcome<LabelStatistics>> {
    const run = this.#labelRun(kernel, rollout);
    return this.run(tenant, signal, (runner) => measureOn(runner, run));
  }

  #labelRun(kernel: Kernel, rollout: Rollout | RolloutSnapshot) {
    return { kernel, recorded: 'key' in rollout ? rollout : snapshotOf(rollout), settings: this.settings };
  }

  train(
    tenant: string,
    kernels: TrainingKernels,
    signal?: AbortSignal,
    onProgress?: (progress: { environmentSteps: number }) => void,
  ): Promise<Outcome<TrainingResult>> {
    return this.run(tenant, signal, (runner) => trainOn(runner, kernels, this.settings, onProgress));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /**
   * Runs on a runner of the tenant's; what the service itself got wrong is tried once more, on another runner. A
   * candidate under which both of them fail, as they say, has taken them over or is why they failed.
   */
  async run<T>(
    tenant: string,
    signal: AbortSignal | undefined,
    work: (runner: Runner) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const first = await this.#attempt(tenant, signal, work);
    if (first.outcome.kind !== 'infrastructure') return first.outcome;
    const { outcome, broke } = await this.#attempt(tenant, signal, work);
    if (outcome.kind !== 'infrastructure' || first.broke === undefined || broke === undefined) return outcome;
    return { kind: 'crashed', message: `two runners failed under it: ${outcome.message}`, usage: broke };
  }

  async #attempt<T>(
    tenant: string,
    signal: AbortSignal | undefined,
    work: (runner: Runner) => Promise<Outcome<T>>,
  ): Promise<Attempt<T>> {
    let runner: Runner;
    try {
      runner = await this.#pool.acquire(tenant, signal);
    } catch (error) {
      if (signal?.aborted || error instanceof SandboxOverloaded || error instanceof SandboxClosed) throw error;
      return { outcome: { kind: 'infrastructure', message: `no runner could be started: ${String(error)}` } };
    }
    if (signal?.aborted) {
      // Given up while the runner was waited for, which no listener is told of any more.
      this.#pool.release(runner, true);
      throw signal.reason;
    }
    const abort = () => runner.kill();
    signal?.addEventListener('abort', abort, { once: true });
    let keep = false;
    try {
      const outcome = await work(runner);
      signal?.throwIfAborted();
      keep = outcome.kind === 'ok' || outcome.kind === 'crashed';
      return { outcome };
    } catch (error) {
      signal?.throwIfAborted();
      const broke = error instanceof RunnerBroke ? error.usage : undefined;
      if (!(error instanceof RunnerBroke || error instanceof RunnerExited)) throw error;
      return { outcome: { kind: 'infrastructure', message: error.message }, broke };
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#pool.release(runner, keep);
    }
  }
}
