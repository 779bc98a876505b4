import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const entry = join(import.meta.dirname, '../src/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The real command line in a process of its own, its output a pipe. */
export class Command {
  out = '';
  error = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #told: () => void = () => undefined;

  constructor(args: readonly string[], cwd = tmpdir(), variables: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [entry, ...args], {
      cwd,
      // A build server's environment asks for colours (CI, FORCE_COLOR): what is said is tested, not how it shines.
      env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
      this.#told();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.error += text;
      this.#told();
    });
    this.#ended = once(this.#child, 'close');
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    return { code: this.#child.exitCode, out: this.out, error: this.error };
  }

  /** Resolves with the match once either output holds the pattern; rejects when the command ends without it. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const over = this.#ended.then(() => true);
    for (;;) {
      const found = pattern.exec(this.out) ?? pattern.exec(this.error);
      if (found !== null) return found;
      const news = new Promise<false>((resolve) => {
        this.#told = () => resolve(false);
      });
      if (await Promise.race([news, over])) throw new Error(`never said ${pattern}: ${this.out}${this.error}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

export function run(...args: readonly string[]): Promise<Ended> {
  return new Command(args).ended();
}

/** A directory for the tests of one file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
