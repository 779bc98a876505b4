import { RawSandbox, type RawWall, rawForms } from '../../../sandbox/src/raw/sandbox.ts';
import { hostilePrograms, isolateClasses, processClasses } from '../../../sandbox/test/support/hostile.ts';
import { spread } from './spread.ts';

const MEBIBYTE = 2 ** 20;
/** For programs that are to be stopped by the clock, and for those that are to reach another end first. */
const SHORT = 500;
const LONG = 60_000;

/**
 * Every hostile program of the project behind the wall that has to hold it, with all walls before that one down; in each form
 * that a program is used in, but for those that run outside an isolate, which have one. Past the cap: of the clock, for each
 * program that was stopped at it or past it, whatever its outcome, until it ran no more, and until the kernel told of its runner's exit,
 * which its outcome waits for; of resident memory, for each whose runner was killed at it.
 */
export async function containment() {
  const late: { readonly by: number; readonly exit: number; readonly program: string }[] = [];
  const over: number[] = [];
  const wrong: string[] = [];
  const classes: Record<string, number> = {};
  let runs = 0;
  let unharmed = 0;
  for (const kind of [...isolateClasses, ...processClasses]) {
    const without: readonly RawWall[] = kind === 'process' ? ['language', 'isolate'] : ['language'];
    const forms = kind === 'process' ? (['label'] as const) : rawForms;
    const all = hostilePrograms(kind);
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
        if (report.outcome === 'timed-out' || report.wallMilliseconds > wallMilliseconds) {
          late.push({
            by: report.wallMilliseconds - wallMilliseconds,
            exit: report.exitMilliseconds,
            program: `${program.name} (${form})`,
          });
        }
        if (report.outcome === 'out-of-memory' && report.reason.endsWith('resident')) {
          over.push((report.peakResidentBytes - report.limits.memoryBytes) / MEBIBYTE);
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
