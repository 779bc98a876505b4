import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sandboxWalls } from '../src/index.ts';
import { families } from '../src/runner/system-calls.ts';
import { runnerCommand } from '../src/supervisor/command.ts';
import { Runner, runnerEntry } from '../src/supervisor/runner.ts';
import { Watcher } from '../src/supervisor/watcher.ts';

const isKnown = process.platform === 'linux' && process.arch in families;
const hasFilters = isKnown && /^Seccomp:/m.test(readFileSync('/proc/self/status', 'latin1'));
const asks = hasFilters && process.arch === 'x64';

const EPERM = 1;
const ENOSYS = 38;
const EBADF = 9;

/** What the kernel answers to each call of `support/system-calls.ts`, and how that process ended. */
function answers(...given: readonly string[]) {
  const script = fileURLToPath(new URL('support/system-calls.ts', import.meta.url));
  const { stdout, signal } = spawnSync(process.execPath, ['--no-warnings', script, ...given], { encoding: 'utf8' });
  const { calls, needed }: Record<'calls' | 'needed', [string, number][]> = JSON.parse(stdout);
  return { calls: new Map(calls), needed: new Map(needed), signal };
}

describe.skipIf(!asks)('code of the machine itself in a filtered process (skipped but on Linux on x64)', () => {
  test('is refused files, sockets, processes, programs and signals by the kernel, and can end itself', () => {
    const { calls, needed, signal } = answers('filtered');
    const through = [...calls].filter(([, errno]) => errno !== EPERM);
    expect(through).toEqual([
      ['fstat', EBADF],
      ['newfstatat', EBADF],
      ['clone3', ENOSYS],
    ]);
    expect([...needed].filter(([, errno]) => errno !== 0)).toEqual([]);
    expect(signal).toBe('SIGABRT');
  });

  // The same calls without the filter, so that it is seen to be what refuses them.
  test('is refused none without it that any process may make', () => {
    const { calls } = answers();
    const plain = [
      ...['openat', 'access', 'readlink', 'getcwd', 'memfd_create', 'dup', 'fcntl', 'pipe2', 'eventfd2', 'socket'],
      ...['socketpair', 'kill its parent', 'kill itself', 'tkill', 'tgkill its parent', 'rt_sigaction', 'setpriority'],
      ...['mmap of a file', 'mmap of shared memory', 'prctl', 'uname', 'sysinfo'],
    ];
    expect(plain.filter((name) => calls.get(name) !== 0)).toEqual([]);
    expect(calls.size).toBeGreaterThan(70);
  });
});

describe.skipIf(!hasFilters)(
  'a runner (skipped but on Linux on x64 and arm64, and where the kernel has no seccomp)',
  () => {
    test('is filtered when it is ready, each of its threads, and so is one of the raw entry point', async () => {
      const [, ownFilters] = filtersOf('self');
      const watcher = new Watcher(2);
      for (const entry of [runnerEntry, new URL('../src/runner/raw-main.ts', import.meta.url)]) {
        const runner = await Runner.start(watcher, runnerCommand(entry));
        const threads = readdirSync(`/proc/${runner.pid}/task`);
        expect(threads.length).toBeGreaterThan(2);
        // A container may have given this process a filter as well: a runner has one more.
        for (const thread of threads) {
          expect(filtersOf(`${runner.pid}/task/${thread}`)).toEqual([
            '2',
            ownFilters && String(Number(ownFilters) + 1),
          ]);
        }
        expect(runner.filtered).toBe(true);
        runner.kill();
        await runner.exited;
      }
      await watcher.close();
    });

    test('that is sent the signal of a fault of its memory ends by it', async () => {
      const watcher = new Watcher(1);
      const runner = await Runner.start(watcher);
      process.kill(runner.pid, 'SIGSEGV');
      expect((await runner.exited).signal).toBe('SIGSEGV');
      await watcher.close();
    });

    test('is told of by the walls', async () => {
      const walls = await sandboxWalls();
      expect(walls.find(({ wall }) => wall === 'process')?.detail).toContain('system calls filtered by the kernel');
    });
  },
);

/** How a process is filtered, and by how many filters, where the kernel says so. */
function filtersOf(process: string): readonly (string | undefined)[] {
  const status = readFileSync(`/proc/${process}/status`, 'latin1');
  return [/^Seccomp:\s(\d)$/m, /^Seccomp_filters:\s(\d+)$/m].map((line) => line.exec(status)?.[1]);
}

/** The kernel's own numbers, by name. */
function headers(path: string): Map<string, number> | undefined {
  try {
    const lines = readFileSync(path, 'latin1').matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)$/gm);
    // Where there never was an older one, it has no `new` in its name.
    return new Map(
      [...lines].map(([, name = '', number]) => [name.replace(/^fstatat$/, 'newfstatat'), Number(number)]),
    );
  } catch {
    return undefined;
  }
}

describe.each([
  ['x64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
  ['arm64', '/usr/include/asm-generic/unistd.h'],
])('the numbers of %s', (arch, path) => {
  const known = headers(path);

  test.skipIf(known === undefined)(`are those of ${path} (skipped where it is missing: linux-libc-dev)`, () => {
    const { allowed, audit, foreign, ...others } = families[arch] ?? {};
    const numbers = Object.entries({ ...allowed, ...others });
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.filter(([name, number]) => known?.get(name) !== number)).toEqual([]);
  });
});
