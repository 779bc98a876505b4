import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportAll, jobsFor, withDirectory } from './exporting.ts';
import { fixtures } from './fixtures.ts';
import { describeWithPython, type Job, runJobs } from './python/python.ts';

const programs = fixtures.map(({ name, source, environment }) => ({
  name: name.replaceAll('-', '_'),
  source,
  environment: environment.name === 'table-arm' ? 'arm' : 'crane',
}));

describeWithPython('exported modules', () => {
  it('give what the kernel gives, on every target, without a warning', () => {
    withDirectory((directory) => {
      const exported = exportAll({ directory, seed: 2026, programs });
      expect(
        exported.flatMap(({ name, refused, differences }) => [...differences, ...(refused ? [name, refused] : [])]),
      ).toEqual([]);
      const results = runJobs(programs.flatMap(({ name }) => jobsFor(directory, name)));
      expect(results).toHaveLength(programs.length * 4);
      for (const { name, error, rows, differences, warnings } of results) {
        expect({ name, error, differences, warnings }).toEqual({
          name,
          error: undefined,
          differences: [],
          warnings: [],
        });
        expect(rows).toBeGreaterThanOrEqual(48);
      }
    });
  });

  it('are taken by torch.compile', () => {
    withDirectory((directory) => {
      exportAll({ directory, seed: 5, programs });
      const job = (name: string, backend: NonNullable<Job['backend']>): Job => ({
        name: `${name}, ${backend}`,
        module: join(directory, `${name}_torch.py`),
        parity: join(directory, `${name}.json`),
        mode: 'compile',
        backend,
      });
      const jobs = [
        ...['arm_vectors', 'arm_quaternions', 'crane_stages', 'crane_tolerances'].map((name) => job(name, 'aot_eager')),
        job('crane_terse', 'inductor'),
      ];
      for (const { name, error, differences } of runJobs(jobs)) {
        expect({ name, error, differences }).toEqual({ name, error: undefined, differences: [] });
      }
    });
  });
});
