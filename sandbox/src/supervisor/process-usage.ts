import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Resident bytes and CPU milliseconds of a process, or nothing once it is gone. */
export interface UsageReader {
  residentBytes(): number | undefined;
  cpuMilliseconds(): number | undefined;
  close(): void;
}

/** Kernel defaults on every platform that Node supports Linux on; both are compiled into the ABI there. */
const PAGE_BYTES = Number(execSync('getconf', ['PAGESIZE']) ?? 4096);
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
  return existsSync('/proc/self/statm') ? new ProcReader(pid) : new PsReader(pid);
}

class ProcReader implements UsageReader {
  readonly #statm: ProcFile;
  readonly #stat: ProcFile;

  constructor(pid: number) {
    this.#statm = new ProcFile(`/proc/${pid}/statm`);
    this.#stat = new ProcFile(`/proc/${pid}/stat`);
  }

  residentBytes(): number | undefined {
    const pages = this.#statm.read()?.split(' ')[1];
    return pages === undefined || pages === '0' ? undefined : Number(pages) * PAGE_BYTES;
  }

  cpuMilliseconds(): number | undefined {
    // Fields 14 and 15, counted after the program's name, which may hold spaces.
    const text = this.#stat.read();
    const rest = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    if (rest === undefined) return undefined;
    return (Number(rest[11]) + Number(rest[12])) * TICK_MILLISECONDS;
  }

  close(): void {
    this.#statm.close();
    this.#stat.close();
  }
}

/** A file that the kernel writes anew for each reading; one that cannot be opened is tried again at the next. */
class ProcFile {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(512);
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = open(path);
  }

  read(): string | undefined {
    this.#descriptor ??= open(this.#path);
    if (this.#descriptor === undefined) return undefined;
    try {
      return this.#buffer.toString('latin1', 0, readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0));
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

class PsReader implements UsageReader {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  residentBytes(): number | undefined {
    const kilobytes = this.#ask('rss');
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  }

  cpuMilliseconds(): number | undefined {
    // [[dd-]hh:]mm:ss[.ff]
    const parts = this.#ask('time')?.split(/[-:]/).map(Number).reverse();
    if (parts === undefined) return undefined;
    const [seconds = 0, minutes = 0, hours = 0, days = 0] = parts;
    return 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
  }

  close(): void {}

  #ask(column: string): string | undefined {
    return execSync('ps', ['-o', `${column}=`, '-p', String(this.#pid)])?.trim() || undefined;
  }
}
