import type { Finding } from './finding.ts';

/** What one run in the sandbox used. */
export interface SandboxUsage {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakResidentBytes: number;
}

/**
 * How a run in the sandbox ended. `infrastructure` is the service's own fault and never counts against the candidate;
 * every other failure is the candidate's.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly usage: SandboxUsage }
  | { readonly kind: 'rejected'; readonly findings: readonly Finding[] }
  | { readonly kind: 'crashed'; readonly message: string; readonly usage: SandboxUsage }
  | { readonly kind: 'timed-out'; readonly message: string; readonly usage: SandboxUsage }
  | { readonly kind: 'out-of-memory'; readonly message: string; readonly usage: SandboxUsage }
  | { readonly kind: 'infrastructure'; readonly message: string };
