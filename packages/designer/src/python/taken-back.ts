/** What names stand for, each change of which can be taken back: to copy all of them for every function and every list would take far longer. */
export class TakenBack<T extends {}> {
  readonly #held = new Map<string, T>();
  /** What each changed name held before, first change to last. */
  readonly #before: (readonly [string, T | undefined])[] = [];

  get(name: string): T | undefined {
    return this.#held.get(name);
  }

  has(name: string): boolean {
    return this.#held.has(name);
  }

  set(name: string, value: T): void {
    this.#before.push([name, this.#held.get(name)]);
    this.#held.set(name, value);
  }

  /** Does some work, after which every name holds what it held before. */
  within<R>(work: () => R): R {
    const kept = this.#before.length;
    try {
      return work();
    } finally {
      for (const [name, value] of this.#before.splice(kept).toReversed()) {
        if (value === undefined) this.#held.delete(name);
        else this.#held.set(name, value);
      }
    }
  }
}
