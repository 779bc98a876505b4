import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../fixtures/hostile/', import.meta.url);

/**
 * A program that means harm. Its first line names the outcomes that are right for it, as `// expects timed-out`; where they are
 * others as the reward of a training, `// expects-train crashed` says so. `// because EACCES` names what its reason matches, where it crashes
 * for another one than the walls usually give.
 */
export interface HostileProgram {
  readonly name: string;
  readonly source: string;
  readonly expected: readonly string[];
  readonly expectedOfTraining: readonly string[];
  readonly because: RegExp | undefined;
}

function outcomes(source: string, says: string): readonly string[] | undefined {
  return new RegExp(`^// ${says} (.+)$`, 'm').exec(source)?.[1]?.split(' or ');
}

/** The hostile programs of one class, by the name of its directory. */
export function hostilePrograms(kind: string): HostileProgram[] {
  const directory = new URL(`${kind}/`, root);
  return readdirSync(directory).map((name) => {
    const source = readFileSync(new URL(name, directory), 'utf8');
    const expected = outcomes(source, 'expects');
    if (expected === undefined) throw new Error(`${kind}/${name} does not say what it expects`);
    const expectedOfTraining = outcomes(source, 'expects-train') ?? expected;
    const because = /^\/\/ because (.+)$/m.exec(source)?.[1];
    return {
      name: `${kind}/${name}`,
      source,
      expected,
      expectedOfTraining,
      because: because === undefined ? undefined : new RegExp(because),
    };
  });
}

/**
 * Wall clock for a program: short for one that is to be stopped by it, and for the others long enough that a slow or
 * busy machine does not stop them first.
 */
export function patience({ expected }: HostileProgram): number {
  return expected.includes('timed-out') ? 500 : 60_000;
}

/** Programs by the wall clock they are given: a sandbox has one for all of its runs. */
export function byPatience(programs: readonly HostileProgram[]): (readonly [number, readonly HostileProgram[]])[] {
  return [...Map.groupBy(programs, patience)];
}

/** Classes by the wall that has to hold, with every wall before it down. */
export const isolateClasses = ['time', 'memory', 'crash', 'escape', 'integrity'] as const;
export const processClasses = ['process'] as const;
