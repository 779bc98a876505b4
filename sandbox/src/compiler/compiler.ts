import { createHash } from 'node:crypto';
import type { ExportTarget } from '@rewardsmith/contracts';
import type { ParitySteps } from '@rewardsmith/language';
import { LRUCache } from 'lru-cache';
import { ProgramTooCostly } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Given, Gives, Job, JobKind, ProgramFamily } from './jobs.ts';
import type { Compiled, ProgramText } from './program.ts';
import { type Asker, SupervisedThread } from './supervised-thread.ts';

/** What all tenants' compilers share: a thread for small programs, one for the others, and what is compiled already. */
export class Compilers {
  readonly quick: SupervisedThread;
  readonly thread: SupervisedThread;
  readonly known = new LRUCache<string, Compiled>({
    maxSize: limits.compiledCharacters,
    sizeCalculation: charactersOf,
  });

  /**
   * `milliseconds` of processor time for each program that is not small; `queued` requests may wait for the thread that those go to. `quickMilliseconds`
   * for one that is.
   */
  constructor(milliseconds: number, queued: number, quickMilliseconds: number = limits.compileQuickMilliseconds) {
    this.quick = new SupervisedThread(quickMilliseconds, limits.compileQuickQueued, false);
    this.thread = new SupervisedThread(milliseconds, queued);
  }

  for(asker: Asker): Compiler {
    return new Compiler(this, asker);
  }

  async close(): Promise<void> {
    await Promise.all([this.quick.close(), this.thread.close()]);
  }
}

/**
 * Compiles programs for one who asks, none of them on the service's own thread: a usual one in milliseconds, on a thread to which nothing else comes, and
 * what would take longer on another. Each is ended at its limit. Rejects with `SandboxOverloaded`, `SandboxClosed` and the signal's reason.
 */
export class Compiler {
  readonly #shared: Pick<Compilers, 'quick' | 'thread' | 'known'>;
  readonly #asker: Asker;

  constructor(shared: Pick<Compilers, 'quick' | 'thread' | 'known'>, asker: Asker) {
    this.#shared = shared;
    this.#asker = asker;
  }

  /** A program that takes too long is refused with the finding `compile-timeout`. */
  async compile(text: ProgramText): Promise<Compiled> {
    const key = keyOf(text);
    const known = this.#shared.known.get(key);
    if (known !== undefined) return known;
    const quick = await this.#quickly(text);
    if (quick !== undefined) return this.#kept(key, quick);
    const end = await this.#shared.thread.run<'compile'>({ kind: 'compile', text: plain(text) }, this.#asker);
    // What took too long may do so on one day and not on another: it is not kept.
    return end.ok ? this.#kept(key, end.value) : { ok: false, findings: [end.finding] };
  }

  /** The program's text in a form that a trainer runs. Rejects with `ProgramTooCostly`, as the two that follow do. */
  emit(text: ProgramText, target: ExportTarget): Promise<string> {
    return this.#ask('emit', text, { target });
  }

  /** Steps that go every way of the program; the same for the same seed. */
  paritySteps(text: ProgramText, seed: number): Promise<ParitySteps> {
    return this.#ask('paritySteps', text, { seed });
  }

  /** The text of the program's parity file. */
  parityFile(text: ProgramText, given: Given<'parityFile'>): Promise<string> {
    return this.#ask('parityFile', text, given);
  }

  /** The program with its numbers lifted, `most` at most; nothing where it has none, or is too much for it. */
  async family(text: ProgramText, most: number): Promise<ProgramFamily | undefined> {
    const end = await this.#shared.thread.run<'family'>({ kind: 'family', text: plain(text), most }, this.#asker);
    return end.ok ? end.value : undefined;
  }

  /** Its text with other numbers in its `params`; nothing where it has no such entry, or is too much for it. */
  async renumbered(text: ProgramText, numbers: ReadonlyMap<string, number>): Promise<string | undefined> {
    const job: Job<'renumbered'> = { kind: 'renumbered', text: plain(text), numbers };
    const end = await this.#shared.thread.run<'renumbered'>(job, this.#asker);
    return end.ok ? end.value : undefined;
  }

  /** Nothing of a program that is not small, or that shows so only at the end of that thread's time or memory. */
  async #quickly(text: ProgramText): Promise<Compiled | undefined> {
    if (text.source.length > limits.compileQuick.sourceLength) return undefined;
    const end = await this.#shared.quick.run<'quick'>({ kind: 'quick', text: plain(text) }, this.#asker);
    return end.ok ? end.value : undefined;
  }

  #kept(key: string, compiled: Compiled): Compiled {
    this.#shared.known.set(key, compiled);
    return compiled;
  }

  async #ask<K extends JobKind>(kind: K, text: ProgramText, given: Given<K>): Promise<Gives<K>> {
    const job: Job<K> = { kind, text: plain(text), ...given };
    const end = await this.#shared.thread.run(job, this.#asker);
    if (end.ok) return end.value;
    throw new ProgramTooCostly(end.finding);
  }
}

/** Without what a caller's own object has beside it. */
function plain({ source, environment, entry = 'reward' }: ProgramText): ProgramText {
  return { source, environment, entry };
}

function keyOf({ source, environment, entry = 'reward' }: ProgramText): string {
  return createHash('sha256')
    .update(JSON.stringify([entry, source, environment]))
    .digest('base64');
}

function charactersOf(compiled: Compiled): number {
  const findings = compiled.findings.reduce((sum, { message, advice }) => sum + message.length + advice.length, 0);
  return 1 + findings + (compiled.ok ? compiled.program.source.length + compiled.program.kernel.source.length : 0);
}
