import type { StopReason } from '@rewardsmith/contracts';
import type { CapName } from '@rewardsmith/llm';

/** The endpoint does not answer, and asking on would not help: the task pauses, and goes on by itself where the fault may pass, or when it is resumed. */
export class EndpointUnavailable extends Error {
  readonly reason: string;
  /** How long the provider has asked to be left alone, where it said so. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(reason: string, message: string, retryAfterMilliseconds?: number) {
    super(message);
    this.reason = reason;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
  }
}

/** The task was paused, or has ended, while its step was under way: nothing more is asked, and the step is given back. */
export class TaskAtRest extends Error {}

/** The reason for which a task stops when a reservation would pass a cap. */
export function stopReasonOf(cap: CapName): StopReason {
  switch (cap) {
    case 'call-tokens':
    case 'call-money':
      return 'budget-call';
    case 'task-tokens':
      return 'budget-model-tokens';
    case 'task-money':
      return 'budget-model-money';
    case 'tenant-tokens':
    case 'tenant-money':
      return 'budget-tenant';
  }
}
