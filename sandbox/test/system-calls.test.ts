import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { runnerCommand } from '../src/supervisor/command.ts';
import { Runner, runnerEntry } from '../src/supervisor/runner.ts';
import { Supervisor } from '../src/supervisor/supervisor.ts';
import { body, cosine, kernel, rollout } from './support/programs.ts';

const traces = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const [definition = ''] = [...builtinEnvironments.keys()];
const idle = { ...kernel('() => {}'), columns: [] };
const training = {
  environment: definition,
  reward: idle,
  fitness: idle,
  success: idle,
  aggregate: 'sum',
  environmentSteps: 5_000,
  seed: 1,
  evaluation: { seed: 2, episodes: 1 },
} as const;

/** The calls of a runner's process and threads, each as strace writes it, from the message on that says it is ready. */
async function callsAfterReady(): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'calls-'));
  const log = join(directory, 'log');
  const { file, arguments: given } = runnerCommand(runnerEntry);
  const command = { file: 'strace', arguments: ['-f', '-qq', '-e', 'signal=none', '-o', log, file, ...given] };
  const settings = completeSettings({
    runners: 1,
    spares: 0,
    wallMilliseconds: 60_000,
    generationMilliseconds: 60_000,
    trainingMilliseconds: 600_000,
  });
  const supervisor = new Supervisor(settings, (watcher) => Runner.start(watcher, command));
  try {
    const recorded = rollout(20_000);
    const outcomes = [];
    for (const program of [cosine, body('throw new Error("x")'), body('import("node:fs")'), cosine]) {
      outcomes.push((await supervisor.label('tenant', program, recorded)).kind);
    }
    outcomes.push((await supervisor.measure('tenant', cosine, recorded)).kind);
    outcomes.push((await supervisor.train('tenant', training)).kind);
    expect(outcomes).toEqual(['ok', 'crashed', expect.stringMatching(/^(ok|crashed)$/), 'ok', 'ok', 'ok']);
    expect(supervisor.status.started).toBe(1);
    // Read while it lives: its end is not the candidate's.
    const calls = readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\d+\s+/, ''));
    return calls.slice(calls.findIndex((call) => call.startsWith('write(3,') && call.includes('ready')));
  } finally {
    await supervisor.close();
    rmSync(directory, { recursive: true });
  }
}

/** What a runner that is ready asks of the kernel: its own memory, its own threads, time, and its channel. None names anything outside. */
const own = [
  // Memory.
  ...['mmap', 'munmap', 'mremap', 'mprotect', 'madvise', 'brk', 'membarrier'],
  // Threads of its own, their priority and their end.
  ...[
    'futex',
    'rseq',
    'set_robust_list',
    'rt_sigprocmask',
    'sched_getparam',
    'sched_getscheduler',
    'sched_getaffinity',
  ],
  ...['sched_yield', 'exit', 'gettid', 'getpid', 'getppid'],
  // Waiting, clocks, seeds, and what it has used.
  ...[
    'epoll_pwait',
    'epoll_wait',
    'epoll_ctl',
    'io_uring_enter',
    'clock_nanosleep',
    'restart_syscall',
    'clock_gettime',
  ],
  ...['getrandom', 'getrusage'],
];

describe('a runner seen from the kernel', () => {
  test.skipIf(!traces)(
    'opens no file, no socket and no process once it is ready (skipped where strace is missing)',
    async () => {
      const calls = await callsAfterReady();
      expect(calls.filter((call) => call.startsWith('write(3,')).length).toBeGreaterThan(8);
      const harmless = new RegExp(
        `^(<\\.\\.\\. )?(${own.join('|')})\\b|^(<\\.\\.\\. (read|write|clone3?) resumed>)|^$`,
      );
      const channel = /^(read|write)\(3,|^clone3?\(.*CLONE_THREAD/;
      // Threads wake each other by writing to a descriptor of the event loop, and read what woke them.
      const woken = /^write\(\d+, "(\\1\\0\\0\\0\\0\\0\\0\\0|\\1|\*)", (8|1)|^read\(\d+, +("|\d|<)/;
      // V8 looks the processor's frequency up the first time that it needs it, which may be before or after.
      const frequency = /^openat\(AT_FDCWD, "\/sys\/devices\/system\/cpu\/|^<\.\.\. (openat|close) resumed>|^close\(/;
      const known = [harmless, channel, woken, frequency];
      const others = calls.filter((call) => !known.some((kind) => kind.test(call)));
      expect(others).toEqual([]);
    },
  );
});
