import { Rollout } from '@rewardsmith/rollouts';
import type { RecordMessage } from '../channel/messages.ts';

/** A rollout over memory that isolates see, and the bytes it had when it came. */
interface Recorded {
  readonly rollout: Rollout;
  readonly pristine: Buffer;
}

/**
 * The recorded rollouts of this runner, shared by every candidate that is labelled on them. Candidates are handed
 * views that they could write to; `restore` undoes what one wrote before the next one looks.
 */
export class RecordedRollouts {
  readonly #rollouts = new Map<string, Recorded>();

  record({ key, environment, columns, episodeOffsets }: RecordMessage): void {
    const steps = columns[0]?.length ?? 0;
    const rollout = Rollout.allocate(environment, { steps, episodes: episodeOffsets.length - 1 });
    rollout.columns.forEach((column, index) => {
      column.set(columns[index] ?? []);
    });
    rollout.episodeOffsets.set(episodeOffsets);
    rollout.steps = steps;
    rollout.episodes = episodeOffsets.length - 1;
    const pristine = Buffer.alloc(rollout.buffer.byteLength);
    pristine.set(new Uint8Array(rollout.buffer));
    this.#rollouts.set(key, { rollout, pristine });
  }

  forget(key: string): void {
    this.#rollouts.delete(key);
  }

  rollout(key: string): Rollout {
    return this.#get(key).rollout;
  }

  /** Puts the rollout back as it came when a candidate has written to it. */
  restore(key: string): void {
    const { rollout, pristine } = this.#get(key);
    const shared = Buffer.from(rollout.buffer);
    if (pristine.compare(shared) !== 0) pristine.copy(shared);
  }

  #get(key: string): Recorded {
    const recorded = this.#rollouts.get(key);
    if (recorded === undefined) throw new Error(`rollout ${key} is not in this runner`);
    return recorded;
  }
}
