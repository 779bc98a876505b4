import { Ranges } from '../check/ranges.ts';
import { Refutation } from '../check/refutation.ts';
import type { Node } from '../ir/node.ts';
import { isWithin } from '../ir/reachable.ts';

/** Tells of loops that they are over whatever the fields hold: `i < Math.min(count, 10)` is false from 10 on. */
export class LoopEnds {
  readonly #ranges = new Ranges(null, new Map());
  /** A loop may ask the same in each of its turns. */
  readonly #over = new Map<Node, boolean>();
  readonly #most: number;
  readonly #look: (steps: number) => void;

  /** Looks at conditions of `most` nodes; `look` is called with the steps that a proof took. */
  constructor(most: number, look: (steps: number) => void) {
    this.#most = most;
    this.#look = look;
  }

  isOver(test: Node): boolean {
    const known = this.#over.get(test) ?? this.#isRefuted(test);
    this.#over.set(test, known);
    return known;
  }

  #isRefuted(test: Node): boolean {
    if (!isWithin([test], this.#most)) return false;
    const proof = new Refutation(this.#ranges, { has: () => true });
    const may = proof.mayHold(test, true);
    this.#look(proof.steps);
    return !may;
  }
}
