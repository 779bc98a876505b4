import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportAll, jobsFor, withDirectory } from './exporting.ts';
import { programs } from './programs.ts';
import { describeWithPython, runJobs } from './python/python.ts';

/** Programs of one run: each is drawn anew, all are run in one interpreter. */
const PROGRAMS = 40;

describeWithPython('random programs', () => {
  it('give on every target what their kernels give', () => {
    const seed = Number(process.env['REWARDSMITH_SEED'] ?? 4);
    const drawn = fc.sample(programs, { numRuns: PROGRAMS, seed });
    withDirectory((directory) => {
      const named = drawn.map((source, index) => ({ name: `program_${index}`, source, environment: 'arm' }));
      const exported = exportAll({ directory, seed, programs: named });
      const accepted = exported.filter(({ refused }) => refused === undefined);
      expect(accepted.length, JSON.stringify(exported.map(({ refused }) => refused))).toBeGreaterThan(PROGRAMS * 0.9);
      const faults = [
        ...accepted.map(({ name, differences }) => ({ name, error: undefined, differences, warnings: [] })),
        ...runJobs(accepted.flatMap(({ name }) => jobsFor(directory, name))),
      ].filter(({ error, differences, warnings }) => error || differences?.length !== 0 || warnings?.length !== 0);
      const sources = faults.map(({ name }) => drawn[Number(/\d+/.exec(name)?.[0])]);
      expect(faults, `REWARDSMITH_SEED=${seed}\n${sources[0]}`).toEqual([]);
    });
  });
});
