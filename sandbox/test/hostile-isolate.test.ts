import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { byPatience, type HostileProgram, hostilePrograms, isolateClasses } from './support/hostile.ts';

const all = isolateClasses.flatMap((kind) => hostilePrograms(kind));

describe.each(byPatience(all))('with the language check down, within %i ms', (wallMilliseconds, programs) => {
  const sandbox = new RawSandbox(['language'], {
    wallMilliseconds,
    isolateMegabytes: 24,
    memoryBytes: 180 * 2 ** 20,
    spares: 1,
  });
  afterAll(() => sandbox.close());

  test.each(programs)('$name is contained and classified, and the next good run is right', async (program) => {
    const report = await sandbox.run(program.source);
    expect(program.expected, report.reason).toContain(report.outcome);
    expect(report.nextRunRight).toBe(true);
  });
});

/** All that ends by itself, and some of what is stopped by a limit, which takes its time: the benchmark runs every one. */
const sample = all.filter(({ expected }, index) => index % 8 === 0 || !expected.some(isLimit));
function isLimit(outcome: HostileProgram['expected'][number]): boolean {
  return outcome === 'timed-out' || outcome === 'out-of-memory';
}

describe.each(['measure', 'train'] as const)('with the language check down, asked to %s', (form) => {
  describe.each(byPatience(sample))('within %i ms', (wallMilliseconds, programs) => {
    const sandbox = new RawSandbox(['language'], { wallMilliseconds, isolateMegabytes: 24, spares: 1 });
    afterAll(() => sandbox.close());

    test.each(programs)('$name is contained and classified, and the next good run is right', async (program) => {
      const report = await sandbox.run(program.source, form);
      const right = form === 'train' ? program.expectedOfTraining : program.expected;
      expect(right, report.reason).toContain(report.outcome);
      expect(report.nextRunRight).toBe(true);
    });
  });
});

describe('with every wall up', () => {
  const sandbox = new RawSandbox([], { wallMilliseconds: 60_000 });
  afterAll(() => sandbox.close());

  test.each(all)('$name is refused by the language', async (program) => {
    expect(await sandbox.run(program.source)).toMatchObject({ outcome: 'rejected', nextRunRight: true });
  });

  /** They are within the language there: a list that cannot be made, a record that nobody reads, and a list that is sorted as what it is not. */
  const meansNothing = ['crash/array-length', 'time/hanging-to-json', 'time/sort-array-like-huge'].map(
    (name) => `${name}.js`,
  );

  test.each(all)('$name is refused within a reward that is none but for it', async ({ name, source }) => {
    const { outcome, nextRunRight } = await sandbox.run(
      `export function reward({ next }) {\n${source}\n;return { a: next.poleAngle };\n}`,
    );
    expect([outcome, nextRunRight]).toEqual([meansNothing.includes(name) ? 'ok' : 'rejected', true]);
  });
});
