import { readdirSync, readFileSync } from 'node:fs';
import { RawSandbox, type RawWall, rawForms } from '@rewardsmith/sandbox/raw';
import { spread } from './spread.ts';

const corpus = new URL('../../../sandbox/test/fixtures/hostile/', import.meta.url);
const MEBIBYTE = 2 ** 20;
/** For programs that are to be stopped by the clock, and for those that are to reach another end first. */
const SHORT = 500;
const LONG = 60_000;

interface Program {
  readonly name: string;
  readonly source: string;
  readonly expected: readonly string[];
  readonly expectedOfTraining: readonly string[];
}

function outcomes(source: string, says: string): readonly string[] {
  return new RegExp(`^// ${says} (.+)$`, 'm').exec(source)?.[1]?.split(' or ') ?? [];
}

function programs(kind: string): Program[] {
  const directory = new URL(`${kind}/`, corpus);
  return readdirSync(directory).map((name) => {
    const source = readFileSync(new URL(name, directory), 'utf8');
    const expected = outcomes(source, 'expects');
    const ofTraining = outcomes(source, 'expects-train');
    return {
      name: `${kind}/${name}`,
      source,
      expected,
      expectedOfTraining: ofTraining.length > 0 ? ofTraining : expected,
    };
  });
}

/**
 * Every hostile program of the project behind the wall that has to hold it, with all walls before that one down; in each form
 * that a program is used in, but for those that run outside an isolate, which have one. Past the cap: of the clock, for each
 * program that it stopped, until it ran no more, and until the kernel told of its runner's exit, which its outcome waits for; of
 * resident memory, for each that ran out of memory.
 */
export async function containment() {
  const late: { readonly by: number; readonly exit: number; readonly program: string }[] = [];
  const over: number[] = [];
  const wrong: string[] = [];
  const classes: Record<string, number> = {};
  let runs = 0;
  let unharmed = 0;
  for (const kind of readdirSync(corpus)) {
    const without: readonly RawWall[] = kind === 'process' ? ['language', 'isolate'] : ['language'];
    const forms = kind === 'process' ? (['label'] as const) : rawForms;
    const all = programs(kind);
    classes[kind] = all.length;
    runs += all.length * forms.length;
    for (const wallMilliseconds of [SHORT, LONG]) {
      const sandbox = new RawSandbox(without, { wallMilliseconds, cpuMilliseconds: LONG, spares: 1 });
      const chosen = all.filter(({ expected }) => expected.includes('timed-out') === (wallMilliseconds === SHORT));
      for (const { form, program } of forms.flatMap((form) => chosen.map((program) => ({ form, program })))) {
        const report = await sandbox.run(program.source, form);
        const right = form === 'train' ? program.expectedOfTraining : program.expected;
        if (report.nextRunRight) unharmed += 1;
        if (!right.includes(report.outcome)) wrong.push(`${program.name} (${form}): ${report.outcome}`);
        if (report.outcome === 'timed-out') {
          late.push({
            by: report.wallMilliseconds - wallMilliseconds,
            exit: report.exitMilliseconds,
            program: `${program.name} (${form})`,
          });
        }
        if (report.outcome === 'out-of-memory') {
          over.push(Math.max(0, report.peakResidentBytes - report.limits.memoryBytes) / MEBIBYTE);
        }
      }
      await sandbox.close();
    }
  }
  return {
    hostilePrograms: classes,
    hostileRuns: runs,
    hostileMisclassified: wrong,
    hostileNextRunRight: unharmed,
    killMillisecondsPastCap: spread(late.map(({ by }) => by)),
    exitMillisecondsPastCap: spread(late.map(({ by, exit }) => by + exit)),
    latestKill: late.toSorted((a, b) => b.by - a.by)[0]?.program,
    residentMegabytesPastCap: spread(over),
  };
}
