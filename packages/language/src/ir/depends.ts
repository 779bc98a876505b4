import type { RewardProgram } from './program.ts';
import { reachable } from './reachable.ts';

/** Whether the program's total depends on the step or on its memory; otherwise it is one number at every step. */
export function dependsOnStep({ graph }: Pick<RewardProgram, 'graph'>): boolean {
  return reachable([graph.total]).some(({ op }) => op === 'input' || op === 'memory');
}
