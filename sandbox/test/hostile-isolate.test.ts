import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { byPatience, hostilePrograms, isolateClasses } from './support/hostile.ts';

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

describe('with every wall up', () => {
  const sandbox = new RawSandbox([], { wallMilliseconds: 60_000 });
  afterAll(() => sandbox.close());

  test.each(all)('$name is refused by the language', async (program) => {
    expect(await sandbox.run(program.source)).toMatchObject({ outcome: 'rejected', nextRunRight: true });
  });
});
