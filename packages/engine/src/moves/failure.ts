import type { Outcome } from '@rewardsmith/contracts';
import { limits } from '../limits.ts';

/** The service could not do the work; nothing is the candidate's fault, and the step is tried again. */
export class InfrastructureFailure extends Error {}

/**
 * A deadline that passed while the run was hardly given the processor says something of the machine, and nothing of the
 * candidate. Throws an `InfrastructureFailure` then.
 */
export function throwWhenStarved(outcome: Outcome<unknown>): void {
  if (outcome.kind !== 'timed-out') return;
  const { cpuMilliseconds, wallMilliseconds } = outcome.usage;
  if (cpuMilliseconds >= wallMilliseconds * limits.starvedShare) return;
  throw new InfrastructureFailure(
    `the run had ${Math.round(cpuMilliseconds)} ms of the processor in ${Math.round(wallMilliseconds)} ms: this machine is too busy`,
  );
}
