import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { hostilePrograms } from './support/hostile.ts';

describe('a runner that has run every program that poisons what it can reach', () => {
  const sandbox = new RawSandbox(['language'], { wallMilliseconds: 60_000, runsPerRunner: 10_000 });
  afterAll(() => sandbox.close());

  // The benchmark does the same over 10,000 runs, and prints what grew.
  test('labels right in every one of hundreds of runs, and is the same runner at the end', async () => {
    await sandbox.goodRunRight();
    const [before] = sandbox.status.runners;
    for (const { source, expected } of hostilePrograms('integrity')) {
      // Those that end by a limit end their runner, too.
      if (expected.every((outcome) => outcome === 'ok' || outcome === 'crashed')) await sandbox.run(source);
    }
    let wrong = 0;
    for (let run = 0; run < 300; run += 1) if (!(await sandbox.goodRunRight())) wrong += 1;
    expect(wrong).toBe(0);
    expect(sandbox.status.runners[0]?.pid).toBe(before?.pid);
  });
});
