import type { Environment } from '@rewardsmith/contracts';
import { compile, type RewardProgram } from '@rewardsmith/language';

/** The candidate's program; it was accepted, so it compiles. */
export function acceptedProgram(source: string, environment: Environment): RewardProgram {
  const compilation = compile(source, environment);
  if (!compilation.ok) {
    throw new Error(`an accepted candidate no longer compiles: ${compilation.findings[0]?.message ?? 'no finding'}`);
  }
  return compilation.program;
}
