import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox, rawWalls } from '../src/raw/sandbox.ts';

/** Every choice among the walls, one bit each. */
const down = Array.from({ length: 2 ** rawWalls.length }, (_, bits) => rawWalls.filter((_, at) => bits & (1 << at)));

describe.each(down.map((without) => ({ without, names: without.join(', ') || 'none' })))(
  'the raw sandbox without these walls: $names',
  ({ without }) => {
    test('runs a good program, calls a reward that loops, and the next run is right', async () => {
      const sandbox = new RawSandbox(without, { wallMilliseconds: 1_000 });
      try {
        const good = 'export function reward({ next }) { return { upright: next.poleAngle }; }';
        expect(await sandbox.run(good)).toMatchObject({ outcome: 'ok', nextRunRight: true });
        const loops = await sandbox.run('export const reward = () => { for (;;); };');
        const expected = without.includes('language') ? 'timed-out' : 'rejected';
        expect(loops).toMatchObject({ outcome: expected, nextRunRight: true });
      } finally {
        await sandbox.close();
      }
    });
  },
);

test('a program that runs past its time beside much memory is ended by the clock, where no isolate has a heap', async () => {
  const sandbox = new RawSandbox(['language', 'isolate'], { wallMilliseconds: 1_000 });
  try {
    const report = await sandbox.run('const kept = Buffer.alloc(100 * 2 ** 20, 1); for (;;) kept[0] += 1;');
    expect(report).toMatchObject({ outcome: 'timed-out', nextRunRight: true });
  } finally {
    await sandbox.close();
  }
});

describe('without language and isolate', () => {
  const sandbox = new RawSandbox(['language', 'isolate'], { wallMilliseconds: 60_000 });
  afterAll(() => sandbox.close());

  test.each([
    ["new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 50))", /late/],
    ["// no reward here\nnew Promise((_, reject) => setTimeout(() => reject(new Error('late')), 50))", /late/],
    ["const reward = () => 0; import('node:fs').then((fs) => fs.readFileSync('/etc/passwd'))", /restricted|Access/],
    ["export async function reward() { (await import('node:fs')).readFileSync('/etc/passwd'); }", /restricted|Access/],
    ["'use strict'; const reward = () => { throw new Error('called'); };", /called/],
    ["throw new Error('first'); function reward() { throw new Error('called'); }", /first/],
  ])('what a program comes to is waited for, and what its reward does: %s', async (source, reason) => {
    expect(await sandbox.run(source)).toMatchObject({
      outcome: 'crashed',
      reason: expect.stringMatching(reason),
      nextRunRight: true,
    });
  });
});

test('a program that comes to no runner has used nothing of one', async () => {
  const sandbox = new RawSandbox();
  try {
    const report = await sandbox.run('for (;;);');
    expect(report).toMatchObject({ outcome: 'rejected', cpuMilliseconds: 0, peakResidentBytes: 0 });
  } finally {
    await sandbox.close();
  }
});

test('no package comes to the raw sandbox by its name, as the service does to what it uses', () => {
  expect(import.meta.resolve('@rewardsmith/sandbox')).toMatch(/index\.ts$/);
  for (const path of ['raw', 'raw/sandbox.ts', 'src/raw/sandbox.ts'])
    expect(() => import.meta.resolve(`@rewardsmith/sandbox/${path}`)).toThrow();
});

describe('the raw entry point', () => {
  const entry = fileURLToPath(new URL('../src/raw.ts', import.meta.url));
  const itself = fileURLToPath(import.meta.url);

  test.each([
    { given: [], says: /^no file is named/ },
    { given: ['/no/such/file.js'], says: /^ENOENT/ },
    { given: [tmpdir()], says: /^EISDIR/ },
    { given: [itself, '--without', 'roof'], says: /^no wall "roof"/ },
    { given: [itself, '--form', 'sing'], says: /^no form "sing"/ },
    { given: [itself, '--without', 'isolate', '--form', 'train'], says: /^without the isolate/ },
    { given: [itself, '--bogus'], says: /^Unknown option/ },
    { given: [itself, '--megabytes', '1'], says: /^sandbox setting "memoryBytes"/ },
    { given: [itself, '--milliseconds=-5'], says: /^sandbox setting "/ },
  ])('says what is wrong with $given, without a trace', ({ given, says }) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--no-node-snapshot', entry, ...given], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
