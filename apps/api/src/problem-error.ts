import type { Problem } from '@rewardsmith/contracts';

export type ProblemFault = NonNullable<Problem['errors']>[number];

/** A fault of the caller's that is answered as problem+json: a stable code, what is wrong, and where. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly ProblemFault[];

  constructor(status: number, code: string, message: string, faults: readonly ProblemFault[] = []) {
    super(message);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

/** "2 faults in the body." */
export function faultsIn(faults: readonly ProblemFault[], part: string): string {
  return `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the ${part}.`;
}

export function notFound(what: string, id: string): ProblemError {
  return new ProblemError(404, 'not-found', `There is no ${what} ${id}.`);
}
