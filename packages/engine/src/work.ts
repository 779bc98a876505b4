import type { Designer } from '@rewardsmith/designer';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import type { Queue } from '@rewardsmith/queue';
import type { Sandbox } from '@rewardsmith/sandbox';
import type { StepRow, Store, TaskRow } from '@rewardsmith/store';
import type { Logger } from 'pino';
import { limits } from './limits.ts';
import { StepInput } from './machine/steps.ts';
import type { ModelAccess } from './model/access.ts';
import { EndpointUnavailable } from './model/failure.ts';
import { advance, failTask } from './moves/advance.ts';
import { InfrastructureFailure } from './moves/failure.ts';
import { pauseTask } from './moves/pause.ts';
import { runPropose } from './moves/run-propose.ts';
import { runTrain } from './moves/run-train.ts';

export interface WorkContext {
  readonly store: Store;
  readonly queue: Queue;
  readonly sandbox: Sandbox;
  readonly designer: Designer;
  /** Where models answer; absent when the service has no endpoint. */
  readonly access: ModelAccess | undefined;
  readonly logger: Logger;
  readonly now: () => Date;
}

function environmentOf(task: TaskRow): BuiltinEnvironment {
  const environment = builtinEnvironments.get(task.environment);
  if (environment === undefined) {
    throw new Error(`task ${task.id} names environment "${task.environment}", which this service does not have`);
  }
  return environment;
}

/** Advances tasks and runs their steps. Everything it does may be asked for twice and may be killed half-way. */
export class TaskWork {
  readonly #context: WorkContext;
  /** Steps that this process runs now, so that a cancelled task's trainings can be ended. */
  readonly #running = new Map<string, { readonly taskId: string; readonly abort: AbortController }>();

  constructor(context: WorkContext) {
    this.#context = context;
  }

  async advance(taskId: string): Promise<void> {
    const { store, now } = this.#context;
    const wake = await store.transact(taskId, (move) => advance(move, environmentOf(move.task), now()));
    await this.#wakeSteps(wake);
  }

  /** Claims and runs one step; does nothing when another worker holds it or it has ended. */
  async runStep(stepId: string): Promise<void> {
    const { store, queue, logger } = this.#context;
    const step = await store.claimStep(stepId, limits.leaseMilliseconds);
    if (step === undefined) return;
    const abort = new AbortController();
    this.#running.set(stepId, { taskId: step.taskId, abort });
    const heartbeat = setInterval(() => {
      void this.#keepLease(step, abort);
    }, limits.heartbeatMilliseconds);
    try {
      const wake = await this.#perform(step, abort.signal);
      await this.#wakeSteps(wake);
    } catch (error) {
      if (abort.signal.aborted) {
        logger.info({ taskId: step.taskId, stepId }, 'step given up: its task ended or another worker took it');
        return;
      }
      await this.#retryOrFail(step, error);
    } finally {
      clearInterval(heartbeat);
      this.#running.delete(stepId);
    }
    await queue.wake({ kind: 'advance', taskId: step.taskId });
  }

  /** Ends the trainings of a task that this process runs. */
  abortTask(taskId: string): void {
    for (const running of this.#running.values()) {
      if (running.taskId === taskId) running.abort.abort();
    }
  }

  /** Ends every training of this process; their steps stay claimed and are taken up again by whoever starts next. */
  abortAll(): void {
    for (const running of this.#running.values()) running.abort.abort();
  }

  /** Wakes what nobody holds: after a start, and from time to time. */
  async recover(): Promise<void> {
    const { store, queue } = this.#context;
    const { taskIds, stepIds } = await store.unfinishedWork();
    await Promise.all(taskIds.map((taskId) => queue.wake({ kind: 'advance', taskId })));
    await this.#wakeSteps(stepIds.filter((stepId) => !this.#running.has(stepId)));
  }

  async #wakeSteps(stepIds: readonly string[]): Promise<void> {
    for (const stepId of stepIds) {
      await this.#context.queue.wake({ kind: 'step', stepId });
    }
  }

  async #keepLease(step: StepRow, abort: AbortController): Promise<void> {
    try {
      if (!(await this.#context.store.renewLease(step.id, step.attempt, limits.leaseMilliseconds))) abort.abort();
    } catch (error) {
      this.#context.logger.warn({ err: error, stepId: step.id }, 'could not renew a lease; trying again');
    }
  }

  async #perform(step: StepRow, signal: AbortSignal): Promise<readonly string[]> {
    const { store, sandbox, designer, access, now } = this.#context;
    const task = await store.taskById(step.taskId);
    if (task === undefined) return [];
    const input = StepInput.parse(step.input);
    const environment = environmentOf(task);
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
      case 'train':
        await runTrain(step, task, input, { store, sandbox, environment, now, signal });
        return [];
    }
  }

  /** The service's own fault: the step is given back, and after `stepAttempts` the task fails with the reason. */
  async #retryOrFail(step: StepRow, error: unknown): Promise<void> {
    const { store, queue, logger, now } = this.#context;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof EndpointUnavailable) {
      logger.warn({ taskId: step.taskId, stepId: step.id, reason: error.reason, message }, 'task paused');
      await store.transact(step.taskId, (move) => pauseTask(move, error.reason, message, now()));
      await store.releaseStep(step.id, step.attempt);
      return;
    }
    logger.error({ err: error, taskId: step.taskId, stepId: step.id, attempt: step.attempt }, 'step failed');
    if (step.attempt < limits.stepAttempts) {
      await store.releaseStep(step.id, step.attempt);
      await queue.wake({ kind: 'step', stepId: step.id });
      return;
    }
    const kind = error instanceof InfrastructureFailure ? 'the sandbox' : 'the service';
    await store.transact(step.taskId, async (move) => {
      if (!(await move.finishStep(step.id, step.attempt, 'failed', null))) return;
      await failTask(move, 'infrastructure', `${kind} failed ${step.attempt} times at ${step.key}: ${message}`, now());
    });
  }
}
