import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * How a process stands: it runs, as far as is known; its leading thread has ended alone, the others go on, and what they hold can no longer be
 * read; or it ends, by itself or by a signal, and nothing of it runs on.
 */
export type Standing = 'runs' | 'leaderless' | 'ends';

/** What a process uses; nothing where that cannot be read just now. */
export interface UsageReader {
  /** Where there is `/proc`, with what the kernel keeps to find its pages by, and what of them it has swapped out. */
  residentBytes(): number | undefined;
  /** Of all its threads. */
  cpuMilliseconds(): number | undefined;
  /** How many it has. */
  threads(): number | undefined;
  standing(): Standing;
  close(): void;
}

/** Kernel defaults on every platform that Node supports Linux on; both are compiled into the ABI there. */
const TICK_MILLISECONDS = 1000 / Number(execSync('getconf', ['CLK_TCK']) ?? 100);

function execSync(file: string, given: readonly string[]): string | undefined {
  try {
    return execFileSync(file, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

/** Reads /proc where there is one, else asks `ps`, which takes milliseconds in place of microseconds. */
export function readUsage(pid: number): UsageReader {
  return existsSync('/proc/self/status') ? new ProcReader(pid) : new PsReader(pid);
}

/** Places in `/proc/PID/stat`, counted from its third field. */
const FLAGS = 6;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const THREADS = 17;
const EXIT_CODE = 49;
/** The kernel's flag of a thread that has begun to end. */
const EXITING = 0x4;

const { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } = constants.signals;
const stopSignals: readonly number[] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU];

const RESIDENT = /^VmRSS:\s*(\d+) kB$/m;
/** A process that touches one byte in each two megabytes has a page of tables for each page of memory, and its resident size tells of the latter alone. */
const TABLES = /^VmPTE:\s*(\d+) kB$/m;

/** Whoever runs machine code has the kernel swap its pages out (madvise(2)), where the machine has somewhere to. */
const SWAPPED = /^VmSwap:\s*(\d+) kB$/m;

/** Bytes, by the text of `/proc/PID/status`, see proc_pid_status(5); nothing of one without memory. */
export function memoryOf(status: string): number | undefined {
  const [resident, tables, swapped = 0] = [RESIDENT, TABLES, SWAPPED].map((line) => line.exec(status)?.[1]);
  if (resident === undefined || tables === undefined) return undefined;
  return 1024 * (Number(resident) + Number(tables) + Number(swapped));
}

class ProcReader implements UsageReader {
  readonly #status: ProcFile;
  readonly #stat: ProcFile;

  constructor(pid: number) {
    this.#status = new ProcFile(`/proc/${pid}/status`);
    this.#stat = new ProcFile(`/proc/${pid}/stat`);
  }

  residentBytes(): number | undefined {
    return memoryOf(this.#status.read() ?? '');
  }

  cpuMilliseconds(): number | undefined {
    const numbers = numbersOf(this.#stat.read());
    if (numbers === undefined) return undefined;
    return (Number(numbers[USER_TICKS]) + Number(numbers[SYSTEM_TICKS])) * TICK_MILLISECONDS;
  }

  threads(): number | undefined {
    const numbers = numbersOf(this.#stat.read());
    return numbers === undefined ? undefined : Number(numbers[THREADS]);
  }

  standing(): Standing {
    const text = this.#stat.read();
    if (text === '') return 'ends';
    const numbers = numbersOf(text);
    const exits = numbers !== undefined && (Number(numbers[FLAGS]) & EXITING) !== 0;
    if (!exits) return 'runs';
    // A signal that ends all of its threads is told here from the moment it does; one that stops them is, too.
    const signal = Number(numbers[EXIT_CODE]) & 0x7f;
    const isAlone = signal === 0 || stopSignals.includes(signal);
    return isAlone && Number(numbers[THREADS]) > 1 ? 'leaderless' : 'ends';
  }

  close(): void {
    this.#status.close();
    this.#stat.close();
  }
}

/** The fields of `/proc/PID/stat`, see proc_pid_stat(5), from the process's state on: before it stands a name, which may hold spaces. */
function numbersOf(text: string | undefined): string[] | undefined {
  return text === undefined || text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/**
 * A file that the kernel writes anew for each reading: empty once the process whose file was opened is gone, whoever has its number then;
 * nothing when it cannot be opened or read now.
 */
class ProcFile {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(16_384);
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#open();
  }

  read(): string | undefined {
    const descriptor = this.#open();
    if (descriptor === undefined) return undefined;
    try {
      return this.#buffer.toString('latin1', 0, readSync(descriptor, this.#buffer, 0, this.#buffer.length, 0));
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? '' : undefined;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  #open(): number | undefined {
    try {
      this.#descriptor ??= openSync(this.#path, 'r');
    } catch {
      // Tried again at the next reading.
    }
    return this.#descriptor;
  }
}

/** Milliseconds for `ps` to answer. */
const PATIENCE = 1_000;

/** Exported for its test alone: where there is `/proc`, `readUsage` takes that. */
export class PsReader implements UsageReader {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  residentBytes(): number | undefined {
    const kilobytes = Number(this.#ask('rss') ?? Number.NaN);
    return Number.isFinite(kilobytes) ? kilobytes * 1024 : undefined;
  }

  cpuMilliseconds(): number | undefined {
    // [[dd-]hh:]mm:ss[.ff]
    const parts = this.#ask('time')?.split(/[-:]/).map(Number).reverse();
    if (parts === undefined || !parts.every(Number.isFinite)) return undefined;
    const [seconds = 0, minutes = 0, hours = 0, days = 0] = parts;
    return 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
  }

  /** `ps` has no name for them that all systems know. */
  threads(): undefined {
    return undefined;
  }

  standing(): Standing {
    if (this.#ask('stat')?.startsWith('Z')) return 'ends';
    try {
      process.kill(this.#pid, 0);
      return 'runs';
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? 'ends' : 'runs';
    }
  }

  close(): void {}

  #ask(column: string): string | undefined {
    const { status, stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(this.#pid)], {
      encoding: 'utf8',
      timeout: PATIENCE,
    });
    return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
  }
}
