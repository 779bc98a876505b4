import type { Kernel, Outcome } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile, emitKernel } from '@rewardsmith/language';
import { Rollout } from '@rewardsmith/rollouts';
import { limits } from '../limits.ts';
import { completeSettings, type SandboxSettings } from '../settings.ts';
import { runnerCommand } from '../supervisor/command.ts';
import { usage } from '../supervisor/ending.ts';
import { candidatePart, labelOn } from '../supervisor/labelling.ts';
import type { PoolStatus } from '../supervisor/pool.ts';
import { snapshotOf } from '../supervisor/rollout-snapshot.ts';
import { Runner, runnerEntry } from '../supervisor/runner.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import type { TrainingKernels } from '../supervisor/training.ts';
import type { Watcher } from '../supervisor/watcher.ts';
import { rawKernel, rawScript } from './adapter.ts';

/** The walls that a raw run can take down. The fourth, the container, stands or not where the process runs. */
export const rawWalls = ['language', 'isolate', 'process'] as const;
export type RawWall = (typeof rawWalls)[number];

/** What the program is asked to do: label, the same for its statistics alone, or be the reward of a short training. */
export const rawForms = ['label', 'measure', 'train'] as const;
export type RawForm = (typeof rawForms)[number];

export interface RawReport {
  readonly outcome: Outcome<unknown>['kind'];
  /** Why, in words: a message, or the findings of the language check. */
  readonly reason: string;
  readonly walls: readonly RawWall[];
  /** Until the program ended or ran no more. */
  readonly wallMilliseconds: number;
  /** From then until the kernel had its memory back and told of its exit, which the outcome waits for; 0 where no runner was killed. */
  readonly exitMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakResidentBytes: number;
  readonly limits: { readonly wallMilliseconds: number; readonly memoryBytes: number };
  /** Whether a good program that ran next, for the same tenant, gave the right labels. */
  readonly nextRunRight: boolean;
}

const rawEntry = new URL('../runner/raw-main.ts', import.meta.url);
const tenant = 'raw';
/** Milliseconds for the good program. */
const PATIENCE = 60_000;
/** Environment steps of a training on a raw program: some generations. */
const TRAINED_STEPS = 20_000;
const good = 'export function reward({ next }) { return { upright: 3 * next.poleAngle + 1 }; }';

/** A sandbox with some walls down that takes arbitrary JavaScript. Exists for tests: the service never goes this way. */
export class RawSandbox {
  readonly #settings: SandboxSettings;
  readonly #walls: readonly RawWall[];
  /** Of the runner that was killed in the last run. */
  #endedAgo = 0;
  /** Where the program under test runs. */
  readonly #hostile: Supervisor;
  /** Where the good program runs next: the same runners, unless those have no isolate. */
  readonly #successor: Supervisor;

  constructor(without: readonly RawWall[] = [], given: Partial<SandboxSettings> = {}) {
    const wallMilliseconds = given.wallMilliseconds ?? limits.rawMilliseconds;
    this.#settings = completeSettings({
      runners: 1,
      spares: 0,
      // A training is held to the same time, whole as in each of its calls.
      generationMilliseconds: wallMilliseconds,
      trainingMilliseconds: wallMilliseconds,
      trainingMicrosecondsPerStep: 0,
      ...given,
      wallMilliseconds,
    });
    this.#walls = rawWalls.filter((wall) => !without.includes(wall));
    const isolated = this.#walls.includes('isolate');
    const restricted = this.#walls.includes('process');
    const command = runnerCommand(isolated ? runnerEntry : rawEntry, restricted);
    this.#hostile = new Supervisor(this.#settings, async (watcher: Watcher) => {
      const runner = await Runner.start(watcher, command, !restricted);
      runner.exited.then(({ endedAgo }) => {
        this.#endedAgo = Math.max(this.#endedAgo, endedAgo);
      });
      return runner;
    });
    this.#successor = isolated ? this.#hostile : new Supervisor(this.#settings);
  }

  /** Runs one program, then a good one. Without an isolate there is one form alone. */
  async run(source: string, form: RawForm = 'label'): Promise<RawReport> {
    const from = performance.now();
    this.#endedAgo = 0;
    const outcome = await this.#outcome(source, form);
    // One that came to no runner has used nothing of one.
    const used =
      'usage' in outcome
        ? outcome.usage
        : { wallMilliseconds: performance.now() - from, cpuMilliseconds: 0, peakResidentBytes: 0 };
    return {
      outcome: outcome.kind,
      reason: reason(outcome),
      walls: this.#walls,
      ...used,
      exitMilliseconds: this.#endedAgo,
      limits: {
        wallMilliseconds: this.#settings.wallMilliseconds,
        memoryBytes: this.#settings.memoryBytes + (form === 'train' ? limits.trainingBytes : 0),
      },
      nextRunRight: await this.goodRunRight(),
    };
  }

  /** The runners on which good programs run. */
  get status(): PoolStatus {
    return this.#successor.status;
  }

  async close(): Promise<void> {
    await this.#hostile.close();
    await this.#successor.close();
  }

  #outcome(source: string, form: RawForm): Promise<Outcome<unknown>> {
    const { definition } = cartpole();
    let kernel = rawKernel(source, definition);
    if (this.#walls.includes('language')) {
      const compilation = compile(source, definition);
      if (!compilation.ok) return Promise.resolve({ kind: 'rejected', findings: compilation.findings });
      kernel = emitKernel(compilation.program);
    }
    if (this.#walls.includes('isolate')) return this.#isolated(kernel, form);
    return this.#hostile.run(tenant, undefined, (runner) =>
      runBare(runner, rawScript(source, recorded()), this.#settings),
    );
  }

  #isolated(kernel: Kernel, form: RawForm): Promise<Outcome<unknown>> {
    switch (form) {
      case 'label':
        return this.#hostile.label(tenant, kernel, recorded());
      case 'measure':
        return this.#hostile.measure(tenant, kernel, recorded());
      case 'train':
        return this.#hostile.train(tenant, training(kernel));
    }
  }

  /** Runs a good program for the same tenant and says whether its labels were right. */
  async goodRunRight(): Promise<boolean> {
    const kernel = kernelOf(good, 'reward');
    const rollout = recorded();
    // However short the program under test is kept, the good one gets what a busy machine may need.
    const settings = { ...this.#settings, wallMilliseconds: PATIENCE, cpuMilliseconds: PATIENCE };
    const run = { kernel, recorded: snapshotOf(rollout), settings };
    const outcome = await this.#successor.run(tenant, undefined, (runner) => labelOn(runner, run));
    if (outcome.kind !== 'ok') return false;
    const angles = rollout.column({ role: 'next', field: 'poleAngle', index: 0 });
    const labels = outcome.value.columns[0];
    return labels?.length === angles.length && angles.every((angle, step) => labels[step] === 3 * angle + 1);
  }
}

/** Runs a program in the runner's own realm; the runner is not used again. */
async function runBare(runner: Runner, source: string, settings: SandboxSettings): Promise<Outcome<unknown>> {
  const from = performance.now();
  const { wallMilliseconds, cpuMilliseconds, memoryBytes } = settings;
  runner.run({ type: 'raw', source }, { wallMilliseconds, cpuMilliseconds, memoryBytes, answerBytes: 0 });
  // There is no isolate whose heap it could fight for.
  const allowed = { wallMilliseconds, cpuMilliseconds, heapBytes: Number.POSITIVE_INFINITY };
  const ending = await candidatePart(runner, from, allowed);
  const used = usage(runner.observation, runner.heard - from);
  runner.kill();
  return ending ?? { kind: 'ok', value: undefined, usage: used };
}

function kernelOf(source: string, entry: 'reward' | 'success'): Kernel {
  const compilation = compile(source, cartpole().definition, { entry });
  if (!compilation.ok) throw new Error(`a program of the project is outside the language: ${source}`);
  return emitKernel(compilation.program);
}

function training(reward: Kernel): TrainingKernels {
  const { fitness, success } = cartpole();
  return {
    environment: 'cartpole',
    reward,
    fitness: kernelOf(fitness.source, 'success'),
    success: kernelOf(success, 'success'),
    aggregate: fitness.aggregate,
    environmentSteps: TRAINED_STEPS,
    seed: 1,
    evaluation: { seed: 1, episodes: 2 },
  };
}

function recorded(steps = 500): Rollout {
  const rollout = Rollout.allocate(cartpole().definition, { steps, episodes: 1 });
  for (const [index, column] of rollout.columns.entries()) {
    for (let step = 0; step < steps; step += 1) column[step] = Math.sin(step * 0.1 + index);
  }
  rollout.steps = steps;
  rollout.endEpisode();
  return rollout;
}

function cartpole() {
  const environment = builtinEnvironments.get('cartpole');
  if (environment === undefined) throw new Error('cartpole is built in');
  return environment;
}

function reason(outcome: Outcome<unknown>): string {
  switch (outcome.kind) {
    case 'ok':
      return '';
    case 'rejected':
      return outcome.findings.map(({ code, message }) => `${code}: ${message}`).join('; ');
    default:
      return outcome.message;
  }
}
