import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Plain Node processes that do the work of runners, without a sandbox about them: what two runners can come to at most. */
export class PlainProcesses {
  readonly #children: readonly ChildProcess[];
  #asked = 0;

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  static async start(count: number): Promise<PlainProcesses> {
    // With the engine's flags of a runner, not of this process.
    const execArgv = ['--no-node-snapshot'];
    const children = Array.from({ length: count }, () =>
      fork(new URL('./plain-loop.ts', import.meta.url), { execArgv }),
    );
    await Promise.all(children.map((child) => once(child, 'message')));
    return new PlainProcesses(children);
  }

  /** So many programs, each of another weight, shared out to the processes. */
  async measure(programs: number): Promise<void> {
    const weights = Array.from({ length: programs }, () => (this.#asked += 1));
    await Promise.all(
      this.#children.map(async (child, place) => {
        child.send(weights.filter((_, index) => index % this.#children.length === place));
        await once(child, 'message');
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        child.disconnect();
        await once(child, 'exit');
      }),
    );
  }
}
