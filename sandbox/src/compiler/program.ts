import type { Environment, Finding, Kernel } from '@rewardsmith/contracts';
import { dependsOnStep, emitKernel, type RewardProgram } from '@rewardsmith/language';

/** A program as it is given: all that its compilation depends on. */
export interface ProgramText {
  /** Source text in the reward language. */
  readonly source: string;
  readonly environment: Environment;
  readonly entry?: 'reward' | 'success';
}

/** What is kept of a compiled program: all but its graph, which may be too deep to be sent from one thread to another. */
export interface CompiledProgram
  extends Pick<RewardProgram, 'source' | 'module' | 'entry' | 'components' | 'params' | 'hash'> {
  /** Whether its total depends on the step or on its memory. */
  readonly dependsOnStep: boolean;
  readonly kernel: Kernel;
}

export type Compiled =
  | { readonly ok: true; readonly program: CompiledProgram; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Throws a `RangeError` where the graph is too deep for the emitter. */
export function keptOf(program: RewardProgram): CompiledProgram {
  const { source, module, entry, components, params, hash } = program;
  const kernel = emitKernel(program);
  return { source, module, entry, components, params, hash, dependsOnStep: dependsOnStep(program), kernel };
}
