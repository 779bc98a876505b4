import type { ColumnReference } from '@rewardsmith/contracts';
import { Rollout } from '@rewardsmith/rollouts';
import type { RecordMessage } from '../channel/messages.ts';
import { discard } from './tidy.ts';

/** A rollout over memory that isolates see, and the bytes it had when it came. */
interface Recorded {
  readonly rollout: Rollout;
  readonly shared: Buffer;
  readonly pristine: Buffer;
  /** The episodes as they came: no candidate has a view of these. */
  readonly episodeOffsets: Uint32Array;
}

/**
 * The recorded rollouts of this runner, shared by every candidate that is labelled on them. Candidates are handed
 * views that they could write to; `restore` undoes what one wrote before the next one looks.
 */
export class RecordedRollouts {
  readonly #rollouts = new Map<string, Recorded>();

  /** `fill` puts the rollout's bytes into memory that it is given. */
  record({ key, environment, steps, episodes }: RecordMessage, fill: (memory: Uint8Array) => void): void {
    const rollout = Rollout.allocate(environment, { steps, episodes });
    rollout.steps = steps;
    rollout.episodes = episodes;
    const shared = Buffer.from(rollout.buffer);
    fill(shared);
    const pristine = Buffer.from(shared);
    const { byteOffset, length } = rollout.episodeOffsets;
    const episodeOffsets = new Uint32Array(pristine.buffer, pristine.byteOffset + byteOffset, length);
    this.#rollouts.set(key, { rollout, shared, pristine, episodeOffsets });
  }

  forget(key: string): void {
    discard(2 * this.#get(key).pristine.length);
    this.#rollouts.delete(key);
  }

  rollout(key: string): Rollout {
    return this.#get(key).rollout;
  }

  /** Where its episodes begin and end, whatever a candidate has made of what it was handed. */
  episodeOffsets(key: string): Uint32Array {
    return this.#get(key).episodeOffsets;
  }

  /** Puts back what a candidate has written to. It was handed views of some columns and of the offsets, and no others. */
  restore(key: string, handed: readonly ColumnReference[]): void {
    const { rollout, shared, pristine } = this.#get(key);
    for (const { byteOffset, byteLength } of [
      ...handed.map((column) => rollout.column(column)),
      rollout.episodeOffsets,
    ]) {
      const end = byteOffset + byteLength;
      if (pristine.compare(shared, byteOffset, end, byteOffset, end) !== 0)
        pristine.copy(shared, byteOffset, byteOffset, end);
    }
  }

  #get(key: string): Recorded {
    const recorded = this.#rollouts.get(key);
    if (recorded === undefined) throw new Error(`rollout ${key} is not in this runner`);
    return recorded;
  }
}
