/** How a candidate's program failed inside the runner. */
export type FaultKind = 'threw' | 'timed-out' | 'out-of-memory';

/** The candidate's own fault; everything else that is thrown in the runner is the service's. */
export class CandidateFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'CandidateFault';
    this.kind = kind;
  }
}
