import type { Outcome, SandboxUsage } from '@rewardsmith/contracts';
import type { Reply } from '../channel/messages.ts';
import { mostThreads } from './most-threads.ts';
import type { Exit } from './runner-end.ts';
import type { Observation } from './watcher.ts';

/** What ended a run before its result: a fault of the candidate, or one of the service. */
export type Ending = Exclude<Outcome<never>, { kind: 'ok' } | { kind: 'rejected' }>;

/** Ends that come from outside: the kernel out of memory, an operator, a shutdown. Not the candidate's. */
const foreignSignals: readonly (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

export function usage(observation: Observation, wallMilliseconds: number): SandboxUsage {
  return {
    wallMilliseconds,
    cpuMilliseconds: observation.cpuMilliseconds,
    peakResidentBytes: observation.peakBytes,
  };
}

/**
 * What a candidate was given: `heapBytes` is what its heap may take. A runner that has grown by more when it stops was fighting
 * for memory, whichever limit it met first: V8 collects garbage for long before it gives up.
 */
export interface Allowed {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly heapBytes: number;
}

/** The same, and what it has used. */
export interface Spent {
  readonly usage: SandboxUsage;
  readonly grownBytes: number;
  readonly allowed: Allowed;
}

/** What a fault that the runner itself reported means. */
export function faultEnding(fault: Reply & { type: 'fault' }, spent: Spent): Ending {
  const { message } = fault;
  switch (fault.kind) {
    case 'threw':
      return { kind: 'crashed', message, usage: spent.usage };
    case 'timed-out':
      return starved(spent) ?? { kind: 'timed-out', message, usage: spent.usage };
    case 'out-of-memory':
      return { kind: 'out-of-memory', message, usage: spent.usage };
  }
}

/** Why the watcher ended it: nothing of one that ended otherwise, however near it was to a limit. */
export function limitMet({ signal, observation }: Exit): Observation['verdict'] {
  return signal === 'SIGKILL' ? observation.verdict : 'none';
}

/** Whether neither the runner nor its watcher had a hand in its end. */
export function endedFromOutside(exit: Exit): boolean {
  return limitMet(exit) === 'none' && exit.channelFault === undefined && foreignSignals.includes(exit.signal);
}

/** Why a runner's process ended under a candidate. */
export function exitEnding(exit: Exit, spent: Spent): Ending {
  const { signal, code, channelFault } = exit;
  const used = spent.usage;
  if (channelFault !== undefined) return { kind: 'crashed', message: `forged a message: ${channelFault}`, usage: used };
  switch (limitMet(exit)) {
    case 'memory':
      return { kind: 'out-of-memory', message: `reached ${megabytes(used.peakResidentBytes)} resident`, usage: used };
    case 'deadline':
      return (
        starved(spent) ?? {
          kind: 'timed-out',
          message: `ran longer than ${spent.allowed.wallMilliseconds} ms`,
          usage: used,
        }
      );
    case 'cpu':
      return (
        starved(spent) ?? {
          kind: 'timed-out',
          message: `used more than ${spent.allowed.cpuMilliseconds} ms of CPU`,
          usage: used,
        }
      );
    case 'leaderless':
      return { kind: 'crashed', message: "ended its runner's leading thread", usage: used };
    case 'threads':
      return { kind: 'crashed', message: `had more threads than the ${mostThreads} of a runner`, usage: used };
    case 'none':
      break;
  }
  if (endedFromOutside(exit)) {
    return { kind: 'infrastructure', message: `the runner was ended from outside (${signal})` };
  }
  const how = signal ?? `exit code ${code}`;
  return starved(spent) ?? { kind: 'crashed', message: `ended its runner (${how})`, usage: used };
}

function starved({ usage: used, grownBytes, allowed: { heapBytes } }: Spent): Ending | undefined {
  if (grownBytes <= heapBytes) return undefined;
  const message = `grew by ${megabytes(grownBytes)}, more than its heap of ${megabytes(heapBytes)}`;
  return { kind: 'out-of-memory', message, usage: used };
}
