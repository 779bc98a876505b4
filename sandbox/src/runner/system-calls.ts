import { firstTurns } from './event-loops.ts';

/** What the kernel knows a processor's family by, and the numbers that its system calls have there: see syscalls(2). */
interface Family {
  /** `AUDIT_ARCH_*` of <linux/audit.h>. */
  readonly audit: number;
  /** Numbers from here on belong to another convention of calling on the same processor. */
  readonly foreign?: number;
  readonly seccomp: number;
  readonly clone: number;
  readonly clone3: number;
  readonly mmap: number;
  readonly prctl: number;
  readonly tgkill: number;
  readonly rt_sigaction: number;
  readonly clock_nanosleep: number;
  readonly clock_gettime: number;
  readonly clock_getres: number;
  readonly madvise: number;
  readonly fstat: number;
  readonly newfstatat: number;
  /** Allowed whatever their arguments are. */
  readonly allowed: Readonly<Record<string, number>>;
}

/** By `process.arch`. From the kernel's tables: `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`. */
export const families: Readonly<Record<string, Family>> = {
  x64: {
    audit: 0xc000003e,
    foreign: 0x40000000,
    seccomp: 317,
    clone: 56,
    clone3: 435,
    mmap: 9,
    prctl: 157,
    tgkill: 234,
    rt_sigaction: 13,
    clock_nanosleep: 230,
    clock_gettime: 228,
    clock_getres: 229,
    madvise: 28,
    fstat: 5,
    newfstatat: 262,
    allowed: {
      futex: 202,
      read: 0,
      write: 1,
      mprotect: 10,
      munmap: 11,
      mremap: 25,
      brk: 12,
      pkey_mprotect: 329,
      membarrier: 324,
      epoll_pwait: 281,
      epoll_wait: 232,
      epoll_ctl: 233,
      close: 3,
      nanosleep: 35,
      restart_syscall: 219,
      gettimeofday: 96,
      time: 201,
      getrandom: 318,
      getrusage: 98,
      getcpu: 309,
      getpid: 39,
      gettid: 186,
      getppid: 110,
      rt_sigprocmask: 14,
      rt_sigreturn: 15,
      sigaltstack: 131,
      rseq: 334,
      set_robust_list: 273,
      sched_yield: 24,
      sched_getaffinity: 204,
      sched_getscheduler: 145,
      sched_getparam: 143,
      exit: 60,
      exit_group: 231,
    },
  },
  arm64: {
    audit: 0xc00000b7,
    seccomp: 277,
    clone: 220,
    clone3: 435,
    mmap: 222,
    prctl: 167,
    tgkill: 131,
    rt_sigaction: 134,
    clock_nanosleep: 115,
    clock_gettime: 113,
    clock_getres: 114,
    madvise: 233,
    fstat: 80,
    newfstatat: 79,
    allowed: {
      futex: 98,
      read: 63,
      write: 64,
      mprotect: 226,
      munmap: 215,
      mremap: 216,
      brk: 214,
      pkey_mprotect: 288,
      membarrier: 283,
      epoll_pwait: 22,
      epoll_ctl: 21,
      close: 57,
      nanosleep: 101,
      restart_syscall: 128,
      gettimeofday: 169,
      getrandom: 278,
      getrusage: 165,
      getcpu: 168,
      getpid: 172,
      gettid: 178,
      getppid: 173,
      rt_sigprocmask: 135,
      rt_sigreturn: 139,
      sigaltstack: 132,
      rseq: 293,
      set_robust_list: 99,
      sched_yield: 124,
      sched_getaffinity: 123,
      sched_getscheduler: 120,
      sched_getparam: 121,
      exit: 93,
      exit_group: 94,
    },
  },
};

/** Instructions of the kernel's classic packet filter, see bpf(2) and <linux/filter.h>: load a word, compare, test bits, return. */
const code = { load: 0x20, equal: 0x15, atLeast: 0x35, anyBit: 0x45, end: 0x06 } as const;

/** What a filter ends with, of <linux/seccomp.h>; the number of an error stands in the lower bits. */
const verdict = {
  allow: 0x7fff0000,
  kill: 0x80000000,
  notPermitted: 0x00050001,
  notThere: 0x00050026,
  notOpen: 0x00050009,
} as const;

/** Where `struct seccomp_data` has the number of the call, the processor's family and the lower half of each argument, in bytes. */
const place = { number: 0, family: 4, argument: (index: number) => 16 + 8 * index } as const;

const MAP_ANONYMOUS = 0x20;
/** MAP_SHARED and MAP_HUGETLB: memory that a process can have and that does not count as its own. */
const MAP_UNCOUNTED = 0x40001;
/** From here on a clock is that of a process, by its number. */
const CLOCK_OF_PROCESS = 0x80000000;
const PR_SET_NAME = 15;
const SIGABRT = 6;
const SIGSEGV = 11;
/** What glibc and musl start a thread of the same process with. */
const threadFlags = [0x3d0f00, 0x7d0f00];
/** MADV_NORMAL, DONTNEED, FREE, DONTFORK and DONTDUMP: none by which the kernel holds memory for a process that does not count as its own. */
const advices = [0, 4, 8, 10, 16];

/** One instruction: with `then` and `otherwise` it skips as many of those that follow. */
function instruction(operation: number, operand: number, then = 0, otherwise = 0): bigint {
  return BigInt(operation) | (BigInt(then) << 16n) | (BigInt(otherwise) << 24n) | (BigInt(operand >>> 0) << 32n);
}

const end = (how: number) => instruction(code.end, how);
const load = (at: number) => instruction(code.load, at);
/** Goes on only where it holds; elsewhere the next but `skipped` instructions. */
const onlyIf = (operation: number, operand: number, skipped: number) => instruction(operation, operand, 0, skipped);

/** `body` for the one call of this number; it ends in every case. */
const call = (number: number, ...body: readonly bigint[]) => [onlyIf(code.equal, number, body.length), ...body];

/**
 * The filter of a runner's system calls for a process of this number, as the kernel takes it: one 64-bit word an instruction. What is not listed
 * is not permitted (EPERM): no file, no socket, no other process, no program, no signal but SIGABRT and SIGSEGV to itself, no clock of another, and no memory but what counts as its own.
 */
function systemCallFilter(family: Family, pid: number): BigUint64Array<ArrayBuffer> {
  const allow = end(verdict.allow);
  const refuse = end(verdict.notPermitted);
  /** Allows a call of which this argument is one of the values. */
  const among = (argument: number, values: readonly number[]) => [
    load(place.argument(argument)),
    ...values.map((value, index) => instruction(code.equal, value, values.length - index)),
    refuse,
    allow,
  ];
  const program = [
    load(place.family),
    instruction(code.equal, family.audit, 1),
    end(verdict.kill),
    load(place.number),
    ...(family.foreign === undefined ? [] : [onlyIf(code.atLeast, family.foreign, 1), refuse]),
    ...Object.values(family.allowed).flatMap((number) => call(number, allow)),
    ...call(
      family.mmap,
      load(place.argument(3)),
      instruction(code.anyBit, MAP_UNCOUNTED, 2),
      onlyIf(code.anyBit, MAP_ANONYMOUS, 1),
      allow,
      refuse,
    ),
    ...[family.clock_gettime, family.clock_getres, family.clock_nanosleep].flatMap((number) =>
      call(number, load(place.argument(0)), onlyIf(code.atLeast, CLOCK_OF_PROCESS, 1), refuse, allow),
    ),
    ...call(family.clone, ...among(0, threadFlags)),
    ...call(family.madvise, ...among(2, advices)),
    // Its flags lie in memory, where a filter cannot look: the C library falls back on `clone`.
    ...call(family.clone3, end(verdict.notThere)),
    ...call(family.prctl, ...among(0, [PR_SET_NAME])),
    ...call(
      family.tgkill,
      load(place.argument(0)),
      instruction(code.equal, pid, 1),
      refuse,
      ...among(2, [SIGABRT, SIGSEGV]),
    ),
    // At a fault of memory Node gives the signal back to the kernel, so that the process ends by it, and looks for its first descriptors: by any other error it would end itself.
    ...call(family.rt_sigaction, ...among(0, [SIGSEGV])),
    ...[family.fstat, family.newfstatat].flatMap((number) => call(number, end(verdict.notOpen))),
    refuse,
  ];
  return BigUint64Array.from(program);
}

const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_SET_MODE_FILTER = 1n;
/** TSYNC: for all threads. SPEC_ALLOW: without slowing the processor's guesses down, which kernels before 5.16 do for filtered processes; side channels are not this filter's. */
const FOR_ALL_THREADS = 0b101n;
const SIG_DFL = 0n;
const POLLIN = 1;
/** Node ends itself anew by these once it has been sent them, which the filter would not let it. */
const ENDING_SIGNALS = [2, 15];

/**
 * Has the kernel filter the system calls of all threads of this process from now on: by seccomp(2), which needs no rights. For good: nothing that
 * runs here gets it off, machine code neither. False where there is none: not on Linux, on another processor, in a Node without
 * `node:ffi` or the permission for it, in one whose event loops are others, or where the kernel has no such filter.
 */
export async function filterSystemCalls(): Promise<boolean> {
  const family = process.platform === 'linux' ? families[process.arch] : undefined;
  const ffi = process.getBuiltinModule('node:ffi');
  if (family === undefined || ffi === undefined) return false;
  const library = libraryOfC(ffi);
  if (library === undefined) return false;
  const { lib, functions } = library;
  try {
    const turned = await firstTurns((descriptors) => {
      // `struct pollfd`: the descriptor in 32 bits, what is asked in 16 and what is answered in 16.
      const polled = Int32Array.from(descriptors.flatMap((descriptor) => [descriptor, POLLIN]));
      functions.poll(ffi.getRawPointer(polled), BigInt(descriptors.length), 0);
      return descriptors.filter((_, index) => ((polled[2 * index + 1] ?? 0) >> 16) & POLLIN);
    });
    if (!turned) return false;
    for (const signal of ENDING_SIGNALS) functions.signal(signal, SIG_DFL);
    functions.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n);
    const filter = systemCallFilter(family, process.pid);
    // `struct sock_fprog`: how many instructions there are, and where.
    const program = BigUint64Array.of(BigInt(filter.length), ffi.getRawPointer(filter));
    const { seccomp } = family;
    return (
      functions.syscall(BigInt(seccomp), SECCOMP_SET_MODE_FILTER, FOR_ALL_THREADS, ffi.getRawPointer(program)) === 0n
    );
  } finally {
    lib.close();
  }
}

/** Of this process itself; nothing in a Node that is linked so that it does not show what it has. */
function libraryOfC(ffi: typeof import('node:ffi')) {
  try {
    return ffi.dlopen(null, {
      poll: { arguments: ['pointer', 'uint64', 'int32'], return: 'int32' },
      signal: { arguments: ['int32', 'pointer'], return: 'pointer' },
      prctl: { arguments: ['int32', 'uint64', 'uint64', 'uint64', 'uint64'], return: 'int32' },
      syscall: { arguments: ['int64', 'int64', 'int64', 'pointer'], return: 'int64' },
    });
  } catch {
    return undefined;
  }
}
