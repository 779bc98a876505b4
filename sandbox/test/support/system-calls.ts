import ffi from 'node:ffi';
import { openSync, writeSync } from 'node:fs';
import { filterSystemCalls } from '../../src/runner/system-calls.ts';

/** A system call by its number on x64, with arguments by which it does no harm where it is let through. */
type Call = readonly [name: string, number: number, ...given: (number | bigint)[]];

// Started by a test: asks the kernel, as machine code would, for what a runner has no need of, and writes what it answered to each, 0 or an error's number.
const path = Buffer.from('/proc/self/exe\0');
const answer = Buffer.alloc(4096);
/** A time of no seconds. */
const atOnce = new BigUint64Array(2);
const file = openSync('/proc/self/exe', 'r');
const [at, empty] = [ffi.getRawPointer(path), ffi.getRawPointer(answer)];
const noTime = ffi.getRawPointer(atOnce);
const { pid, ppid } = process;
const filtered = process.argv[2] === 'filtered';
const calls: readonly Call[] = [
  ['open', 2, at, 0, 0],
  ['openat', 257, -100, at, 0, 0],
  ['openat2', 437, -100, at, empty, 24],
  ['stat', 4, at, 0],
  ['fstat', 5, 0, empty],
  ['newfstatat', 262, -100, at, empty, 0],
  ['statx', 332, -100, at, 0, 0, empty],
  ['access', 21, at, 0],
  ['readlink', 89, at, empty, 64],
  ['getcwd', 79, empty, 64],
  ['chdir', 80, at],
  ['rename', 82, at, at],
  ['unlink', 87, empty],
  ['memfd_create', 319, empty, 0],
  ['mmap of a file', 9, 0, 4096, 1, 2, file, 0],
  ['mmap of shared memory', 9, 0, 4096, 3, 0x21, -1, 0],
  ['mmap of huge pages', 9, 0, 0x200000, 3, 0x40022, -1, 0],
  ['madvise for huge pages', 28, 0, 4096, 14],
  ['madvise to swap out', 28, 0, 4096, 21],
  ['madvise to collapse', 28, 0, 4096, 25],
  ['dup', 32, 0],
  ['fcntl', 72, 0, 3, 0],
  ['ioctl', 16, 0, 0x541b, empty],
  ['pipe2', 293, empty, 0],
  ['eventfd2', 290, 0, 0],
  ['inotify_init1', 294, 0],
  ['io_uring_setup', 425, 1, empty],
  ['io_uring_enter', 426, -1, 0, 0, 0, 0],
  ['io_uring_register', 427, -1, 0, 0, 0],
  ['socket', 41, 1, 1, 0],
  ['socketpair', 53, 1, 1, 0, empty],
  ['connect', 42, 0, empty, 16],
  ['sendmsg', 46, 3, empty, 0],
  ['recvmsg', 47, 3, empty, 0],
  ['kill its parent', 62, ppid, 0],
  ['kill itself', 62, pid, 0],
  ['kill every process', 62, -1, 0],
  ['tkill', 200, ppid, 0],
  // Unfiltered, it would end whoever has started this.
  ['tgkill its parent', 234, ppid, ppid, filtered ? 6 : 0],
  ['tgkill itself, but to abort', 234, pid, pid, 0],
  ['tgkill itself by SIGCONT', 234, pid, pid, 18],
  ['rt_sigqueueinfo', 129, ppid, 0, empty],
  ['rt_sigaction', 13, 10, 0, 0, 8],
  ['pidfd_open', 434, ppid, 0],
  ['pidfd_send_signal', 424, -1, 0, 0, 0],
  ['ptrace', 101, 0x4206, 0, 0, 0],
  ['process_vm_readv', 310, ppid, empty, 0, empty, 0, 0],
  ['process_vm_writev', 311, ppid, empty, 0, empty, 0, 0],
  ['prlimit64', 302, ppid, 7, 0, empty],
  ['setpriority', 141, 0, 0, 19],
  ['sched_setaffinity', 203, ppid, 0, 0],
  ['timer_create', 222, 0, 0, 0],
  ['clock_gettime of its parent', 228, ~(ppid << 3) | 2, empty],
  ['clock_getres of its parent', 229, ~(ppid << 3) | 2, empty],
  ['clock_nanosleep of its parent', 230, ~(ppid << 3) | 2, 0, noTime, 0],
  ['execve', 59, 0, 0, 0],
  ['execveat', 322, -1, 0, 0, 0, 0],
  // Unfiltered, these would start what does not end by itself: there they carry what no kernel takes.
  ['clone of a process', 56, filtered ? 17 : 0x10000, 0, 0, 0, 0],
  ['clone with handlers alone', 56, 0x800, 0, 0, 0, 0],
  ['clone with descriptors of its own', 56, 0x3d0300, 0, 0, 0, 0],
  ['clone3', 435, 0, 0],
  ['wait4', 61, -1, 0, 1, 0],
  ['unshare', 272, 0],
  ['setns', 308, -1, 0],
  ['mount', 165, 0, 0, 0, 0, 0],
  ['setuid', 105, 0],
  ['prctl', 157, 4, 0, 0, 0, 0],
  ['seccomp', 317, 2, 0, empty],
  ['bpf', 321, 0, 0, 0],
  ['perf_event_open', 298, 0, 0, 0, 0, 0],
  ['userfaultfd', 323, 0x800],
  ['keyctl', 250, 6, 0, 0, 0],
  ['shmget', 29, 0x52534d, 4096, 0],
  ['uname', 63, empty],
  ['sysinfo', 99, empty],
  ['a call of another convention', 0x40000000 + 39],
];
/** What a runner needs: these answer. */
const needed: readonly Call[] = [
  ['getpid', 39],
  ['mmap', 9, 0, 4096, 3, 0x22, -1, 0],
  ['write of nothing', 1, 1, empty, 0],
  ['prctl of a name', 157, 15, empty, 0, 0, 0],
  ['clock_gettime', 228, 1, empty],
  ['clock_nanosleep', 230, 1, 0, noTime, 0],
];

if (filtered && !(await filterSystemCalls())) throw new Error('the kernel filters no calls here');
const { functions } = ffi.dlopen(null, {
  syscall: { arguments: Array.from({ length: 7 }, () => 'int64' as const), return: 'int64' },
  __errno_location: { return: 'pointer' },
});
const errno = functions.__errno_location();
const answers = [...calls, ...needed].map(([name, ...given]) => {
  const words = Array.from({ length: 7 }, (_, index) => BigInt(given[index] ?? 0));
  return [name, functions.syscall(...words) < 0n ? ffi.getInt32(errno) : 0];
});
writeSync(1, JSON.stringify({ calls: answers.slice(0, calls.length), needed: answers.slice(calls.length) }));
process.abort();
