import { search } from './limits.ts';

/** Share of the newest generation in the running average of median returns. */
const SMOOTHING = 0.2;

/** Notices when the generations' median return has stopped to rise. */
export class Stagnation {
  #average: number | undefined;
  #best = Number.NEGATIVE_INFINITY;
  #generations = 0;

  /** Whether `patience` generations have passed without a better average of median returns. */
  observe(values: Float64Array): boolean {
    const sorted = values.toSorted();
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NEGATIVE_INFINITY;
    if (Number.isFinite(median)) {
      this.#average = this.#average === undefined ? median : this.#average + SMOOTHING * (median - this.#average);
    }
    if (this.#average !== undefined && this.#average > this.#best) {
      this.#best = this.#average;
      this.#generations = 0;
    } else {
      this.#generations += 1;
    }
    return this.#generations >= search.patience;
  }
}
