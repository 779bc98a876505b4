import { compile } from '@rewardsmith/language';
import { limits } from '../limits.ts';
import { type Compiled, keptOf, type ProgramText } from './program.ts';

/**
 * A small program, compiled in milliseconds; nothing where it is not small. The limits count what every stage is known to do, and the thread that this
 * runs on is ended where they miss something.
 */
export function compiledQuickly({ source, environment, entry = 'reward' }: ProgramText): Compiled | undefined {
  const compilation = compile(source, environment, { entry, limits: limits.compileQuick });
  if (!compilation.ok) {
    // The bounds are not the language's own: what passes them is for the other thread to say.
    return compilation.findings.some(({ code }) => code === 'program-too-large') ? undefined : compilation;
  }
  try {
    return { ...compilation, program: keptOf(compilation.program) };
  } catch (error) {
    // Too deep for the stack: for the other thread to say as well.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
