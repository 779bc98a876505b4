import type { Finding } from '@rewardsmith/contracts';

const shed = {
  'a runner': (queued: number) =>
    `${queued} requests are waiting for a runner already; ask again later or give the sandbox more runners`,
  'the compiler': (queued: number) => `${queued} requests are waiting for the compiler already; ask again later`,
  'a share of the compiler': (queued: number) =>
    `${queued} requests of this tenant are waiting for the compiler already, as many as one tenant may have; ask again when one is done`,
};

/**
 * Shed: every runner is busy, or the compiler, and the queue is full, or what of it is one tenant's. Nothing ran; ask again
 * later.
 */
export class SandboxOverloaded extends Error {
  readonly code = 'sandbox-overloaded';

  constructor(queued: number, wanted: keyof typeof shed = 'a runner') {
    super(shed[wanted](queued));
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
