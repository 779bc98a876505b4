import type { Environment } from '@rewardsmith/contracts';
import type { CompiledProgram, Compiler } from '@rewardsmith/sandbox';

/** The candidate's program; it was accepted, so it compiles. */
export async function acceptedProgram(
  source: string,
  environment: Environment,
  compiler: Compiler,
): Promise<CompiledProgram> {
  const compilation = await compiler.compile({ source, environment });
  if (!compilation.ok) {
    throw new Error(`an accepted candidate no longer compiles: ${compilation.findings[0]?.message ?? 'no finding'}`);
  }
  return compilation.program;
}
