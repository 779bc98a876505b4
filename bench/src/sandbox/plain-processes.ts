import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { PlainWork } from './plain-work.ts';

/** Plain Node processes that do the work of runners, without a sandbox about them: what two runners can come to at most. */
export class PlainProcesses {
  readonly #children: readonly ChildProcess[];

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

  /** Shares these programs out to the processes; what came of each, in their order. */
  async run(kind: PlainWork['kind'], weights: readonly number[]): Promise<readonly number[]> {
    const count = this.#children.length;
    const shares = await Promise.all(
      this.#children.map(async (child, place) => {
        child.send({ kind, weights: weights.filter((_, index) => index % count === place) } satisfies PlainWork);
        const [results]: (readonly number[])[] = await once(child, 'message');
        return results ?? [];
      }),
    );
    return weights.map((_, index) => shares[index % count]?.[Math.floor(index / count)] ?? Number.NaN);
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
