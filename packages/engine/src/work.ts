import type { Designer } from '@rewardsmith/designer';
import { builtinEnvironments } from '@rewardsmith/environments';
import type { Queue } from '@rewardsmith/queue';
import { type Sandbox, SandboxOverloaded } from '@rewardsmith/sandbox';
import type { StepRow, Store } from '@rewardsmith/store';
import type { Logger } from 'pino';
import { limits } from './limits.ts';
import { StepInput } from './machine/steps.ts';
import type { ModelAccess } from './model/access.ts';
import { EndpointUnavailable, TaskAtRest } from './model/failure.ts';
import { advance, failTask } from './moves/advance.ts';
import { InfrastructureFailure } from './moves/failure.ts';
import { pauseTask, resumeWhenDue, resumptionAfter } from './moves/pause.ts';
import { runJudge } from './moves/run-judge.ts';
import { runPropose } from './moves/run-propose.ts';
import { runTrain } from './moves/run-train.ts';
import { countTime } from './moves/state.ts';

export interface WorkContext {
  readonly store: Store;
  readonly queue: Queue;
  readonly sandbox: Sandbox;
  readonly designer: Designer;
  /** Where models answer; absent when the service has no endpoint. */
  readonly access: ModelAccess | undefined;
  /** Trainings that run at once. */
  readonly trainings: number;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Advances tasks and runs their steps. Everything it does may be asked for twice and may be killed half-way. */
export class TaskWork {
  readonly #context: WorkContext;
  /** Steps that this process runs now, so that a cancelled task's trainings can be ended. */
  readonly #running = new Map<string, { readonly taskId: string; readonly abort: AbortController }>();
  #closing = false;
  #recovering = false;

  constructor(context: WorkContext) {
    this.#context = context;
  }

  async advance(taskId: string): Promise<void> {
    const { store, now } = this.#context;
    const wake = await store.transact(taskId, async (move) => {
      const environment = builtinEnvironments.get(move.task.environment);
      if (environment !== undefined) return advance(move, environment, now());
      if (move.task.finishedAt === null) {
        const failure = `This service has no environment "${move.task.environment}"; an earlier version of it had.`;
        await failTask(move, 'infrastructure', failure, now());
      }
      return [];
    });
    await this.#wakeSteps(wake);
  }

  /** Claims and runs one step; does nothing when another worker holds it or it has ended. */
  async runStep(stepId: string): Promise<void> {
    const { store, queue, logger } = this.#context;
    const step = await store.claimStep(stepId, limits.leaseMilliseconds);
    if (step === undefined) return;
    const abort = new AbortController();
    const running = { taskId: step.taskId, abort };
    this.#running.set(stepId, running);
    const heartbeat = setInterval(() => {
      void this.#keepLease(step, abort);
    }, limits.heartbeatMilliseconds);
    try {
      const wake = await this.#perform(step, abort.signal);
      await this.#wakeSteps(wake);
    } catch (error) {
      if (abort.signal.aborted) {
        if (this.#closing) await store.releaseStep(step.id, step.attempt);
        logger.info(
          { taskId: step.taskId, stepId },
          'step given up: its task or this process ends, or another took it',
        );
        return;
      }
      await this.#retryOrFail(step, error);
    } finally {
      clearInterval(heartbeat);
      // Another attempt of the same step may have begun here after a lost lease.
      if (this.#running.get(stepId) === running) this.#running.delete(stepId);
    }
    await queue.wake({ kind: 'advance', taskId: step.taskId });
  }

  /** Ends the trainings of a task that this process runs. */
  abortTask(taskId: string): void {
    for (const running of this.#running.values()) {
      if (running.taskId === taskId) running.abort.abort();
    }
  }

  /** Ends every step of this process and gives it back, to be taken up by whoever is there. */
  abortAll(): void {
    this.#closing = true;
    for (const running of this.#running.values()) running.abort.abort();
  }

  /** Wakes what nobody holds: after a start, and from time to time. */
  async recover(): Promise<void> {
    if (this.#recovering) return;
    this.#recovering = true;
    try {
      const { store, queue, trainings } = this.#context;
      await this.#resumeDue();
      const { taskIds, stepIds } = await store.unfinishedWork(trainings * limits.sweptStepsPerTraining);
      await Promise.all(taskIds.map((taskId) => queue.wake({ kind: 'advance', taskId })));
      await this.#wakeSteps(stepIds.filter((stepId) => !this.#running.has(stepId)));
    } finally {
      this.#recovering = false;
    }
  }

  /** Lets paused tasks go on whose endpoint was to be left alone until now. */
  async #resumeDue(): Promise<void> {
    const { store, access, logger, now } = this.#context;
    for (const taskId of await store.duePauses(now())) {
      await this.#wakeSteps(await store.transact(taskId, (move) => resumeWhenDue(move, access?.terms, now())));
      logger.info({ taskId }, 'task resumed: its endpoint is asked again');
    }
  }

  async #wakeSteps(stepIds: readonly string[]): Promise<void> {
    for (const stepId of stepIds) {
      await this.#context.queue.wake({ kind: 'step', stepId });
    }
  }

  async #keepLease(step: StepRow, abort: AbortController): Promise<void> {
    const { store, now } = this.#context;
    try {
      if (!(await store.renewLease(step.id, step.attempt, limits.leaseMilliseconds))) return abort.abort();
      // A lease that is kept shows that the service is up: this is time that the task takes.
      await store.transact(step.taskId, (move) => countTime(move, now()));
    } catch (error) {
      this.#context.logger.warn({ err: error, stepId: step.id }, 'could not renew a lease; trying again');
    }
  }

  async #perform(step: StepRow, signal: AbortSignal): Promise<readonly string[]> {
    const { store, sandbox, designer, access, now } = this.#context;
    const task = await store.taskById(step.taskId);
    if (task === undefined) return [];
    const input = StepInput.parse(step.input);
    const environment = builtinEnvironments.get(task.environment);
    if (environment === undefined) return [];
    switch (input.kind) {
      case 'propose':
        return runPropose(step, task, input.generation, {
          store,
          sandbox,
          designer,
          access,
          environment,
          signal,
          now,
        });
      case 'judge':
        await runJudge(step, task, input.generation, { store, sandbox, environment, now });
        return [];
      case 'train':
        await runTrain(step, task, input, { store, sandbox, environment, now, signal });
        return [];
    }
  }

  /** The service's own fault: the step is given back, and after `stepFailures` the task fails with the reason. */
  async #retryOrFail(step: StepRow, error: unknown): Promise<void> {
    const { store, queue, logger, now } = this.#context;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof TaskAtRest) {
      await store.releaseStep(step.id, step.attempt, false);
      // Where it was resumed before this step was given back, its waking has passed unheard.
      await queue.wake({ kind: 'step', stepId: step.id });
      return;
    }
    if (error instanceof EndpointUnavailable) {
      logger.warn({ taskId: step.taskId, stepId: step.id, reason: error.reason, message }, 'task paused');
      const at = now();
      await store.transact(step.taskId, (move) =>
        pauseTask(move, error.reason, message, at, resumptionAfter(error, move.task.resumptions, at)),
      );
      await store.releaseStep(step.id, step.attempt);
      return;
    }
    logger.error({ err: error, taskId: step.taskId, stepId: step.id, attempt: step.attempt }, 'step failed');
    const overloaded = error instanceof SandboxOverloaded;
    if (step.failures + 1 < limits.stepFailures || overloaded) {
      const failures = await store.releaseStep(step.id, step.attempt, !overloaded);
      const wait = limits.retryMilliseconds * 2 ** Math.max(0, (failures ?? 1) - 1);
      // Where this process ends before, the sweep of another finds the step.
      setTimeout(() => void queue.wake({ kind: 'step', stepId: step.id }), wait).unref();
      return;
    }
    const kind = error instanceof InfrastructureFailure ? 'the sandbox' : 'the service';
    await store.transact(step.taskId, async (move) => {
      if (!(await move.finishStep(step.id, step.attempt, 'failed', null))) return;
      await failTask(
        move,
        'infrastructure',
        `${kind} failed ${step.failures + 1} times at ${step.key}: ${message}`,
        now(),
      );
    });
  }
}
