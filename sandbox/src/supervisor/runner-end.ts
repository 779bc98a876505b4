import type { SandboxUsage } from '@rewardsmith/contracts';
import type { Observation } from './watcher.ts';

/** How a runner's process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly observation: Observation;
  /** How long ago it ran no more: the kernel tells of an exit once it has the memory back. 0 of one that was not seen so after a kill at a limit. */
  readonly endedAgo: number;
  /** What was wrong with its messages, when that is why it was killed. */
  readonly channelFault: string | undefined;
}

/** The runner's process is gone: the reply that was waited for will not come. */
export class RunnerExited extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super(`runner ended with ${exit.signal ?? `code ${exit.code}`}`);
    this.name = 'RunnerExited';
    this.exit = exit;
  }
}

/** The runner's own code has failed, or so the runner says. */
export class RunnerBroke extends Error {
  /** Given when it did so under a candidate. */
  readonly usage: SandboxUsage | undefined;

  constructor(message: string, usage?: SandboxUsage) {
    super(message);
    this.name = 'RunnerBroke';
    this.usage = usage;
  }
}
