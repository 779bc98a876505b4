import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { memoryOf, PsReader, readUsage } from '../src/supervisor/process-usage.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { type RunLimits, type WatchedRunner, Watcher } from '../src/supervisor/watcher.ts';
import { until } from './support/processes.ts';
import { cosine, rollout } from './support/programs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the watcher', () => {
  test('holds the deadline while it cannot read a process, and the other limits from when it can again', async () => {
    const script = fileURLToPath(new URL('./support/out-of-descriptors.ts', import.meta.url));
    const bounded = ['-c', 'ulimit -n 120; exec "$@"', 'bounded', process.execPath, script];
    const watching = spawn('/bin/sh', bounded, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      expect(JSON.parse((await watching.stdout.toArray()).join(''))).toEqual(['deadline', 'deadline', 'memory']);
    } finally {
      watching.kill('SIGKILL');
    }
  });

  test('is not moved by whoever sets the clock of the day', async () => {
    const supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000 }));
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
    const outcome = await supervisor.label('tenant', cosine, rollout(200_000));
    await supervisor.close();
    expect(outcome).toMatchObject({ kind: 'ok' });
  });
});

const ample = { answerBytes: 0, wallMilliseconds: 3_600_000, cpuMilliseconds: 3_600_000, memoryBytes: 2 ** 40 };

/** Stops this thread, so that Node takes no note of what ends meanwhile: it stays for the watcher to see. */
const stand = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

describe('what the watcher says of a process', () => {
  const watcher = new Watcher(8);
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => watcher.close());

  function start(file: string, ...given: string[]) {
    const child = spawn(file, given, { stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${file} could not be started`);
    return Object.assign(child, { pid, exit: once(child, 'exit') });
  }

  function armed(pid: number, limits: Partial<RunLimits> = {}): WatchedRunner {
    const watched = watcher.enter(pid);
    watched.arm({ ...ample, ...limits });
    watched.wake();
    return watched;
  }

  const asleep = () => start('/bin/sh', '-c', 'read forever');

  test('that was ended by something else is nothing, though its deadline passes before that is heard', async () => {
    // Of many threads and much memory: the kernel takes its time over them, and the watcher sees each stage.
    const hold = 'globalThis.held = Buffer.alloc(4e8, 1); console.log(); process.stdin.resume()';
    const child = start(process.execPath, '-e', hold);
    await once(child.stdout, 'data');
    const watched = armed(child.pid, { wallMilliseconds: 300 });
    child.kill('SIGKILL');
    stand(600);
    await child.exit;
    stand(50);
    expect(watched.leave().verdict).toBe('none');
  });

  test('killed in the part of its candidate is that, though its last word is heard only then', async () => {
    const child = asleep();
    const watched = armed(child.pid, { memoryBytes: 1 });
    await child.exit;
    watched.conclude();
    expect(watched.leave()).toMatchObject({ verdict: 'memory', part: 'candidate' });
  });

  test('killed while it answers is that', async () => {
    const child = asleep();
    const watched = armed(child.pid, { memoryBytes: 2 ** 30, answerBytes: -(2 ** 30) });
    watched.conclude();
    await child.exit;
    expect(watched.leave()).toMatchObject({ verdict: 'memory', part: 'answer' });
  });

  /** Where its leading thread ends alone, another goes on. */
  const withoutLeader = (does: 'works' | 'waits') =>
    start('python3', fileURLToPath(new URL('./support/leaderless.py', import.meta.url)), does);

  test('whose leading thread has ended alone is that, at work, and ends it', async () => {
    const child = withoutLeader('works');
    const usage = readUsage(child.pid);
    await until(() => usage.standing() === 'leaderless');
    expect(usage.residentBytes()).toBeUndefined();
    usage.close();
    const watched = armed(child.pid);
    expect(await child.exit).toEqual([null, 'SIGKILL']);
    expect(watched.leave()).toMatchObject({ verdict: 'leaderless', part: 'candidate' });
  });

  test('counts what is resident, the tables of it and what is swapped out, where the kernel tells of that', () => {
    const status = (...lines: string[]) => ['Name:\tnode', ...lines, 'Threads:\t7', ''].join('\n');
    const [resident, tables, swapped] = ['VmRSS:\t     100 kB', 'VmPTE:\t      20 kB', 'VmSwap:\t       3 kB'];
    expect(memoryOf(status(resident, tables, swapped))).toBe(123 * 1024);
    expect(memoryOf(status(resident, tables))).toBe(120 * 1024);
    expect(memoryOf(status())).toBeUndefined();
  });

  test('that starts threads without end is that, at work and at rest, and ends it', async () => {
    for (const part of ['candidate', 'answer']) {
      const child = start('python3', fileURLToPath(new URL('./support/many-threads.py', import.meta.url)));
      const watched = armed(child.pid);
      if (part === 'answer') watched.rest();
      expect(await child.exit).toEqual([null, 'SIGKILL']);
      expect(watched.leave()).toMatchObject({ verdict: 'threads', part });
    }
  });

  test('whose leading thread has ended alone is that, at rest, and ends it', async () => {
    const child = withoutLeader('waits');
    const watched = armed(child.pid);
    watched.rest();
    expect(await child.exit).toEqual([null, 'SIGKILL']);
    expect(watched.leave()).toMatchObject({ verdict: 'leaderless', part: 'answer' });
  });

  test.each([
    ['the kernel', readUsage],
    ['ps', (pid: number) => new PsReader(pid)],
  ])('is read from %s, of one that has ended too', async (_, reader) => {
    const child = start('/bin/sh', '-c', 'while :; do :; done');
    const usage = reader(child.pid);
    await until(() => (usage.cpuMilliseconds() ?? 0) >= 1_000);
    expect(usage.residentBytes()).toBeGreaterThan(2 ** 16);
    expect(usage.residentBytes()).toBeLessThan(2 ** 26);
    expect(usage.standing()).toBe('runs');
    child.kill('SIGKILL');
    // Not seen by Node meanwhile, so that it stays.
    while (usage.standing() !== 'ends') stand(1);
    await child.exit;
    const read = [usage.residentBytes(), usage.cpuMilliseconds(), usage.standing()];
    expect(read).toEqual([undefined, undefined, 'ends']);
    usage.close();
  });
});
