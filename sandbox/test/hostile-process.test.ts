import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { RawSandbox } from '../src/raw/sandbox.ts';
import { scopes } from '../src/runner/lock-down.ts';
import { byPatience, hostilePrograms, processClasses } from './support/hostile.ts';
import { lives } from './support/processes.ts';

/** How the process wall says no. A program that is not held fails in another way, as one does that comes to its end. */
const refusal = new RegExp(
  [
    'Access to this API has been restricted|permission .* not granted|requires full fs',
    "loads no more of Node's own modules|No such built-in module|Cannot find module '/etc/passwd'",
    'is not a (function|constructor)|is not defined|object is not extensible',
    'Cannot (read properties of undefined|convert undefined)',
    '^Error: none$|Unsupported fd type',
    '^forged a message|^ended its runner|^two runners failed',
  ].join('|'),
);

const all = processClasses.flatMap((kind) => hostilePrograms(kind));

describe.each(byPatience(all))('with language check and isolate down, within %i ms', (wallMilliseconds, programs) => {
  const sandbox = new RawSandbox(['language', 'isolate'], {
    wallMilliseconds,
    memoryBytes: 160 * 2 ** 20,
    spares: 1,
  });
  afterAll(() => sandbox.close());

  test.each(programs)('$name is contained and classified, and the next good run is right', async (program) => {
    const report = await sandbox.run(program.source);
    expect(program.expected, report.reason).toContain(report.outcome);
    if (report.outcome === 'crashed') expect(report.reason).toMatch(program.because ?? refusal);
    expect(report.nextRunRight).toBe(true);
    expect(['owned', 'owned.db', '/owned', '/owned.db'].filter((name) => existsSync(name))).toEqual([]);
    expect(lives(process.pid)).toBe(true);
  });
});

describe('with language check and isolate down', () => {
  const sandbox = new RawSandbox(['language', 'isolate'], { wallMilliseconds: 60_000, spares: 1 });
  afterAll(() => sandbox.close());

  test.each([
    ['reading files', 'require("node:fs").readFileSync("/etc/passwd")'],
    ['writing files', 'require("node:fs").writeFileSync("owned", "x")'],
    ['child processes', 'require("node:child_process").execFileSync("id")'],
    ['threads', 'new (require("node:worker_threads").Worker)("1", { eval: true })'],
    [
      'connections',
      'new Promise((r, j) => require("node:net").connect(80, "127.0.0.1").on("connect", r).on("error", j))',
    ],
    ['listening', 'new Promise((r, j) => require("node:net").createServer().on("error", j).listen(0, r))'],
  ])('the permission model denies %s by name', async (_, expression) => {
    expect((await sandbox.run(expression)).reason).toMatch(/ERR_ACCESS_DENIED|restricted/);
  });

  test.each(['node:inspector', 'node:repl', 'node:test'])('%s is loaded no more', async (name) => {
    expect((await sandbox.run(`require(${JSON.stringify(name)})`)).reason).toContain(
      "loads no more of Node's own modules",
    );
  });

  test('no permission is left to it, that to load an addon neither', async () => {
    // To read some paths is told of those alone, and it was given those of its own code.
    const own = JSON.stringify(fileURLToPath(new URL('../src/runner/lock-down.ts', import.meta.url)));
    const asked = `[...${JSON.stringify(scopes)}.map((name) => process.permission.has(name)), process.permission.has('fs.read', ${own})]`;
    const { reason } = await sandbox.run(`throw new Error(${asked}.join())`);
    expect(reason).toBe(`Error: ${[...scopes, own].map(() => false).join()}`);
  });

  // No permission covers these: Node's own code reads the files that they tell of.
  test.each([
    ['its name, processors and networks', 'process.report'],
    ['its users', 'require("node:os").userInfo'],
    ['its memory', 'process.availableMemory'],
    ['its memory, by the largest heap', 'require("node:v8").getHeapStatistics'],
    ['its name servers', 'require("node:dns").getServers'],
    ['a name looked up', 'require("node:dns").promises.lookup'],
    ['its certificates', 'require("node:tls").getCACertificates'],
    ['its certificates, by an older name', 'require("_tls_common").createSecureContext'],
    ['its certificates, by another one', 'require("_tls_wrap").connect'],
    ['its processors, by a getter', 'globalThis.navigator'],
    ['names of files and processes', 'require("node:fs").realpathSync'],
    ['a file that a variable names', 'Reflect.set(process.env, "TZ", ":/etc/hostname") || undefined'],
  ])('nothing tells of the machine: %s', async (_, expression) => {
    expect((await sandbox.run(`throw new Error(typeof (${expression}))`)).reason).toBe('Error: undefined');
  });
});

describe('a file of the service, which the engine would empty for its traces,', () => {
  const directory = mkdtempSync(join(tmpdir(), 'owned-'));
  const file = join(directory, 'file');
  afterAll(() => rmSync(directory, { recursive: true }));
  const program = `const { setFlagsFromString } = require('node:v8');
    for (const flag of ['--print-opt-code', '--redirect-code-traces', ${JSON.stringify(`--redirect-code-traces-to=${file}`)}]) setFlagsFromString(flag);
    const hot = (x) => { let sum = 0; for (let i = 0; i < 1e6; i += 1) sum += Math.sqrt(i * x); return sum; };
    for (let i = 0; i < 100; i += 1) hot(i);`;

  test.each([
    ['stays as it is', ['language', 'isolate'], true],
    ['does not with the process wall down as well', ['language', 'isolate', 'process'], false],
  ] as const)('%s', async (_, without, stays) => {
    writeFileSync(file, 'kept');
    const sandbox = new RawSandbox(without, { wallMilliseconds: 60_000, memoryBytes: 2 ** 30 });
    await sandbox.run(program).finally(() => sandbox.close());
    expect(readFileSync(file, 'utf8') === 'kept').toBe(stays);
  });
});

describe('the same programs with the process wall down as well', () => {
  const sandbox = new RawSandbox(['language', 'isolate', 'process'], { wallMilliseconds: 60_000 });
  afterAll(() => sandbox.close());

  test('do read files: it is that wall which holds', async () => {
    expect(await sandbox.run('require("node:fs").readFileSync(process.execPath)')).toMatchObject({ outcome: 'ok' });
  });
});
