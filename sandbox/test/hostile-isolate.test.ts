import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { hostilePrograms, isolateClasses } from './support/hostile.ts';

const patience = { time: 300, memory: 5_000, crash: 2_000, escape: 2_000, integrity: 2_000 };

describe.each(isolateClasses)('with the language check down, of the class %s', (kind) => {
  const sandbox = new RawSandbox(['language'], {
    wallMilliseconds: patience[kind],
    isolateMegabytes: 24,
    memoryBytes: 180 * 2 ** 20,
    spares: 1,
  });
  afterAll(() => sandbox.close());

  test.each(hostilePrograms(kind))(
    '$name is contained and classified, and the next good run is right',
    async (program) => {
      const report = await sandbox.run(program.source);
      expect(program.expected, report.reason).toContain(report.outcome);
      expect(report.nextRunRight).toBe(true);
    },
  );
});

describe('with every wall up', () => {
  const sandbox = new RawSandbox();
  afterAll(() => sandbox.close());
  const all = isolateClasses.flatMap((kind) => hostilePrograms(kind));

  test.each(all)('$name is refused by the language', async (program) => {
    expect(await sandbox.run(program.source)).toMatchObject({ outcome: 'rejected', nextRunRight: true });
  });
});
