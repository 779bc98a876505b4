/** Why something is not taken into a queue: it is full, or its tenant has filled its share of it. */
export type NoRoom = 'queue' | 'share';

/**
 * What waits, by tenant. Tenants take turns, whatever each has waiting and whenever it came; among those of one tenant, the first
 * comes first. A tenant may have a share of the queue, so that there is always room for another's.
 */
export class FairQueue<T> {
  readonly #most: number;
  readonly #share: number;
  /** Tenants in the order of their turns; none is empty. */
  readonly #waiting = new Map<string, T[]>();
  #length = 0;
  #served: string | undefined;

  /** `most` may wait, `share` of them for one tenant. */
  constructor(most: number, share: number) {
    this.#most = most;
    this.#share = share;
  }

  get length(): number {
    return this.#length;
  }

  waitingFor(tenant: string): number {
    return this.#waiting.get(tenant)?.length ?? 0;
  }

  /** Nothing where it is taken, else why it is not. */
  push(tenant: string, item: T): NoRoom | undefined {
    if (this.#length >= this.#most) return 'queue';
    const own = this.#waiting.get(tenant);
    if (this.waitingFor(tenant) >= this.#share) return 'share';
    if (own === undefined) this.#waiting.set(tenant, [item]);
    else own.push(item);
    this.#length += 1;
    return undefined;
  }

  /** Takes the next one out: another tenant's than the last, where there is one. */
  shift(): T | undefined {
    const tenants = [...this.#waiting.keys()];
    const tenant = tenants.find((each) => each !== this.#served) ?? tenants[0];
    const own = tenant === undefined ? undefined : this.#waiting.get(tenant);
    const item = own?.shift();
    if (tenant === undefined || own === undefined || item === undefined) return undefined;
    this.#served = tenant;
    this.#length -= 1;
    // To the end of the turns.
    this.#waiting.delete(tenant);
    if (own.length > 0) this.#waiting.set(tenant, own);
    return item;
  }

  remove(tenant: string, item: T): void {
    const left = (this.#waiting.get(tenant) ?? []).filter((other) => other !== item);
    this.#length -= this.waitingFor(tenant) - left.length;
    if (left.length > 0) this.#waiting.set(tenant, left);
    else this.#waiting.delete(tenant);
  }

  /** Takes all of them out. */
  drain(): readonly T[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#length = 0;
    return all;
  }
}
