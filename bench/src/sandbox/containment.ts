import { readdirSync, readFileSync } from 'node:fs';
import { RawSandbox, type RawWall } from '@rewardsmith/sandbox/raw';
import { spread } from './spread.ts';

const corpus = new URL('../../../sandbox/test/fixtures/hostile/', import.meta.url);
const MEBIBYTE = 2 ** 20;
/** For programs that are to be stopped by the clock, and for those that are to reach another end first. */
const SHORT = 1_000;
const LONG = 60_000;

interface Program {
  readonly name: string;
  readonly source: string;
  readonly expected: readonly string[];
}

function programs(kind: string): Program[] {
  const directory = new URL(`${kind}/`, corpus);
  return readdirSync(directory).map((name) => {
    const source = readFileSync(new URL(name, directory), 'utf8');
    return { name: `${kind}/${name}`, source, expected: /^\/\/ expects (.+)$/m.exec(source)?.[1]?.split(' or ') ?? [] };
  });
}

/**
 * Every hostile program of the project behind the wall that has to hold it, with all walls before that one down. Past
 * the cap: of the clock, for each program that it stopped; of resident memory, for each that ran out of memory.
 */
export async function containment() {
  const late: number[] = [];
  const over: number[] = [];
  const wrong: string[] = [];
  const classes: Record<string, number> = {};
  let unharmed = 0;
  for (const kind of readdirSync(corpus)) {
    const without: readonly RawWall[] = kind === 'process' ? ['language', 'isolate'] : ['language'];
    const all = programs(kind);
    classes[kind] = all.length;
    for (const wallMilliseconds of [SHORT, LONG]) {
      const sandbox = new RawSandbox(without, { wallMilliseconds, cpuMilliseconds: LONG, spares: 1 });
      for (const { name, source, expected } of all) {
        if (expected.includes('timed-out') !== (wallMilliseconds === SHORT)) continue;
        const report = await sandbox.run(source);
        if (report.nextRunRight) unharmed += 1;
        if (!expected.includes(report.outcome)) wrong.push(`${name}: ${report.outcome}`);
        if (report.outcome === 'timed-out') late.push(report.wallMilliseconds - wallMilliseconds);
        if (report.outcome === 'out-of-memory') {
          over.push(Math.max(0, report.peakResidentBytes - report.limits.memoryBytes) / MEBIBYTE);
        }
      }
      await sandbox.close();
    }
  }
  return {
    hostilePrograms: classes,
    hostileMisclassified: wrong,
    hostileNextRunRight: unharmed,
    killMillisecondsPastCap: spread(late),
    residentMegabytesPastCap: spread(over),
  };
}
