import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, test } from 'vitest';
import { completeSettings } from '../src/settings.ts';
import { type Command, runnerCommand } from '../src/supervisor/command.ts';
import { grantedHardening } from '../src/supervisor/hardening.ts';
import { candidatePart } from '../src/supervisor/labelling.ts';
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
const settings = completeSettings({
  runners: 1,
  spares: 0,
  wallMilliseconds: 60_000,
  generationMilliseconds: 60_000,
  trainingMilliseconds: 600_000,
});

/**
 * The calls in a text of strace's, from the one on that says that the runner is ready. strace writes a call in two pieces, as it begins and as
 * it ends: of a last line without an end there is the first, which is held to the same as where another thread came between the two.
 */
function callsOf(log: string): readonly string[] {
  const calls = log
    .replace(/[^\n]$/, '$& <unfinished ...>')
    .split('\n')
    .map((line) => line.replace(/^\d+\s+/, ''));
  const ready = calls.findIndex((call) => call.startsWith('write(3<') && call.includes('ready'));
  if (ready < 0) throw new Error('strace saw no runner become ready');
  return calls.slice(ready);
}

/** Runs `work` on a runner under strace; its calls as strace writes them, with the files of descriptors. */
async function callsAfterReady(
  { file, arguments: given }: Command,
  unrestricted: boolean,
  work: (supervisor: Supervisor) => Promise<void>,
): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'calls-'));
  const log = join(directory, 'log');
  const command = { file: 'strace', arguments: ['-f', '-y', '-qq', '-e', 'signal=none', '-o', log, file, ...given] };
  const supervisor = new Supervisor(settings, (watcher) => Runner.start(watcher, command, unrestricted));
  try {
    await work(supervisor);
    expect(supervisor.status.started).toBe(1);
    // Read while it lives: its end is not the candidate's.
    return callsOf(readFileSync(log, 'utf8'));
  } finally {
    await supervisor.close();
    rmSync(directory, { recursive: true });
  }
}

async function usualWork(supervisor: Supervisor): Promise<void> {
  const recorded = rollout(20_000);
  const outcomes = [];
  for (const program of [cosine, body('throw new Error("x")'), body('import("node:fs")'), cosine]) {
    outcomes.push((await supervisor.label('tenant', program, recorded)).kind);
  }
  outcomes.push((await supervisor.measure('tenant', cosine, recorded)).kind);
  outcomes.push((await supervisor.train('tenant', training)).kind);
  expect(outcomes).toEqual(['ok', 'crashed', expect.stringMatching(/^(ok|crashed)$/), 'ok', 'ok', 'ok']);
}

/** Any program in a runner's own realm, without the isolate and the permission model. */
const rawWork = (source: string) => async (supervisor: Supervisor) => {
  await supervisor.run('tenant', undefined, async (runner) => {
    runner.run({ type: 'raw', source }, { ...settings, answerBytes: 0 });
    const used = { wallMilliseconds: 0, cpuMilliseconds: 0, peakResidentBytes: 0 };
    const ending = await candidatePart(runner, performance.now(), { ...settings, heapBytes: Number.POSITIVE_INFINITY });
    return ending ?? { kind: 'ok', value: undefined, usage: used };
  });
};

const names = (calls: string): string => `^(${calls.split(' ').join('|')})\\(`;
const cpu = '/sys/devices/system/cpu/(online|cpu0/(tsc_freq_khz|cpufreq/cpuinfo_max_freq))';

/** What a runner that is ready asks of the kernel. None of it names anything outside of itself but its channel. */
const own = [
  // Its memory, none of it a file's.
  names('munmap mremap mprotect madvise brk membarrier'),
  '^mmap\\([^"]*MAP_ANONYMOUS[^"]*, -1, 0( <|\\))',
  // Threads of its own, their priority and their end.
  '^clone3?\\(.*CLONE_THREAD',
  names('futex rseq set_robust_list rt_sigprocmask sched_getparam sched_getscheduler sched_getaffinity sched_yield'),
  names('exit gettid getpid getppid'),
  // Node starts one without waiting for it, so that on a busy machine it may name itself late.
  '^prctl\\(PR_SET_NAME, ',
  // Clocks, seeds, and what it has used.
  names('clock_nanosleep restart_syscall clock_gettime getrandom getrusage'),
  // Waiting, on descriptors that the event loop made.
  '^epoll_(p?wait|ctl)\\(\\d+<anon_inode:\\[eventpoll\\]>',
  '^io_uring_enter\\(\\d+<anon_inode:\\[io_uring\\]>',
  // Threads wake each other by a number, and read what woke them.
  '^(read|write)\\(\\d+<anon_inode:\\[eventfd\\]>, ',
  // Its channel.
  '^(read|write)\\(3<(socket|UNIX)[^>]*>, ',
  // V8 looks the processor's frequency up the first time that it needs it, which may be before or after.
  `^openat\\(AT_FDCWD(<[^>]*>)?, "${cpu}", O_RDONLY(\\|O_CLOEXEC)?[,) ]`,
  `^(read|close|fstat)\\(\\d+<${cpu}>`,
  // The second half of a call whose first half is held to all this.
  '^<\\.\\.\\. \\w+ resumed>',
  '^$',
].map((pattern) => new RegExp(pattern));

const others = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => !own.some((kind) => kind.test(call)));

/** What no runner may do: each with a call that shows it. */
const more: readonly (readonly [what: string, source: string, call: RegExp])[] = [
  ['reads a file', 'require("node:fs").readFileSync("/etc/passwd")', /^openat\(.*passwd/],
  ['looks at a file', 'require("node:fs").existsSync("/etc/passwd")', /^(access|faccessat2?)\(.*passwd/],
  ['opens the processors', 'require("node:fs").openSync("/sys/devices/system/cpu/possible")', /^openat\(.*possible/],
  ['leaves them', 'require("node:fs").openSync("/sys/devices/system/cpu/online/../../class")', /^openat\(.*class/],
  ['writes a number to its output', 'require("node:fs").writeSync(1, new BigUint64Array([1n]))', /^write\(1</],
  ['reads its input', 'require("node:fs").readSync(0, Buffer.alloc(8))', /^read\(0</],
  [
    'makes a connection',
    'new Promise((end) => require("node:net").connect(9, "127.0.0.1").on("error", end))',
    /^socket\(/,
  ],
  [
    'listens to datagrams',
    'require("node:dgram").createSocket("udp4").on("error", () => {}).addMembership("224.0.0.1")',
    /^socket\(.*SOCK_DGRAM/,
  ],
  ['starts a program', 'require("node:child_process").spawnSync("/bin/true")', /^(clone|vfork|execve)/],
  ['signals its supervisor', 'process.kill(process.ppid, 0)', /^kill\(/],
  ['closes what it did not open', 'require("node:fs").closeSync(0)', /^close\(0</],
];

const hardening = grantedHardening();

describe('a log of calls, read while its last call goes on,', () => {
  const readAfter = (last: string) =>
    others(callsOf(`7 write(3<socket:[1]>, "ready", 36) = 36\n8 brk(NULL) = 0x1\n7 ${last}`));

  test.each([
    'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0',
    'read(3<socket:[1]>, ',
    'futex(0x1, FUTEX_WAIT_PRIVATE, 2, NULL',
  ])('has nothing against %s', (call) => {
    expect(readAfter(call)).toEqual([]);
  });

  test.each([
    'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 4</etc/passwd>, 0',
    'openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY',
    'read(0</dev/null>, ',
    'prctl(PR_SET_DUMPABLE, 1',
  ])('has something against %s', (call) => {
    expect(readAfter(call)).toEqual([`${call} <unfinished ...>`]);
  });
});

describe.skipIf(!traces)('a runner seen from the kernel (skipped where strace is missing)', () => {
  test('reads and writes its channel, and opens no file, no socket and no process once it is ready', async () => {
    const calls = await callsAfterReady(runnerCommand(runnerEntry), false, usualWork);
    expect(calls.filter((call) => call.startsWith('write(3<')).length).toBeGreaterThan(8);
    expect(others(calls)).toEqual([]);
    expect(calls.filter((call) => call.startsWith('io_uring_enter'))).toEqual([]);
    // The filter refuses none that it needs: for `clone3` there is `clone`, and for the processor's frequency a measurement.
    const refused = calls.filter((call) => / = -1 (EPERM|ENOSYS) /.test(call));
    expect(
      refused.filter((call) => !/^(clone3|openat)\(/.test(call) && !/ (clone3|openat) resumed>/.test(call)),
    ).toEqual([]);
  });

  // No permission covers what the C library, ICU and Node look up by themselves.
  test('opens none either for a program in its own realm that asks for dates, time zones and processors', async () => {
    const node = runnerCommand(new URL('../src/runner/raw-main.ts', import.meta.url));
    const asked =
      '[String(new Date(0)), Intl.DateTimeFormat().resolvedOptions(), globalThis.navigator?.hardwareConcurrency]';
    expect(others(await callsAfterReady(node, false, rawWork(asked)))).toEqual([]);
  });

  // For the first stream of a process libuv opens a spare descriptor: the runner has had its first.
  test('opens none for a stream that it is denied', async () => {
    const node = runnerCommand(new URL('../src/runner/raw-main.ts', import.meta.url));
    const asked = "void require('node:net').connect({ path: '/' }).on('error', () => {})";
    expect(others(await callsAfterReady(node, false, rawWork(asked)))).toEqual([]);
  });

  test('opens none for datagrams of a group, which no permission covers', async () => {
    const node = runnerCommand(new URL('../src/runner/raw-main.ts', import.meta.url));
    const asked = "require('node:dgram').createSocket('udp4').addMembership('224.0.0.1')";
    expect(others(await callsAfterReady(node, false, rawWork(asked)))).toEqual([]);
  });

  // The same look at a runner without its walls, so that what it is held to is seen to bite.
  test.skipIf(!hardening.endsWithSupervisor)(
    'would be seen to do more (skipped where setpriv is missing)',
    async () => {
      const node = runnerCommand(new URL('../src/runner/raw-main.ts', import.meta.url), false);
      // It ends with strace, which would leave it behind.
      const [file = node.file, ...given] = [...hardening.prefix, node.file, ...node.arguments];
      const bare = { file, arguments: given };
      const quiet = others(await callsAfterReady(bare, true, rawWork('1 + 1')));
      expect(quiet).toEqual([]);
      const program = `(async () => {\n${more.map(([, source]) => `try { await (${source}); } catch {}`).join('\n')}\n})()`;
      const seen = others(await callsAfterReady(bare, true, rawWork(program)));
      const missed = more.filter(([, , call]) => !seen.some((each) => call.test(each))).map(([what]) => what);
      expect(missed).toEqual([]);
    },
  );
});
