/** Shed: every runner is busy and the queue is full. Nothing ran; ask again later. */
export class SandboxOverloaded extends Error {
  readonly code = 'sandbox-overloaded';

  constructor(queued: number) {
    super(`${queued} requests are waiting for a runner already; ask again later or give the sandbox more runners`);
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
