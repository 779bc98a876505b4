import type { ExportTarget, Finding } from '@rewardsmith/contracts';
import {
  chooseParitySteps,
  compile,
  emitTarget,
  liftLiterals,
  type ParitySteps,
  parityFile,
  type RewardProgram,
  seededRandom,
  withParams,
} from '@rewardsmith/language';
import { type Compiled, keptOf, type ProgramText } from './program.ts';
import { compiledQuickly } from './quick.ts';

/** A program with all of its numbers in `params`, and what is the same in every program that differs in them alone. */
export interface ProgramFamily {
  readonly source: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly shape: string;
}

/** Work on a program that takes seconds for the largest that the language admits, by name: what it is given and what it gives. */
interface Work {
  /** Nothing of a program that is not small. */
  quick: { given: object; gives: Compiled | undefined };
  compile: { given: object; gives: Compiled };
  emit: { given: { readonly target: ExportTarget }; gives: string };
  paritySteps: { given: { readonly seed: number }; gives: ParitySteps };
  parityFile: {
    given: { readonly steps: ParitySteps; readonly labels: ReadonlyMap<string, Float64Array> };
    gives: string;
  };
  /** `most` numbers at most; nothing where the program has none. */
  family: { given: { readonly most: number }; gives: ProgramFamily | undefined };
  /** Nothing where its `params` have no entry of one of these names. */
  renumbered: { given: { readonly numbers: ReadonlyMap<string, number> }; gives: string | undefined };
}

export type JobKind = keyof Work;
export type Job<K extends JobKind> = { readonly kind: K; readonly text: ProgramText } & Work[K]['given'];
export type Given<K extends JobKind> = Work[K]['given'];
export type Gives<K extends JobKind> = Work[K]['gives'];
export type AnyJob = { [K in JobKind]: Job<K> }[JobKind];

/** How a job ended: with what it gives, or with a finding that says why the program is too much for it. */
export type JobEnd<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly finding: Finding };

export const tooDeep: Finding = {
  code: 'program-too-large',
  severity: 'error',
  message: 'The program is nested too deeply to be written out.',
  advice: 'Shorten the loops that make each step from the one before, or split the reward into components.',
};

function compiled({ source, environment, entry = 'reward' }: ProgramText): RewardProgram {
  const compilation = compile(source, environment, { entry });
  if (!compilation.ok) throw new Error(`a program that was compiled is refused: ${compilation.findings[0]?.message}`);
  return compilation.program;
}

function compileKept({ source, environment, entry = 'reward' }: ProgramText): Compiled {
  const compilation = compile(source, environment, { entry });
  return compilation.ok ? { ...compilation, program: keptOf(compilation.program) } : compilation;
}

function familyOf(program: RewardProgram, most: number): ProgramFamily | undefined {
  const { environment, entry } = program;
  const lifted = liftLiterals(program, most).source;
  const again = compile(lifted, environment, { entry });
  if (!again.ok || again.program.params.size === 0) return undefined;
  const numbers = new Map([...again.program.params].slice(0, most));
  // Numbers all different, so that no two terms fall together that are not the same.
  const levelled = withParams(lifted, new Map([...numbers.keys()].map((name, index) => [name, index + 2])));
  const shape = levelled.ok ? compile(levelled.source, environment, { entry }) : undefined;
  return shape?.ok ? { source: lifted, numbers, shape: shape.program.hash } : undefined;
}

function perform(job: AnyJob): Gives<JobKind> {
  switch (job.kind) {
    case 'quick':
      return compiledQuickly(job.text);
    case 'compile':
      return compileKept(job.text);
    case 'emit':
      return emitTarget(compiled(job.text), job.target);
    case 'paritySteps':
      return chooseParitySteps(compiled(job.text), seededRandom(job.seed));
    case 'parityFile':
      return parityFile(compiled(job.text), job.steps, job.labels);
    case 'family':
      return familyOf(compiled(job.text), job.most);
    case 'renumbered': {
      const rewritten = withParams(job.text.source, job.numbers);
      return rewritten.ok ? rewritten.source : undefined;
    }
  }
}

/** Does a job. What is thrown is the service's own fault, but for a program that is too deep, which is said of it. */
export function done(job: AnyJob): JobEnd<Gives<JobKind>> {
  try {
    return { ok: true, value: perform(job) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, finding: tooDeep };
  }
}
