import { compile } from '@rewardsmith/language';
import { limits } from '../limits.ts';
import { type Compiled, keptOf, type ProgramText } from './program.ts';

/**
 * A small program, compiled on the thread that asks; nothing where it is not small. How long it takes at most follows from the
 * limits, which count what every stage does.
 */
export function compiledInline({ source, environment, entry = 'reward' }: ProgramText): Compiled | undefined {
  const compilation = compile(source, environment, { entry, limits: limits.compileInline });
  if (!compilation.ok) {
    // The bounds are not the language's own: what passes them is for the thread to say.
    return compilation.findings.some(({ code }) => code === 'program-too-large') ? undefined : compilation;
  }
  try {
    return { ...compilation, program: keptOf(compilation.program) };
  } catch (error) {
    // Too deep for this thread's stack; the other's is larger.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
