import type { Outcome, SandboxUsage } from '@rewardsmith/contracts';
import type { Reply } from '../channel/messages.ts';
import type { Exit } from './runner.ts';
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

/** What a fault that the runner itself reported means. */
export function faultEnding(fault: Reply & { type: 'fault' }, used: SandboxUsage): Ending {
  const { kind, message } = fault;
  return { kind: kind === 'threw' ? 'crashed' : kind, message, usage: used };
}

/** Why a runner's process ended under a candidate; `isolateMegabytes` is the heap that the candidate was given. */
export function exitEnding(exit: Exit, used: SandboxUsage, isolateMegabytes: number): Ending {
  const { observation, signal, code, channelFault } = exit;
  switch (observation.verdict) {
    case 'memory':
      return { kind: 'out-of-memory', message: `reached ${megabytes(observation.peakBytes)} resident`, usage: used };
    case 'deadline':
      return { kind: 'timed-out', message: `stopped after ${Math.round(used.wallMilliseconds)} ms`, usage: used };
    case 'cpu':
      return { kind: 'timed-out', message: `used ${Math.round(used.cpuMilliseconds)} ms of CPU`, usage: used };
    case 'none':
      break;
  }
  if (channelFault !== undefined) return { kind: 'crashed', message: `forged a message: ${channelFault}`, usage: used };
  if (foreignSignals.includes(signal)) {
    return { kind: 'infrastructure', message: `the runner was ended from outside (${signal})` };
  }
  // V8 aborts when it cannot allocate: the candidate's heap tells that from other aborts.
  if (observation.grownBytes > isolateMegabytes * 2 ** 20) {
    return { kind: 'out-of-memory', message: `aborted at ${megabytes(observation.peakBytes)} resident`, usage: used };
  }
  return { kind: 'crashed', message: `ended its runner (${signal ?? `exit code ${code}`})`, usage: used };
}
