import type { Finding } from '@rewardsmith/contracts';

/** Shed: every runner is busy, or the compiler, and the queue is full. Nothing ran; ask again later. */
export class SandboxOverloaded extends Error {
  readonly code = 'sandbox-overloaded';

  constructor(queued: number, wanted: 'a runner' | 'the compiler' = 'a runner') {
    const more = wanted === 'a runner' ? ' or give the sandbox more runners' : '';
    super(`${queued} requests are waiting for ${wanted} already; ask again later${more}`);
    this.name = 'SandboxOverloaded';
  }
}

/** The sandbox was closed while, or before, the request waited. */
export class SandboxClosed extends Error {
  readonly code = 'sandbox-closed';

  constructor() {
    super('the sandbox is closed');
    this.name = 'SandboxClosed';
  }
}

/** A request that no candidate is to blame for, as a rollout with too many rows. */
export class SandboxRequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SandboxRequestError';
    this.code = code;
  }
}

/** A program that compiles, and is too much to be written out: to the finding that says why. */
export class ProgramTooCostly extends Error {
  readonly code: string;

  constructor({ code, message, advice }: Finding) {
    super(`${message} ${advice}`);
    this.name = 'ProgramTooCostly';
    this.code = code;
  }
}
