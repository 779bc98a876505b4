import { KEPT_OUTPUTS } from '../channel/outputs.ts';

/** The memory that a runner keeps for labels, and what else the service has it set aside, as its supervisor reckons it: nobody asks the runner. */
export class KeptOutputs {
  /** Of the sizes used last. */
  #kept: readonly number[] = [];
  /** Given up after the last run, and perhaps not collected yet. */
  #givenUp = 0;

  get bytes(): number {
    return sum(this.#kept) + this.#givenUp;
  }

  /** The next run makes labels of so many bytes; returns what there is of labels meanwhile. */
  take(bytes: number): number {
    const others = this.#kept.filter((other) => other !== bytes);
    const meanwhile = bytes + sum(others) + this.#givenUp;
    this.#kept = [bytes, ...others.slice(0, KEPT_OUTPUTS - 1)];
    this.#givenUp = sum(others.slice(KEPT_OUTPUTS - 1));
    return meanwhile;
  }

  /** The run that has taken its labels leaves so many bytes of the service's behind as well, until the next one. */
  leave(bytes: number): void {
    this.#givenUp += bytes;
  }

  /** After a training none is kept. */
  drop(): void {
    this.#givenUp = this.bytes;
    this.#kept = [];
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
