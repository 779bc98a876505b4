/** The four walls, outermost last. */
export const walls = ['language', 'isolate', 'process', 'container'] as const;
export type Wall = (typeof walls)[number];

/** Whether a wall stands on this machine, as found by trying it. */
export interface WallReport {
  readonly wall: Wall;
  readonly stands: boolean;
  /** What holds, or what is missing and what to do. */
  readonly detail: string;
}

/** A wall that the settings demand does not stand: the sandbox does not start. */
export class SandboxWallMissing extends Error {
  readonly code = 'sandbox-wall-missing';
  readonly missing: readonly WallReport[];

  constructor(missing: readonly WallReport[]) {
    super(`the sandbox lacks ${missing.map(({ wall, detail }) => `its ${wall} wall (${detail})`).join(', ')}`);
    this.name = 'SandboxWallMissing';
    this.missing = missing;
  }
}
